#include "core/policy/holds.hpp"

#include "core/policy/decline.hpp"
#include "core/policy/incentive.hpp"

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
        case Comparison::within:
        case Comparison::is_true: break;
    }
    return false;
}

Held number(Condition const& condition, std::int64_t seen) {
    if (condition.comparison == Comparison::within)
        return {lies_within(seen, "JPY", condition.value, condition.below), std::to_string(seen)};
    auto const asked = parse_minor(condition.value, "JPY");   // whole
    return {asked && compares(condition.comparison, seen, *asked), std::to_string(seen)};
}

Held amount(Condition const& condition, std::int64_t minor, std::string const& currency) {
    if (condition.comparison == Comparison::within)
        return {lies_within(minor, currency, condition.value, condition.below), to_text({minor, currency})};
    auto const asked = parse_minor(condition.value, currency);
    return {asked && compares(condition.comparison, minor, *asked), to_text({minor, currency})};
}

Held word(Condition const& condition, std::string_view seen) {
    return {compares(condition.comparison, seen, std::string_view(condition.value)), seen.empty() ? "not known" : std::string(seen)};
}

Held flag(bool seen) { return {seen, seen ? "yes" : "no"}; }

/// Whether a message of this enrollment for the step is as asked.
template <class Asked>
Held message(Condition const& condition, SendFacts const& facts, Asked asked) {
    auto const step = std::find_if(facts.sequence->steps.begin(), facts.sequence->steps.end(),
                                   [&](SequenceStep const& one) { return one.name == condition.step; });
    auto const index = static_cast<int>(step - facts.sequence->steps.begin());
    return flag(std::any_of(facts.history.begin(), facts.history.end(), [&](SentMessage const& sent) {
        return sent.enrollment_id == facts.enrollment.id && sent.step == index && asked(sent);
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
        case Subject::cart_band: return word(condition, band_of(facts.sequence->bands, content.subtotal_minor, content.currency));
        case Subject::person_orders: return number(condition, static_cast<std::int64_t>(facts.person.orders.size()));
        case Subject::person_country: return word(condition, facts.person.country.value);
        case Subject::person_returned: return flag(facts.person.visited_at > facts.enrollment.opened_at);
        case Subject::payment_class:
            return word(condition, facts.payment ? name(decline_class(newest_decline(*facts.payment))) : std::string_view{});
        case Subject::payment_value: {
            auto const value = facts.payment ? facts.payment->amount.value : Money{};
            return amount(condition, value.minor, value.currency);
        }
        case Subject::step_sent: return message(condition, facts, [](SentMessage const&) { return true; });
        case Subject::step_opened:   // who clicks has opened
            return message(condition, facts, [](SentMessage const& sent) { return sent.opened || sent.clicked; });
        case Subject::step_clicked: return message(condition, facts, [](SentMessage const& sent) { return sent.clicked; });
        case Subject::step_visited:
            return message(condition, facts, [&](SentMessage const& sent) { return sent.clicked || facts.person.visited_at > sent.at; });
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
