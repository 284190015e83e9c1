#pragma once
// `recoup trigger EVENT`: one prepared thing happens in the store, told to a running daemon by signed Shopify webhooks,
// so that the whole path is tried.

#include "app/demo/signed_call.hpp"

#include "recoup/base/result.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace recoup::trigger {

struct Request {
    demo::Store store;             // its events_secret and pixel_key are not used
    std::string event;             // one of events()
    std::string email, phone;      // empty email = you@example.com
    std::string currency = "USD";
    std::int64_t value_minor = 8900;
    Instant now{};                 // a daemon on a manual clock takes it as its own present when it is later
};

struct Event {
    std::string_view name, help;
};
std::span<Event const> events();

struct Delivered {
    std::string topic, id;
    int status = 0;
};

/// What was sent and how it was answered, in order. Errc::invalid for an unknown event (names the known ones) or a
/// refusal, Errc::unavailable when nobody answers.
Result<std::vector<Delivered>> trigger(Request const& request, HttpClient& client);

}  // namespace recoup::trigger
