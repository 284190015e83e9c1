#include "core/policy/holds.hpp"

#include "core/policy/decline.hpp"

#include "recoup/domain/money.hpp"

#include <algorithm>

namespace recoup::core {
namespace {

using Subject = Condition::Subject;
using Comparison = Condition::Comparison;

template <class T>
bool compares(Comparison comparison, T const& seen, T const& asked) {
    switch (comparison) {
        case Comparison::equal: return seen == asked;
        case Comparison::unequal: return seen != asked;
        case Comparison::less: return seen < asked;
        case Comparison::at_most: return seen <= asked;
        case Comparison::more: return seen > asked;
        case Comparison::at_least: return seen >= asked;
        case Comparison::is_true: break;
    }
    return false;
}

Held number(Condition const& condition, std::int64_t seen) {
    auto const asked = parse_minor(condition.value, "JPY");   // whole
    return {asked && compares(condition.comparison, seen, *asked), std::to_string(seen)};
}

Held amount(Condition const& condition, std::int64_t minor, std::string const& currency) {
    auto const asked = parse_minor(condition.value, currency);
    return {asked && compares(condition.comparison, minor, *asked), to_text({minor, currency})};
}

Held word(Condition const& condition, std::string_view seen) {
    return {compares(condition.comparison, seen, std::string_view(condition.value)), seen.empty() ? "not known" : std::string(seen)};
}

Held flag(bool seen) { return {seen, seen ? "yes" : "no"}; }

/// Of this enrollment's message for the step.
Held touched(Condition const& condition, SendFacts const& facts, bool click) {
    auto const step = std::find_if(facts.steps.begin(), facts.steps.end(),
                                   [&](SequenceStep const& one) { return one.name == condition.step; });
    auto const index = static_cast<int>(step - facts.steps.begin());
    return flag(std::any_of(facts.history.begin(), facts.history.end(), [&](SentMessage const& sent) {
        return sent.enrollment_id == facts.enrollment.id && sent.step == index && (sent.clicked || !click);
    }));
}

Held look(Condition const& condition, SendFacts const& facts) {
    auto const& content = facts.cart ? facts.cart->content.value : CartContent{};
    switch (condition.subject) {
        case Subject::cart_value: return amount(condition, content.subtotal_minor, content.currency);
        case Subject::cart_items: {
            std::int64_t pieces = 0;
            for (auto const& line : content.lines) pieces += line.quantity;
            return number(condition, pieces);
        }
        case Subject::cart_stage: return word(condition, facts.cart ? name(facts.cart->stage) : std::string_view{});
        case Subject::cart_country: return word(condition, facts.cart ? facts.cart->country.value : std::string{});
        case Subject::person_orders: return number(condition, static_cast<std::int64_t>(facts.person.orders.size()));
        case Subject::person_country: return word(condition, facts.person.country.value);
        case Subject::person_returned: return flag(facts.person.last_seen_at > facts.enrollment.opened_at);
        case Subject::payment_class:
            return word(condition, facts.payment ? name(decline_class(newest_decline(*facts.payment))) : std::string_view{});
        case Subject::payment_value: {
            auto const value = facts.payment ? facts.payment->amount.value : Money{};
            return amount(condition, value.minor, value.currency);
        }
        case Subject::step_sent: return touched(condition, facts, false);
        case Subject::step_clicked: return touched(condition, facts, true);
    }
    return {};
}

}  // namespace

Held holds(std::string_view text, SendFacts const& facts) {
    auto const condition = parse_condition(text);
    if (!condition) return {false, "not understood"};
    auto seen = look(*condition, facts);
    seen.holds = seen.holds != condition->negated;
    return seen;
}

}  // namespace recoup::core
