#include "service/admin/report.hpp"

#include "core/statistics/attribution.hpp"
#include "core/statistics/experiment.hpp"
#include "recoup/domain/decision.hpp"

#include <array>
#include <map>
#include <tuple>

namespace recoup::service {
namespace {

using MoneyByCurrency = std::map<std::string, std::int64_t>;

ApiJson money_list(MoneyByCurrency const& sums) {
    ApiJson list = ApiJson::array();
    for (auto const& [currency, minor] : sums) list.push_back(money_json({minor, currency}));
    return list;
}

ApiJson abandoned_json(ReportRows const& rows) {
    std::int64_t carts = 0;
    MoneyByCurrency value;
    for (auto const& part : rows.abandoned) {
        carts += part.carts;
        if (!part.currency.empty()) value[part.currency] += part.value_minor;
    }
    return {{"carts", carts}, {"value", money_list(value)}};
}

ApiJson reason_json(std::string const& text, std::int64_t count) {
    auto const reason = reason_from(text);
    return {{"reason", text},
            {"count", count},
            {"healthy", reason ? reason_is_healthy(*reason) : false},
            {"meaning", reason ? std::string(sentence(*reason)) : std::string{}}};
}

ApiJson enrollments_json(ReportRows const& rows) {
    std::int64_t opened = 0, treated = 0, holdout = 0;
    std::map<std::string, std::pair<std::int64_t, std::int64_t>> by_reason;
    for (auto const& part : rows.opened) {
        auto& counts = by_reason[part.reason];
        bool const held = part.arm == "holdout";
        (held ? counts.second : counts.first) += part.count;
        (held ? holdout : treated) += part.count;
        opened += part.count;
    }
    ApiJson reasons = ApiJson::array(), ended = ApiJson::array();
    for (auto const& [reason, counts] : by_reason)
        reasons.push_back({{"reason", reason}, {"treated", counts.first}, {"holdout", counts.second}});
    for (auto const& part : rows.ended) ended.push_back(reason_json(part.reason, part.count));
    return {{"opened", opened}, {"treated", treated}, {"holdout", holdout}, {"by_reason", reasons}, {"ended", ended}};
}

ApiJson messages_json(ReportRows const& rows) {
    std::int64_t sent = 0;
    ApiJson steps = ApiJson::array();
    for (auto const& part : rows.messages) {
        sent += part.sent;
        steps.push_back({{"sequence", part.sequence},
                         {"step", part.step + 1},
                         {"step_name", part.step_name},
                         {"channel", part.channel},
                         {"sent", part.sent},
                         {"sending", part.sending},
                         {"retry", part.retry},
                         {"rejected", part.rejected},
                         {"unknown", part.unknown},
                         {"clicked", part.clicked}});
    }
    return {{"sent", sent}, {"by_step", steps}};
}

ApiJson silences_json(ReportRows const& rows) {
    ApiJson list = ApiJson::array();
    for (auto const& part : rows.silences) list.push_back(reason_json(part.reason, part.count));
    return list;
}

struct StepCredit {
    std::int64_t orders = 0, clicked = 0;
    MoneyByCurrency revenue;
};
using StepKey = std::tuple<std::string, int, std::string, std::string>;   // sequence, step, name, channel

class Credits {
public:
    explicit Credits(Millis window) : window_(window) {}

    /// All touches of one order.
    void add_order(std::span<ReportRows::Touch const> touches) {
        std::vector<core::TouchTimes> times;
        for (auto const& touch : touches) times.push_back({touch.sent_at, touch.clicked_at});
        auto const credit = core::credit_order(touches.front().placed_at, times, window_);
        if (!credit) return;
        auto const& touch = touches[credit->touch];
        auto& step = steps_[{touch.sequence, touch.step, touch.step_name, touch.channel}];
        ++step.orders;
        ++orders_;
        step.clicked += credit->clicked;
        step.revenue[touch.currency] += touch.net_minor;
        revenue_[touch.currency] += touch.net_minor;
    }

