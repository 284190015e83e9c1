#include "core/risk/feature_values.hpp"

#include "recoup/domain/money.hpp"

#include <algorithm>
#include <cmath>

namespace recoup::core {
namespace {

double days(Millis duration) { return static_cast<double>(std::max<std::int64_t>(duration.count(), 0)) / 86'400'000.0; }

struct Orders {
    int count = 0;
    Instant last{};
    double value_minor = 0;
    int valued = 0;
};

/// Those placed by now: this cart has none yet, or it would not be scored.
Orders orders_of(Moment const& m) {
    Orders orders;
    for (auto const& [id, order] : m.person.orders) {
        if (order.placed_at > m.now || order.test) continue;
        ++orders.count;
        orders.last = std::max(orders.last, order.placed_at);
        if (order.total_minor <= 0) continue;
        orders.value_minor += static_cast<double>(order.total_minor);
        ++orders.valued;
    }
    return orders;
}

}  // namespace

double is_customer(Moment const& m) {
    auto const account = [](IdentityKey const& key) { return key.kind == KeyKind::customer_id; };
    return std::any_of(m.person.keys.begin(), m.person.keys.end(), account) ? 1.0 : 0.0;
}

double prior_orders(Moment const& m) { return orders_of(m).count; }

double days_since_order(Moment const& m) {
    auto const orders = orders_of(m);
    return orders.count == 0 ? missing : days(m.now - orders.last);
}

/// In the cart's currency: a person's orders are taken to be in the same one.
double mean_order_value(Moment const& m) {
    auto const orders = orders_of(m);
    if (orders.valued == 0) return missing;
    return orders.value_minor / orders.valued / std::pow(10.0, currency_exponent(m.cart.content.value.currency));
}

double value_to_mean_order(Moment const& m) { return cart_value(m) / mean_order_value(m); }

double prior_sessions(Moment const& m) {
    if (m.person.sessions_seen == 0) return missing;
    return static_cast<double>(std::max<std::int64_t>(m.person.sessions_seen - m.visit.sessions, 0));
}

double person_age_days(Moment const& m) {
    return m.person.first_seen_at == never ? missing : days(m.now - m.person.first_seen_at);
}

}  // namespace recoup::core
