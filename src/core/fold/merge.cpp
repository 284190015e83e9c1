#include "core/fold/merge.hpp"

#include "core/fold/subscriptions.hpp"

#include "recoup/base/limits.hpp"

#include <algorithm>

namespace recoup::core {

Instant earlier(Instant a, Instant b) {
    if (a == never) return b;
    if (b == never) return a;
    return std::min(a, b);
}

std::string consent_key(Channel channel, std::string_view address) {
    return std::string(name(channel)) + ":" + std::string(address);
}

void offer(std::map<std::string, Consent>& consents, Consent consent) {
    auto const [it, fresh] = consents.try_emplace(consent_key(consent.channel, consent.address), consent);
    if (fresh) return;
    // What counts from a time on is kept whichever word is the newest.
    consent.confirmed_at = it->second.confirmed_at = std::max(it->second.confirmed_at, consent.confirmed_at);
    consent.withdrawn_at = it->second.withdrawn_at = std::max(it->second.withdrawn_at, consent.withdrawn_at);
    auto const strict = [](ConsentState state) { return state == ConsentState::revoked || state == ConsentState::denied; };
    Consent const& held = it->second;
    bool const tie = consent.version.at == held.version.at;
    bool const newer = consent.version.at > held.version.at;
    bool const wins = newer || (tie && strict(consent.state) != strict(held.state) ? strict(consent.state)
                                                                                   : tie && consent.version > held.version);
    if (wins) it->second = std::move(consent);
}

void merge(Session& into, Session const& from) {
    into.first_at = earlier(into.first_at, from.first_at);
    into.last_at = std::max(into.last_at, from.last_at);
    into.page_views += from.page_views;
    into.product_views += from.product_views;
    into.cart_views += from.cart_views;
    into.cart_changes += from.cart_changes;
    into.checkout_views += from.checkout_views;
    into.checkout_scroll_percent = std::max(into.checkout_scroll_percent, from.checkout_scroll_percent);
    into.checkout_scrolls += from.checkout_scrolls;
    into.checkout_ms += from.checkout_ms;
    for (auto const& [method, count] : from.payment_methods) into.payment_methods[method] += count;
    into.payment_errors += from.payment_errors;
    into.tab_hides += from.tab_hides;
    into.tab_hidden_ms += from.tab_hidden_ms;
    into.products.insert(from.products.begin(), from.products.end());
}

void bound_sessions(Person& person) {
    while (person.sessions.size() > limits::sessions_per_person) {
        auto const oldest = std::min_element(
            person.sessions.begin(), person.sessions.end(), [](auto const& a, auto const& b) {
                return std::pair(a.second.last_at, a.first) < std::pair(b.second.last_at, b.first);
            });
        person.sessions.erase(oldest);
    }
}

void merge(Person& into, Person const& from) {
    into.keys.insert(from.keys.begin(), from.keys.end());
    into.email.merge(from.email);
    into.phone.merge(from.phone);
    into.first_name.merge(from.first_name);
    into.last_name.merge(from.last_name);
    into.locale.merge(from.locale);
    into.country.merge(from.country);
    into.region.merge(from.region);
    into.postal_code.merge(from.postal_code);
    into.timezone.merge(from.timezone);
    for (auto const& [key, consent] : from.consents) offer(into.consents, consent);
    into.sessions_seen += from.sessions_seen;
    for (auto const& [id, session] : from.sessions) {
        auto const [it, fresh] = into.sessions.try_emplace(id, session);
        if (fresh) continue;
        merge(it->second, session);
        --into.sessions_seen;  // one session, seen from both sides
    }
    bound_sessions(into);
    for (auto const& [id, order] : from.orders) into.orders.try_emplace(id, order);
    merge_subscriptions(into, from);
    into.first_seen_at = earlier(into.first_seen_at, from.first_seen_at);
    into.last_seen_at = std::max(into.last_seen_at, from.last_seen_at);
    into.visited_at = std::max(into.visited_at, from.visited_at);
    into.drafted_at = std::max(into.drafted_at, from.drafted_at);
}

void merge(Cart& into, Cart const& from) {
    into.tokens.insert(from.tokens.begin(), from.tokens.end());
    into.stage = std::max(into.stage, from.stage);
    into.content.merge(from.content);
    into.email.merge(from.email);
    into.phone.merge(from.phone);
    into.recovery_url.merge(from.recovery_url);
    into.gateway.merge(from.gateway);
    into.country.merge(from.country);
    into.region.merge(from.region);
    into.postal_code.merge(from.postal_code);
    into.locale.merge(from.locale);
    into.source_name.merge(from.source_name);
    into.address_mark.merge(from.address_mark);
    into.created_at = earlier(into.created_at, from.created_at);
    into.last_activity_at = std::max(into.last_activity_at, from.last_activity_at);
    if (into.ordered_at == never || (from.ordered_at != never && from.ordered_at < into.ordered_at)) {
        into.ordered_at = from.ordered_at;
        into.order_id = from.order_id;
    }
    into.deleted_at = std::max(into.deleted_at, from.deleted_at);
    into.changes += from.changes;
}

}  // namespace recoup::core
