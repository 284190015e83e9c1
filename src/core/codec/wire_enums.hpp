#pragma once
// Closed sets and their numbers on the wire. Written out, so that reordering a set in the code never changes the log.

#include "recoup/domain/event.hpp"
#include "recoup/event/v1/event.pb.h"

#include <array>

namespace recoup::core {

namespace wire = recoup::event::v1;

template <class Value, class Number>
struct WirePair {
    Value value;
    Number number;
};
template <class Value, class Number>
WirePair(Value, Number) -> WirePair<Value, Number>;  // what C++20 deduces by itself, and clang 16 does not

inline constexpr std::array wire_key_kinds = {
    WirePair{KeyKind::email, wire::KEY_KIND_EMAIL},
    WirePair{KeyKind::phone, wire::KEY_KIND_PHONE},
    WirePair{KeyKind::customer_id, wire::KEY_KIND_CUSTOMER_ID},
    WirePair{KeyKind::anonymous_id, wire::KEY_KIND_ANONYMOUS_ID},
    WirePair{KeyKind::cart_token, wire::KEY_KIND_CART_TOKEN},
    WirePair{KeyKind::checkout_token, wire::KEY_KIND_CHECKOUT_TOKEN},
    WirePair{KeyKind::order_id, wire::KEY_KIND_ORDER_ID},
};

inline constexpr std::array wire_stages = {
    WirePair{Stage::cart, wire::STAGE_CART},         WirePair{Stage::checkout, wire::STAGE_CHECKOUT},
    WirePair{Stage::contact, wire::STAGE_CONTACT},   WirePair{Stage::shipping, wire::STAGE_SHIPPING},
    WirePair{Stage::payment, wire::STAGE_PAYMENT},
};

inline constexpr std::array wire_payment_kinds = {
    WirePair{PaymentKind::one_off, wire::PAYMENT_KIND_ONE_OFF},
    WirePair{PaymentKind::recurring, wire::PAYMENT_KIND_RECURRING},
};

inline constexpr std::array wire_payment_states = {
    WirePair{PaymentState::failed, wire::PAYMENT_STATE_FAILED},
    WirePair{PaymentState::paid, wire::PAYMENT_STATE_PAID},
};

inline constexpr std::array wire_channels = {
    WirePair{Channel::email, wire::CHANNEL_EMAIL},
    WirePair{Channel::sms, wire::CHANNEL_SMS},
    WirePair{Channel::push, wire::CHANNEL_PUSH},
    WirePair{Channel::ads, wire::CHANNEL_ADS},
};

inline constexpr std::array wire_consent_states = {
    WirePair{ConsentState::unknown, wire::CONSENT_STATE_UNKNOWN},
    WirePair{ConsentState::granted, wire::CONSENT_STATE_GRANTED},
    WirePair{ConsentState::pending, wire::CONSENT_STATE_PENDING},
    WirePair{ConsentState::denied, wire::CONSENT_STATE_DENIED},
    WirePair{ConsentState::revoked, wire::CONSENT_STATE_REVOKED},
};

inline constexpr std::array wire_behaviour_kinds = {
    WirePair{BehaviourKind::page_viewed, wire::BEHAVIOUR_KIND_PAGE_VIEWED},
    WirePair{BehaviourKind::product_viewed, wire::BEHAVIOUR_KIND_PRODUCT_VIEWED},
    WirePair{BehaviourKind::cart_viewed, wire::BEHAVIOUR_KIND_CART_VIEWED},
    WirePair{BehaviourKind::cart_changed, wire::BEHAVIOUR_KIND_CART_CHANGED},
    WirePair{BehaviourKind::checkout_viewed, wire::BEHAVIOUR_KIND_CHECKOUT_VIEWED},
    WirePair{BehaviourKind::checkout_scrolled, wire::BEHAVIOUR_KIND_CHECKOUT_SCROLLED},
    WirePair{BehaviourKind::payment_method_selected, wire::BEHAVIOUR_KIND_PAYMENT_METHOD_SELECTED},
    WirePair{BehaviourKind::payment_error_shown, wire::BEHAVIOUR_KIND_PAYMENT_ERROR_SHOWN},
    WirePair{BehaviourKind::tab_hidden, wire::BEHAVIOUR_KIND_TAB_HIDDEN},
    WirePair{BehaviourKind::tab_shown, wire::BEHAVIOUR_KIND_TAB_SHOWN},
    WirePair{BehaviourKind::step_timed, wire::BEHAVIOUR_KIND_STEP_TIMED},
    WirePair{BehaviourKind::identified, wire::BEHAVIOUR_KIND_IDENTIFIED},
};

inline constexpr std::array wire_feedback_kinds = {
    WirePair{FeedbackKind::delivered, wire::FEEDBACK_KIND_DELIVERED},
    WirePair{FeedbackKind::bounced, wire::FEEDBACK_KIND_BOUNCED},
    WirePair{FeedbackKind::complained, wire::FEEDBACK_KIND_COMPLAINED},
    WirePair{FeedbackKind::opened, wire::FEEDBACK_KIND_OPENED},
    WirePair{FeedbackKind::clicked, wire::FEEDBACK_KIND_CLICKED},
    WirePair{FeedbackKind::restored, wire::FEEDBACK_KIND_RESTORED},
    WirePair{FeedbackKind::failed, wire::FEEDBACK_KIND_FAILED},
};

/// A value that is not in its table is our fault; encoded as "unspecified" it would be refused by every reader.
template <class Table, class Value>
constexpr auto to_wire(Table const& table, Value value) {
    using Number = decltype(table[0].number);
    for (auto const& pair : table)
        if (pair.value == value) return pair.number;
    return Number{};
}

/// False when this version does not know the number.
template <class Table, class Number, class Value>
bool from_wire(Table const& table, Number number, Value& value) {
    for (auto const& pair : table) {
        if (pair.number != number) continue;
        value = pair.value;
        return true;
    }
    return false;
}

}  // namespace recoup::core
