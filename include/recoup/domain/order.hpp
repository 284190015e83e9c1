#pragma once
// Orders and payments: the facts that end enrollments.

#include "recoup/domain/event.hpp"

#include <map>
#include <set>

namespace recoup {

struct Order {
    std::string id;
    std::string person_id;
    std::string cart_id;                          // matched by token; empty = none
    Versioned<OrderPlaced> placed;
    std::set<IdentityKey> keys;
    Instant placed_at{};                          // earliest known
    Instant paid_at{}, cancelled_at{};
    Versioned<std::string> email, phone;          // the contact it named
    std::map<std::string, std::int64_t> refunds;  // amount_minor by refund id

    std::int64_t refunded_minor() const {
        std::int64_t sum = 0;
        for (auto const& [id_, amount] : refunds) sum += amount;
        return sum;
    }

    template <class Self, class V>
    static void fields(Self& self, V&& v) {
        v("id", self.id);
        v("person_id", self.person_id);
        v("cart_id", self.cart_id);
        v("placed", self.placed);
        v("keys", self.keys);
        v("placed_at", self.placed_at);
        v("paid_at", self.paid_at);
        v("cancelled_at", self.cancelled_at);
        v("email", self.email);
        v("phone", self.phone);
        v("refunds", self.refunds);
    }
};

struct PaymentAttempt {
    Instant at{};
    PaymentState state = PaymentState::failed;
    std::string decline_code;

    friend bool operator==(PaymentAttempt const&, PaymentAttempt const&) = default;

    template <class Self, class V>
    static void fields(Self& self, V&& v) {
        v("at", self.at);
        v("state", self.state);
        v("decline_code", self.decline_code);
    }
};

/// A payment that failed at least once. Open while its newest attempt failed and nothing says paid.
struct Payment {
    std::string id;                               // payment id of the source
    std::string person_id;
    PaymentKind kind = PaymentKind::one_off;
    Versioned<Money> amount;
    Versioned<std::string> recovery_url;
    std::map<std::string, PaymentAttempt> attempts;
    Instant paid_at{};
    Instant void_at{};                            // nothing is left to pay: the order was cancelled
    bool test = false;                            // some attempt was a test
    Versioned<std::string> email, phone;          // the contact that the payment or its order named

    Instant failed_at() const {
        Instant last{};
        for (auto const& [id_, attempt] : attempts)
            if (attempt.state == PaymentState::failed && attempt.at > last) last = attempt.at;
        return last;
    }
    bool open() const { return paid_at == never && void_at == never && failed_at() != never; }

    friend bool operator==(Payment const&, Payment const&) = default;

    template <class Self, class V>
    static void fields(Self& self, V&& v) {
        v("id", self.id);
        v("person_id", self.person_id);
        v("kind", self.kind);
        v("amount", self.amount);
        v("recovery_url", self.recovery_url);
        v("attempts", self.attempts);
        v("paid_at", self.paid_at);
        v("void_at", self.void_at);
        v("test", self.test);
        v("email", self.email);
        v("phone", self.phone);
    }
};

}  // namespace recoup
