#include "app/demo/report.hpp"

#include "app/demo/checks.hpp"

#include "recoup/domain/money.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <iomanip>
#include <ostream>

namespace recoup::demo {
namespace {

void count_messages(Report& report, Evidence const& evidence) {
    for (auto const& message : evidence.messages)
        if (message.sent_at != never) ++report.messages[{message.sequence + " " + message.step + " " + message.step_name, message.channel}];
}

void count_arms(Report& report, Plan const& plan, std::vector<Known> const& ledger, Evidence const& evidence) {
    auto const shoppers = shoppers_by_address(plan);
    for (auto const& enrollment : evidence.enrollments) {
        if (enrollment.trigger != "cart") continue;
        if (enrollment.reason == "predicted") ++report.predicted;
        auto const email = evidence.emails.find(enrollment.person_id);
        auto const found = email == evidence.emails.end() ? shoppers.end() : shoppers.find(email->second);
        bool const ordered = found != shoppers.end() && ledger[found->second].ordered != never;
        bool const held = enrollment.arm == "holdout";
        ++(held ? report.holdout : report.treated);
        if (ordered) ++(held ? report.holdout_ordered : report.treated_ordered);
    }
}

/// An order counts as recovered when a message of ours had reached the shopper before it was acknowledged.
void count_orders(Report& report, Plan const& plan, std::vector<Known> const& ledger, Evidence const& evidence) {
    auto const shoppers = shoppers_by_address(plan);
    std::vector<bool> reached(ledger.size(), false);
    for (auto const& message : evidence.messages) {
        auto const found = shoppers.find(message.to);
        if (found == shoppers.end() || message.sent_at == never) continue;
        if (message.sent_at <= ledger[found->second].ordered) reached[found->second] = true;
    }
    for (std::size_t i = 0; i < ledger.size(); ++i) {
        if (ledger[i].ordered == never) continue;
        auto const value = total_minor(plan.shoppers[i].basket);
        ++report.orders;
        report.orders_minor += value;
        if (!reached[i]) continue;
        ++report.recovered;
        report.recovered_minor += value;
    }
}

void line(std::ostream& out, std::string_view label, std::size_t count, std::string const& more = {}) {
    out << "  " << std::left << std::setw(34) << label << std::right << std::setw(7) << count;
    if (!more.empty()) out << "   " << more;
    out << '\n';
}

std::string usd(std::int64_t minor) { return to_text(Money{minor, "USD"}); }

std::string share(std::size_t part, std::size_t whole) {
    if (whole == 0) return "none of them";
    return std::to_string(part) + " of them ordered (" + std::to_string((200 * part + whole) / (2 * whole)) + " %)";
}

}  // namespace

bool Report::kept() const {
    return std::all_of(checks.begin(), checks.end(), [](Check const& check) { return check.broken == 0; });
}

Report make_report(Plan const& plan, std::uint64_t seed, Evidence const& evidence) {
    auto const ledger = write_ledger(plan, evidence.messages);
    Report report;
    report.seed = seed;
    report.start = plan.start;
    report.end = plan.end;
    report.carts = evidence.carts;
    report.scored = evidence.scored;
    report.silences = evidence.silences;
    count_messages(report, evidence);
    count_arms(report, plan, ledger, evidence);
    count_orders(report, plan, ledger, evidence);
    report.checks = check_promises(plan, ledger, evidence);
    return report;
}

nlohmann::json to_json(Report const& report) {
    using Json = nlohmann::json;
    auto messages = Json::array(), checks = Json::array();
    for (auto const& [key, count] : report.messages)
        messages.push_back({{"step", key.first}, {"channel", key.second}, {"count", count}});
    for (auto const& check : report.checks)
        checks.push_back({{"promise", check.promise}, {"broken", check.broken}, {"example", check.example}});
    return {{"seed", report.seed},
            {"start", to_rfc3339(report.start)},
            {"end", to_rfc3339(report.end)},
            {"carts", report.carts},
            {"scored", report.scored},
            {"predicted", report.predicted},
            {"treated", report.treated},
            {"treated_ordered", report.treated_ordered},
            {"holdout", report.holdout},
            {"holdout_ordered", report.holdout_ordered},
            {"messages", messages},
            {"silences", report.silences},
            {"orders", report.orders},
            {"orders_minor", report.orders_minor},
            {"recovered", report.recovered},
            {"recovered_minor", report.recovered_minor},
            {"checks", checks},
            {"kept", report.kept()}};
}

void print(Report const& report, std::ostream& out) {
    auto const hours = std::chrono::duration_cast<std::chrono::hours>(report.end - report.start).count();
    out << "\nSimulated store, " << hours << " hours, seed " << report.seed << "\n";
    line(out, "carts", report.carts, std::to_string(report.scored) + " predicted by the model");
    line(out, "abandoned, treated", report.treated, share(report.treated_ordered, report.treated));
    line(out, "abandoned, holdout", report.holdout, share(report.holdout_ordered, report.holdout));
    line(out, "  opened before the idle time", report.predicted, "by the prediction");
    line(out, "orders", report.orders, usd(report.orders_minor));
    line(out, "  after a message", report.recovered, usd(report.recovered_minor));
    out << "\nMessages\n";
    for (auto const& [key, count] : report.messages) line(out, key.first + ", " + key.second, static_cast<std::size_t>(count));
    out << "\nSilences\n";
    for (auto const& [reason, count] : report.silences) line(out, reason, static_cast<std::size_t>(count));
    out << "\nPromises\n";
    for (auto const& check : report.checks) {
        out << (check.broken == 0 ? "  ok      " : "  BROKEN  ") << check.promise;
        if (check.broken != 0) out << " (" << check.broken << ", first: " << check.example << ")";
        out << '\n';
    }
}

}  // namespace recoup::demo
