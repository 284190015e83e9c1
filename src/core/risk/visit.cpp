#include "core/risk/features.hpp"

#include <algorithm>

namespace recoup::core {
namespace {

void add(Session& sum, Session const& session) {
    sum.first_at = sum.first_at == never ? session.first_at : std::min(sum.first_at, session.first_at);
    sum.last_at = std::max(sum.last_at, session.last_at);
    sum.page_views += session.page_views;
    sum.product_views += session.product_views;
    sum.cart_views += session.cart_views;
    sum.cart_changes += session.cart_changes;
    sum.checkout_views += session.checkout_views;
    sum.checkout_scroll_percent = std::max(sum.checkout_scroll_percent, session.checkout_scroll_percent);
    sum.checkout_scrolls += session.checkout_scrolls;
    sum.checkout_ms += session.checkout_ms;
    for (auto const& [method, count] : session.payment_methods) sum.payment_methods[method] += count;
    sum.payment_errors += session.payment_errors;
    sum.tab_hides += session.tab_hides;
    sum.tab_hidden_ms += session.tab_hidden_ms;
    sum.products.insert(session.products.begin(), session.products.end());
}

}  // namespace

Visit visit_around(Cart const& cart, Person const& person, Instant now) {
    Visit visit;
    Instant const from = cart.created_at - std::chrono::hours(1);
    for (auto const& [id, session] : person.sessions) {
        if (session.last_at < from || session.first_at > now) continue;
        ++visit.sessions;
        add(visit.seen, session);
    }
    return visit;
}

}  // namespace recoup::core
