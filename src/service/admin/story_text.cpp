// A story as lines for people: time on the left, what was decided, below it every rule with what it saw.
#include "service/admin/why.hpp"

#include "core/policy/rules.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <optional>

namespace recoup::service {
namespace {

constexpr std::string_view below = "                            ";   // under the text behind a time

std::string number(char const* format, double value) {
    std::array<char, 48> text{};
    std::snprintf(text.data(), text.size(), format, value);
    return text.data();
}

std::string at_text(Instant at) {
    auto text = to_rfc3339(at);
    text.resize(std::max(text.size(), std::size_t{24}), ' ');
    return text + "  ";
}

std::string because(std::string const& reason) {
    auto const known = reason_from(reason);
    return (known ? std::string(sentence(*known)) + " " : std::string{}) + "(" + reason + ")";
}

std::string happened(DecisionRow const& row) {
    if (row.verdict == "send") return "sent";
    if (row.verdict == "skip") return "not sent";
    if (row.verdict == "move") return "moved to " + to_rfc3339(row.move_to);
    if (row.verdict == "end") return "ended";
    if (row.verdict == "open") return "opened";
    if (row.verdict == "hold") return "held back";
    return row.verdict;
}

std::string score_lines(Score const& score) {
    if (score.model.empty()) return {};
    auto parts = score.contributions;
    std::stable_sort(parts.begin(), parts.end(), [](Contribution const& a, Contribution const& b) {
        return std::abs(a.share) > std::abs(b.share);
    });
    std::string text(below);
    text += "risk " + number("%.3f", score.risk) + " by model " + score.model + ": bias " + number("%+.3f", score.bias) +
            ", margin " + number("%+.3f", score.margin) + "\n";
    double rest = 0;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (i >= shown_contributions) {
            rest += parts[i].share;
            continue;
        }
        auto const value = parts[i].value ? number("%g", *parts[i].value) : "missing";
        text += below;
        text += "  " + number("%+.3f", parts[i].share) + "  " + parts[i].feature + " = " + value + "\n";
    }
    if (parts.size() > shown_contributions)
        text += std::string(below).append("  ") + number("%+.3f", rest) + "  " +
                std::to_string(parts.size() - shown_contributions) + " more features together\n";
    return text;
}

class Teller {
public:
    explicit Teller(Story const& story) : story_(story) {}

    std::string tell() {
        auto const& contact = !story_.email.empty() ? story_.email : story_.phone;
        text_ = "Person " + story_.person_id + (contact.empty() ? "" : " <" + contact + ">") + " in shop " +
                story_.shop_id + "\n";
        for (auto const& enrollment : story_.enrollments) tell_enrollment(enrollment);
        tell_rest();
        tell_orders();
        if (story_.enrollments.empty() && story_.decisions.empty()) text_ += "\nNothing was decided about this person.\n";
        return std::move(text_);
    }

private:
    void tell_enrollment(EnrollmentRow const& row) {
        Money const value{row.value_minor, row.currency};
        text_ += "\nEnrollment " + row.id + ", sequence " + row.sequence + " version " +
                 std::to_string(row.sequence_version) + ", " + row.arm +
                 (row.currency.empty() ? "" : ", worth " + to_text(value)) + "\n";
        bool opening_told = false, end_told = false;
        for (auto const& decision : story_.decisions) {
            if (decision.enrollment_id != row.id) continue;
            opening_told |= decision.subject == "open";
            end_told |= decision.verdict == "end" && decision.reason == row.end_reason;
        }
        if (!opening_told) text_ += "  " + at_text(row.opened_at) + "opened: " + because(row.reason) + "\n";
        for (auto const& decision : story_.decisions)
            if (decision.enrollment_id == row.id) tell_decision(decision);
        for (auto const& step : story_.coming)
            if (step.enrollment_id == row.id)
                text_ += "  " + at_text(step.due_at) + "still to come: step " + std::to_string(step.step + 1) + " by " +
                         step.channel + "\n";
        if (row.status == "ended" && !end_told)
            text_ += "  " + at_text(row.ended_at) + "enrollment ended: " + because(row.end_reason) + "\n";
    }

    void tell_decision(DecisionRow const& row) {
        auto const* message = message_of(row);
        auto const step = row.step >= 0 ? "step " + std::to_string(row.step + 1) + " " : std::string{};
        auto const channel = message != nullptr ? "by " + message->channel + " " : std::string{};
        text_ += "  " + at_text(row.at) + step + channel + happened(row) + ": " + because(row.reason) + "\n";
        if (message != nullptr) tell_message(*message);
        if (!row.law.empty()) text_ += std::string(below) + "asked the law of " + row.law + "\n";
        for (auto const& entry : row.trace)
            text_ += std::string(below).append(entry.passed ? "  yes  " : "  NO   ") + core::rule_text(entry.rule) +
                     (entry.input.empty() ? "" : " [" + entry.input + "]") + (entry.source.empty() ? "" : ", by " + entry.source) + "\n";
        if (row.score) text_ += score_lines(*row.score);
    }

    void tell_message(MessageRow const& row) {
        text_ += std::string(below).append("message ") + row.id + (row.to.empty() ? "" : " to " + row.to) + " through " +
                 row.adapter + ": " + row.status;
        if (row.sent_at != never) text_ += " at " + to_rfc3339(row.sent_at);
        if (row.reason != "ok") text_ += ", " + because(row.reason);
        if (row.opened_at != never) text_ += ", opened at " + to_rfc3339(row.opened_at);
        if (row.clicked_at != never) text_ += ", clicked at " + to_rfc3339(row.clicked_at);
        text_ += "\n";
    }

    void tell_rest() {
        auto const known = [this](std::string const& id) {
            return std::any_of(story_.enrollments.begin(), story_.enrollments.end(),
                               [&](EnrollmentRow const& row) { return row.id == id; });
        };
        bool headed = false;
        for (auto const& decision : story_.decisions) {
            if (known(decision.enrollment_id)) continue;
            if (!headed) text_ += "\nOutside an enrollment\n";
            headed = true;
            tell_decision(decision);
        }
    }

    void tell_orders() {
        if (story_.orders.empty()) return;
        text_ += "\nOrders\n";
        for (auto const& row : story_.orders) {
            text_ += "  " + at_text(row.placed_at) + row.id + ", " + to_text({row.total_minor, row.currency});
            if (row.refunded_minor != 0) text_ += ", refunded " + to_text({row.refunded_minor, row.currency});
            if (row.cancelled_at != never) text_ += ", cancelled at " + to_rfc3339(row.cancelled_at);
            if (row.test) text_ += ", a test";
            text_ += "\n";
        }
    }

    MessageRow const* message_of(DecisionRow const& decision) const {
        if (decision.message_id.empty()) return nullptr;
        for (auto const& message : story_.messages)
            if (message.id == decision.message_id) return &message;
        return nullptr;
    }

    Story const& story_;
    std::string text_;
};

}  // namespace

std::string story_text(Story const& story) { return Teller(story).tell(); }

}  // namespace recoup::service
