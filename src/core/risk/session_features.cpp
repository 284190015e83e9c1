#include "core/risk/feature_values.hpp"

#include <algorithm>

namespace recoup::core {
namespace {

double seconds(Millis duration) { return static_cast<double>(std::max<std::int64_t>(duration.count(), 0)) / 1000; }

/// The number when the pixel saw the visit, else missing.
double seen(Moment const& m, std::int64_t number) {
    return m.visit.sessions == 0 ? missing : static_cast<double>(number);
}

/// The number when the pixel also saw the checkout: before that it says nothing.
double seen_at_checkout(Moment const& m, std::int64_t number) {
    auto const& s = m.visit.seen;
    bool const there =
        s.checkout_views > 0 || s.checkout_scrolls > 0 || s.checkout_ms > 0 || !s.payment_methods.empty();
    return there ? seen(m, number) : missing;
}

std::int64_t selections(Moment const& m) {
    std::int64_t sum = 0;
    for (auto const& [method, count] : m.visit.seen.payment_methods) sum += count;
    return sum;
}

}  // namespace

double session_seconds(Moment const& m) {
    if (m.visit.sessions == 0) return missing;
    return seconds(std::min(m.visit.seen.last_at, m.now) - m.visit.seen.first_at);
}

double session_seconds_per_value(Moment const& m) {
    double const value = cart_value(m);
    return value > 0 ? session_seconds(m) / value : missing;
}

double page_views(Moment const& m) { return seen(m, m.visit.seen.page_views); }
double product_views(Moment const& m) { return seen(m, m.visit.seen.product_views); }
double cart_views(Moment const& m) { return seen(m, m.visit.seen.cart_views); }
double checkout_views(Moment const& m) { return seen(m, m.visit.seen.checkout_views); }
double payment_errors(Moment const& m) { return seen(m, m.visit.seen.payment_errors); }
double tab_hides(Moment const& m) { return seen(m, m.visit.seen.tab_hides); }
double visit_sessions(Moment const& m) { return seen(m, m.visit.sessions); }

double distinct_products(Moment const& m) {
    return m.visit.seen.products.empty() ? missing : static_cast<double>(m.visit.seen.products.size());
}

double checkout_scroll_percent(Moment const& m) { return seen_at_checkout(m, m.visit.seen.checkout_scroll_percent); }
double checkout_scrolls(Moment const& m) { return seen_at_checkout(m, m.visit.seen.checkout_scrolls); }
double checkout_seconds(Moment const& m) { return seen_at_checkout(m, m.visit.seen.checkout_ms) / 1000; }

double checkout_hesitation_seconds(Moment const& m) {
    return checkout_seconds(m) * checkout_scroll_percent(m) / 100;
}

double payment_methods_tried(Moment const& m) {
    return seen_at_checkout(m, static_cast<std::int64_t>(m.visit.seen.payment_methods.size()));
}

double payment_method_switches(Moment const& m) {
    return seen_at_checkout(m, std::max<std::int64_t>(selections(m) - 1, 0));
}

double tab_hidden_seconds(Moment const& m) { return seen(m, m.visit.seen.tab_hidden_ms) / 1000; }

double tab_hidden_share(Moment const& m) {
    double const all = session_seconds(m);
    return all > 0 ? std::min(tab_hidden_seconds(m) / all, 1.0) : missing;
}

double seconds_since_seen(Moment const& m) {
    auto const last = std::min(std::max(m.person.last_seen_at, m.cart.last_activity_at), m.now);
    return last == never ? missing : seconds(m.now - last);
}

}  // namespace recoup::core