    ApiJson json() const {
        ApiJson steps = ApiJson::array();
        for (auto const& [key, credit] : steps_) {
            auto const& [sequence, step, step_name, channel] = key;
            steps.push_back({{"sequence", sequence},
                             {"step", step + 1},
                             {"step_name", step_name},
                             {"channel", channel},
                             {"orders", credit.orders},
                             {"after_click", credit.clicked},
                             {"revenue", money_list(credit.revenue)}});
        }
        return {{"orders", orders_}, {"revenue", money_list(revenue_)}, {"by_step", steps}};
    }

private:
    Millis window_;
    std::int64_t orders_ = 0;
    MoneyByCurrency revenue_;
    std::map<StepKey, StepCredit> steps_;
};

ApiJson recovered_json(ReportRows const& rows, Millis window) {
    Credits credits(window);
    std::span<ReportRows::Touch const> rest(rows.touches);
    while (!rest.empty()) {
        std::size_t same = 1;
        while (same < rest.size() && rest[same].order_id == rest.front().order_id) ++same;
        credits.add_order(rest.first(same));
        rest = rest.subspan(same);
    }
    return credits.json();
}

ApiJson interval_json(core::Interval const& interval) { return ApiJson::array({interval.low, interval.high}); }

ApiJson arm_json(core::Count count, core::Interval const& interval) {
    return {{"people", count.total},
            {"ordered", count.hits},
            {"rate", count.total > 0 ? ApiJson(count.rate()) : ApiJson(nullptr)},
            {"interval", interval_json(interval)}};
}

core::Experiment experiment_of(ReportRows const& rows, double holdout_share, bool with_mixed) {
    core::Experiment experiment{{}, {}, holdout_share};
    for (auto const& arm : rows.arms) {
        if (arm.mixed && !with_mixed) continue;
        auto& count = arm.arm == "holdout" ? experiment.holdout : experiment.treated;
        count.hits += arm.ordered;
        count.total += arm.people;
    }
    return experiment;
}

ApiJson difference_json(core::Experiment const& experiment, core::Reading const& reading) {
    bool const both = experiment.treated.total > 0 && experiment.holdout.total > 0;
    return {{"value", both ? ApiJson(reading.difference) : ApiJson(nullptr)},
            {"interval", interval_json(reading.interval)},
            {"anytime_interval", interval_json(reading.anytime)}};
}

/// The same without those who were in both arms: when it says something else, the joining of persons disturbs the experiment.
ApiJson sensitivity_json(ReportRows const& rows, double holdout_share) {
    std::int64_t mixed = 0;
    for (auto const& arm : rows.arms) mixed += arm.mixed ? arm.people : 0;
    auto const without = experiment_of(rows, holdout_share, false);
    auto const reading = core::read_experiment(without);
    return {{"people_in_both_arms", mixed},
            {"difference", difference_json(without, reading)},
            {"conclusive", reading.conclusive}};
}

/// By tool; null-free, so that an empty list says that nothing was seen.
ApiJson other_mail_json(ReportRows const& rows) {
    std::map<std::string, std::array<std::int64_t, 3>> tools;   // treated, holdout, never enrolled
    for (auto const& part : rows.other_mail)
        tools[part.tool][part.arm == "treated" ? 0 : part.arm == "holdout" ? 1 : 2] += part.orders;
    ApiJson list = ApiJson::array();
    for (auto const& [tool, orders] : tools)
        list.push_back({{"tool", tool}, {"treated", orders[0]}, {"holdout", orders[1]}, {"never_enrolled", orders[2]}});
    return list;
}

ApiJson sales_json(ReportRows const& rows) {
    ApiJson list = ApiJson::array();
    for (auto const& sale : rows.sales)
        list.push_back({{"since", time_or_null(sale.since)}, {"until", time_or_null(sale.until)}, {"note", text_or_null(sale.note)}});
    return list;
}

/// What a reader of the numbers should know first.
ApiJson warnings_json(ReportRows const& rows) {
    ApiJson list = ApiJson::array();
    if (!rows.other_mail.empty())
        list.push_back("Orders came by the cart mail of another tool: people are mailed twice, and the control group is not left "
                       "alone. Switch it off there, or this off here.");
    if (!rows.sales.empty()) list.push_back("The shop had a sale in this period; what is measured here is not an ordinary time.");
    return list;
}

ApiJson experiment_json(ReportRows const& rows, double holdout_share) {
    auto const experiment = experiment_of(rows, holdout_share, true);
    auto const reading = core::read_experiment(experiment);
    ApiJson lift = nullptr;
    if (reading.lift.found) lift = {{"value", reading.lift.value}, {"interval", interval_json(reading.lift.interval)}};
    return {{"holdout_share", holdout_share},
            {"treated", arm_json(experiment.treated, reading.treated)},
            {"holdout", arm_json(experiment.holdout, reading.holdout)},
            {"difference", difference_json(experiment, reading)},
            {"lift", std::move(lift)},
            {"sample_ratio_p", reading.srm_p},
            {"sample_ratio_alarm", reading.srm_alarm},
            {"conclusive", reading.conclusive},
            {"carts_missing", reading.people_missing > 0 ? ApiJson(reading.people_missing) : ApiJson(nullptr)},
            {"verdict", reading.verdict},
            {"without_people_in_both_arms", sensitivity_json(rows, holdout_share)}};
}

}  // namespace

ApiJson report_json(ReportRows const& rows, ReportQuery const& query, MeasureSettings const& settings) {
    ApiJson attribution = {{"model", "last touch; a click wins over a send"},
                           {"window", to_duration_text(settings.attribution_window)},
                           {"revenue", "net of refunds, without cancelled and test orders and renewals"}};
    return {{"shop", query.shop_id},
            {"since", time_or_null(query.since)},
            {"until", time_or_null(query.until)},
            {"attribution", std::move(attribution)},
            {"abandoned", abandoned_json(rows)},
            {"enrollments", enrollments_json(rows)},
            {"messages", messages_json(rows)},
            {"silences", silences_json(rows)},
            {"recovered", recovered_json(rows, settings.attribution_window)},
            {"experiment", experiment_json(rows, settings.holdout_share)},
            {"other_mail", other_mail_json(rows)},
            {"sales", sales_json(rows)},
            {"warnings", warnings_json(rows)}};
}

}  // namespace recoup::service
