#include "service/links/link_routes.hpp"

#include "core/link/pixel.hpp"
#include "core/link/url.hpp"
#include "core/plan/stops.hpp"
#include "core/web/visitor.hpp"
#include "service/links/link_events.hpp"
#include "service/links/pages.hpp"

namespace recoup::service {
namespace {

constexpr std::size_t one_click_body = 16 * 1024;   // "List-Unsubscribe=One-Click", as a form or multipart

/// The stored target when the shop is known by its host, else the storefront's cart. Never from the request.
std::string destination(LinkFacts const& facts) {
    auto const host = core::http_host(facts.target_url);
    bool const known = host && (*host == facts.shop_domain || host == core::http_host(facts.recovery_url));
    return known ? facts.target_url : "https://" + facts.shop_domain + "/cart";
}

std::vector<LogRecord> one_record(Event const& event) { return {core::log_record(event)}; }

}  // namespace

std::optional<LinkService::Opened> LinkService::open(HttpRequest const& request, core::LinkPurpose purpose,
                                                     Responder const& respond) {
    auto const token = request.captures.empty() ? std::string() : request.captures.front();
    auto claims = core::verify(token, keys_, clock_.now());
    if (!claims && claims.error().code == Errc::not_found) return respond(expired_link_page()), std::nullopt;
    if (!claims || claims->purpose != purpose) return respond(bad_link_page()), std::nullopt;
    auto facts = store_.find_message(claims->shop_id, claims->message_id);
    if (!facts) return respond(try_again_page()), std::nullopt;
    if (!*facts) return respond(bad_link_page()), std::nullopt;  // erased with its person, or its shop
    return Opened{std::move(*claims), std::move(**facts)};
}

void LinkService::follow(HttpRequest const& request, core::LinkPurpose purpose, Responder respond) {
    auto const opened = open(request, purpose, respond);
    if (!opened) return;
    auto const& facts = opened->facts;
    bool const done = purpose == core::LinkPurpose::restore && facts.ordered;
    auto answer = done ? already_ordered_page(facts.shop_name, facts.shop_domain) : redirect(destination(facts));
    // The click counts only when it is durable, but a shopper is let through either way.
    auto const event = followed_event(opened->claims, facts, clock_.now(), core::machine_of(request));
    log_.append(one_record(event),
                [respond = std::move(respond), answer = std::move(answer)](Result<void>) { respond(answer); });
}

/// The picture comes at once, whatever is known of the message and of the log. Who asks not to be tracked is not.
void LinkService::show_pixel(HttpRequest const& request, Responder respond) {
    respond(pixel());
    if (!records_opens_ || core::visitor_of(request) == core::Visitor::objector) return;
    auto const claims = core::verify(request.captures.empty() ? std::string() : request.captures.front(), keys_, clock_.now());
    if (!claims || claims->purpose != core::LinkPurpose::open) return;
    log_.append(one_record(opened_event(*claims, clock_.now(), core::machine_of(request))), [](Result<void>) {});
}

void LinkService::show_unsubscribe(HttpRequest const& request, Responder respond) {
    if (auto const opened = open(request, core::LinkPurpose::unsubscribe, respond))
        respond(confirm_page(opened->facts.shop_name));
}

void LinkService::unsubscribe(HttpRequest const& request, Responder respond) {
    auto const opened = open(request, core::LinkPurpose::unsubscribe, respond);
    if (!opened) return;
    auto const& facts = opened->facts;
    if (facts.to.empty()) return respond(unsubscribed_page(facts.shop_name));  // erased: nothing left to stop
    auto const event = unsubscribed_event(opened->claims, facts, clock_.now());
    log_.append(one_record(event), [respond = std::move(respond), shop = facts.shop_name](Result<void> stored) {
        respond(stored ? unsubscribed_page(shop) : try_again_page());
    });
}

std::vector<Route> LinkService::routes() {
    using core::LinkPurpose;
    auto const route = [](std::string method, std::string pattern, std::string summary, std::size_t body,
                          std::function<void(HttpRequest const&, Responder)> handle) {
        return Route{std::move(method), std::move(pattern), std::move(summary), Route::Run::on_worker,
                     Route::Access::open, body, std::move(handle)};
    };
    return {
        route("GET", "/c/{token}", "Follow a message's link to the shop", 0,
              [this](HttpRequest const& request, Responder respond) {
                  follow(request, LinkPurpose::click, std::move(respond));
              }),
        route("GET", "/r/{token}", "Go back to the cart a message is about", 0,
              [this](HttpRequest const& request, Responder respond) {
                  follow(request, LinkPurpose::restore, std::move(respond));
              }),
        Route{"GET", "/o/{token}", "The picture in a mail that tells that it was opened", Route::Run::on_io, Route::Access::open, 0,
              [this](HttpRequest const& request, Responder respond) { show_pixel(request, std::move(respond)); }},
        route("GET", "/u/{token}", "Ask whether to unsubscribe; changes nothing", 0,
              [this](HttpRequest const& request, Responder respond) { show_unsubscribe(request, std::move(respond)); }),
        route("POST", "/u/{token}", "Unsubscribe the message's address on its channel (RFC 8058)", one_click_body,
              [this](HttpRequest const& request, Responder respond) { unsubscribe(request, std::move(respond)); }),
    };
}

}  // namespace recoup::service
