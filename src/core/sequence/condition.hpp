#pragma once
// What a step's `when` and a sequence's `exit` may ask, one condition a text:
//
//   cart.value >= 50         in the cart's currency         cart.items > 1           pieces
//   cart.stage = checkout    the furthest reached           cart.country = DE        ISO 3166-1
//   person.orders = 0        all that is known              person.country = DE
//   person.returned          seen at the store since the enrollment opened
//   payment.class = fixable  later, other_card, ...         payment.value < 200
//   reminder.sent            a message of that step left    reminder.clicked         by a human, or it restored the cart
//
// Numbers take = != < <= > >=, words = and !=; "not" before a condition turns it round. Opens are no condition: mail
// programs fetch images by themselves, so an open says nothing about a human (Apple Mail Privacy Protection).

#include "recoup/base/result.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace recoup::core {

struct Condition {
    enum class Subject : unsigned char {
        cart_value, cart_items, cart_stage, cart_country, person_orders, person_country, person_returned,
        payment_class, payment_value, step_sent, step_clicked,
    };
    enum class Comparison : unsigned char { is_true, equal, unequal, less, at_most, more, at_least };

    bool negated = false;
    Subject subject = Subject::cart_value;
    Comparison comparison = Comparison::is_true;
    std::string step;    // of step_sent and step_clicked
    std::string value;   // as written
};

/// Errc::invalid says what can be written instead.
Result<Condition> parse_condition(std::string_view text);

}  // namespace recoup::core
