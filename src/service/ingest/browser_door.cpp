#include "service/ingest/browser_door.hpp"

#include "core/web/address_prefix.hpp"
#include "core/web/origin.hpp"
#include "core/web/text.hpp"
#include "core/web/visitor.hpp"
#include "recoup/base/digest.hpp"
#include "recoup/base/limits.hpp"

#include <algorithm>
#include <set>

namespace recoup::service::ingest {
namespace {

constexpr std::size_t key_buckets = 1024;

/// No Origin = no page of another site: browsers send it with every POST.
bool may_speak(HttpRequest const& head, Shop const& shop) {
    auto const origin = head.header("origin");
    return origin.empty() || core::origin_allowed(shop, origin);
}

HttpResponse other_origin() {
    auto answer = problem(403, "origin-not-allowed", "This page may not speak for the shop",
                          "Add its origin: recoup shop origins <shop> --add https://...");
    answer.headers.emplace_back("Vary", "Origin");
    return answer;
}

HttpResponse nothing() {
    HttpResponse answer;
    answer.status = 204;
    return answer;
}

/// The address our own proxy saw: the last one in the list, since all others are hearsay.
std::string_view last_forwarded(HttpRequest const& head) {
    auto const list = head.header("x-forwarded-for");
    auto const comma = list.rfind(',');
    return core::trimmed(comma == std::string_view::npos ? list : list.substr(comma + 1));
}

}  // namespace

BrowserDoor::BrowserDoor(Clock const& clock, Metrics& metrics, BrowserLimits limits, std::string salt)
    : clock_(clock),
      metrics_(metrics),
      salt_(std::move(salt)),
      limits_(std::move(limits)),
      addresses_(limits::rate_buckets),
      visitors_(limits::rate_buckets),
      keys_(key_buckets) {}

void BrowserDoor::set_limits(BrowserLimits limits) {
    std::lock_guard const lock(mutex_);
    limits_ = std::move(limits);
}

std::optional<HttpResponse> BrowserDoor::before_body(HttpRequest const& head, Shop const& shop) {
    if (!may_speak(head, shop)) return forget("origin", other_origin());
    switch (core::visitor_of(head)) {
        case core::Visitor::robot: return forget("robot", nothing());
        case core::Visitor::prefetch: return forget("prefetch", nothing());
        case core::Visitor::objector: return forget("objector", nothing());
        case core::Visitor::shopper: break;
    }
    std::lock_guard const lock(mutex_);
    auto const address = address_of(head, shop);
    if (!address) return std::nullopt;
    auto const wait = addresses_.wait(*address, limits_.address, clock_.ticks());
    if (wait.count() > 0) return slow_down("address_rate", wait);
    return std::nullopt;
}

std::optional<HttpResponse> BrowserDoor::before_keeping(HttpRequest const& head, Shop const& shop, std::string_view key,
                                                        Delivery const& delivery) {
    std::set<std::uint64_t> visitors;
    for (auto const& item : delivery.items) {
        if (!item.event) continue;
        for (auto const& known : item.event->keys)
            if (known.kind == KeyKind::anonymous_id) visitors.insert(hash("visitor", shop.id, known.value));
    }
    auto const key_hash = hash("key", shop.id, key);
    auto const count = std::max<double>(1, static_cast<double>(delivery.items.size()));
    auto const now = clock_.ticks();
    std::lock_guard const lock(mutex_);
    if (auto const wait = keys_.wait(key_hash, limits_.key, now); wait.count() > 0) return slow_down("key_rate", wait);
    for (auto const visitor : visitors)
        if (auto const wait = visitors_.wait(visitor, limits_.visitor, now); wait.count() > 0)
            return slow_down("visitor_rate", wait);
    keys_.take(key_hash, limits_.key, count, now);
    for (auto const visitor : visitors) visitors_.take(visitor, limits_.visitor, count, now);
    if (auto const address = address_of(head, shop)) addresses_.take(*address, limits_.address, count, now);
    return std::nullopt;
}

HttpResponse BrowserDoor::preflight(HttpRequest const& head, Shop const& shop) {
    auto const origin = head.header("origin");
    if (origin.empty() || !core::origin_allowed(shop, origin)) return other_origin();
    auto answer = nothing();
    answer.headers = {{"Access-Control-Allow-Origin", std::string(origin)},
                      {"Access-Control-Allow-Methods", "POST"},
                      {"Access-Control-Allow-Headers", "content-type, x-recoup-key"},
                      {"Access-Control-Max-Age", "86400"},
                      {"Vary", "Origin"}};
    return answer;
}

HeaderList BrowserDoor::headers_for(HttpRequest const& head, Shop const& shop) {
    HeaderList headers{{"Vary", "Origin"}};
    auto const origin = head.header("origin");
    if (!origin.empty() && core::origin_allowed(shop, origin))
        headers.emplace_back("Access-Control-Allow-Origin", std::string(origin));
    return headers;
}

std::uint64_t BrowserDoor::hash(std::string_view kind, std::string_view shop_id, std::string_view what) const {
    std::string text(salt_);
    for (auto const part : {kind, shop_id, what}) (text += '\0') += part;
    return stable_hash(text);
}

std::optional<std::uint64_t> BrowserDoor::address_of(HttpRequest const& head, Shop const& shop) const {
    std::string_view address = head.remote;
    if (std::find(limits_.proxies.begin(), limits_.proxies.end(), head.remote) != limits_.proxies.end())
        address = last_forwarded(head);
    auto const prefix = core::address_prefix(address);
    return prefix ? std::optional(hash("address", shop.id, *prefix)) : std::nullopt;
}

HttpResponse BrowserDoor::slow_down(std::string_view reason, std::chrono::nanoseconds wait) {
    auto answer = problem(429, "too-many-events", "Too many events", "Nothing was kept; slow down.");
    answer.headers.emplace_back("Retry-After", std::to_string(core::retry_seconds(wait)));
    answer.can_wait = true;
    return forget(reason, std::move(answer));
}

HttpResponse BrowserDoor::forget(std::string_view reason, HttpResponse answer) {
    metrics_.add(Metric::pixel_dropped, reason);
    return answer;
}

}  // namespace recoup::service::ingest
