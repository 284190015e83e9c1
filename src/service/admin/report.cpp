#include "service/admin/report.hpp"

#include "core/statistics/attribution.hpp"
#include "core/statistics/experiment.hpp"
#include "recoup/domain/decision.hpp"

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

ApiJson experiment_json(ReportRows const& rows, double holdout_share) {
    core::Experiment experiment{{}, {}, holdout_share};
    for (auto const& arm : rows.arms)
        (arm.arm == "holdout" ? experiment.holdout : experiment.treated) = {arm.ordered, arm.people};
    auto const reading = core::read_experiment(experiment);
    bool const both = experiment.treated.total > 0 && experiment.holdout.total > 0;
    ApiJson lift = nullptr;
    if (reading.lift.found) lift = {{"value", reading.lift.value}, {"interval", interval_json(reading.lift.interval)}};
    return {{"holdout_share", holdout_share},
            {"treated", arm_json(experiment.treated, reading.treated)},
            {"holdout", arm_json(experiment.holdout, reading.holdout)},
            {"difference",
             {{"value", both ? ApiJson(reading.difference) : ApiJson(nullptr)},
              {"interval", interval_json(reading.interval)},
              {"anytime_interval", interval_json(reading.anytime)}}},
            {"lift", std::move(lift)},
            {"sample_ratio_p", reading.srm_p},
            {"sample_ratio_alarm", reading.srm_alarm},
            {"conclusive", reading.conclusive},
            {"carts_missing", reading.people_missing > 0 ? ApiJson(reading.people_missing) : ApiJson(nullptr)},
            {"verdict", reading.verdict}};
}

}  // namespace

ApiJson report_json(ReportRows const& rows, ReportQuery const& query, MeasureSettings const& settings) {
    ApiJson attribution = {{"model", "last touch; a click wins over a send"},
                           {"window", to_duration_text(settings.attribution_window)},
                           {"revenue", "net of refunds, without cancelled and test orders"}};
    return {{"shop", query.shop_id},
            {"since", time_or_null(query.since)},
            {"until", time_or_null(query.until)},
            {"attribution", std::move(attribution)},
            {"abandoned", abandoned_json(rows)},
            {"enrollments", enrollments_json(rows)},
            {"messages", messages_json(rows)},
            {"silences", silences_json(rows)},
            {"recovered", recovered_json(rows, settings.attribution_window)},
            {"experiment", experiment_json(rows, settings.holdout_share)}};
}

}  // namespace recoup::service
