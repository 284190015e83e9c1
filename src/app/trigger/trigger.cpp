#include "app/trigger/trigger.hpp"

#include "app/trigger/bodies.hpp"

#include "recoup/base/digest.hpp"

#include <array>

namespace recoup::trigger {
namespace {

constexpr std::array<Event, 7> known{{
    {"checkout_abandoned", "a checkout with consent, left at the payment step"},
    {"cart_updated", "a cart with one line; nobody is known yet"},
    {"cart_emptied", "the shopper's checkout has no lines any more"},
    {"order_completed", "the shopper ordered and paid"},
    {"payment_failed", "an order whose card was declined"},
    {"payment_recovered", "the declined order was paid"},
    {"consent_revoked", "the shopper took back the consent to email and SMS"},
}};

Result<std::vector<Webhook>> webhooks_for(Request const& request) {
    auto const& event = request.event;
    if (event == "checkout_abandoned") return std::vector{checkout(request, true)};
    if (event == "cart_updated") return std::vector{cart(request)};
    if (event == "cart_emptied") return std::vector{checkout(request, false)};
    if (event == "order_completed") return std::vector{order(request, "paid", "orders/create")};
    if (event == "payment_failed") return std::vector{order(request, "pending", "orders/create"), transaction(request, false)};
    if (event == "payment_recovered") return std::vector{transaction(request, true), order(request, "paid", "orders/paid")};
    if (event == "consent_revoked") return revocations(request);
    std::string names;
    for (auto const& one : known) names += (names.empty() ? "" : ", ") + std::string(one.name);
    return error(Errc::invalid, "unknown event " + event + "; known: " + names);
}

}  // namespace

std::span<Event const> events() { return known; }

Result<std::vector<Delivered>> trigger(Request const& request, HttpClient& client) {
    auto filled = request;
    if (filled.email.empty()) filled.email = "you@example.com";
    auto const webhooks = webhooks_for(filled);
    if (!webhooks) return webhooks.error();
    if (filled.store.shopify_secret.empty())
        return error(Errc::configuration, "shop '" + filled.store.shop + "' has no secret to sign with; run `recoup shop secret " +
                                              filled.store.shop + " shopify`");
    std::vector<Delivered> delivered;
    for (auto const& webhook : *webhooks) {
        auto const id = stable_id("trigger", {webhook.topic, webhook.body, to_rfc3339(filled.now)});
        auto const answer = client.send(demo::shopify_call(filled.store, webhook.topic, id, webhook.body, filled.now));
        if (answer.kind != HttpAnswer::Kind::answered)
            return error(Errc::unavailable, "no answer from " + filled.store.public_url + " (" + answer.failure +
                                                "); is `recoup dev` running?");
        if (answer.status / 100 != 2)
            return error(Errc::invalid, webhook.topic + " was answered with " + std::to_string(answer.status) + ": " +
                                            answer.body.substr(0, 300));
        delivered.push_back({webhook.topic, id, answer.status});
    }
    return delivered;
}

}  // namespace recoup::trigger
