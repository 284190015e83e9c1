#pragma once
// A sender with its shop and secrets, and what a source makes of its request.

#include "adapter/source/list.hpp"
#include "recoup/base/digest.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace recoup::test {

inline constexpr std::int64_t received_ms = 1'763'633'400'000;  // 2025-11-20T10:10:00Z

struct Sender {
    explicit Sender(std::unique_ptr<Source> chosen) : source(std::move(chosen)) {
        shop.id = "demo";
        shop.domain = "demo.myshopify.com";
        shop.currency = "USD";
        shop.country = "US";
        http.method = "POST";
        http.path = "/webhooks/demo/" + std::string(source->name());
    }

    void add_secret(std::string kind, std::string secret) {
        secrets.push_back({shop.id, std::string(source->name()), std::move(kind), std::move(secret), never});
    }
    void header(std::string_view name, std::string_view value) { http.headers.emplace_back(name, value); }

    SourceRequest request() const { return {http, shop, secrets, public_url, received_at, call}; }
    Result<void> authenticate() const { return source->authenticate(request()); }
    Result<Delivery> parse() const { return source->parse(request()); }

    /// The event of a delivery of one.
    Event event() const {
        auto delivery = parse();
        EXPECT_TRUE(delivery.has_value() && delivery->items.size() == 1 && delivery->items[0].event.has_value());
        if (!delivery || delivery->items.size() != 1 || !delivery->items[0].event) return {};
        return *delivery->items[0].event;
    }

    std::unique_ptr<Source> source;
    Shop shop;
    std::vector<ShopSecret> secrets;
    HttpRequest http;
    std::string call;
    std::string public_url = "https://recoup.example";
    Instant received_at = instant_from_millis(received_ms);
};

inline std::string code_of(Result<void> const& result) { return result ? "ok" : std::string(name(result.error().code)); }

inline bool has_key(Event const& event, KeyKind kind, std::string_view value) {
    for (auto const& key : event.keys)
        if (key.kind == kind && key.value == value) return true;
    return false;
}

/// The body as T; a failure and a default when it is something else.
template <class T>
T body(Event const& event) {
    EXPECT_TRUE(std::holds_alternative<T>(event.body)) << body_name(event.body);
    return std::holds_alternative<T>(event.body) ? std::get<T>(event.body) : T{};
}

inline std::string shopify_signature(std::string_view secret, std::string_view body) {
    return to_base64(hmac_sha256(as_bytes(secret), body));
}

}  // namespace recoup::test
