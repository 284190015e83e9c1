#pragma once
// What a browser says about who drives it.

#include "recoup/port/http.hpp"

#include <string_view>

namespace recoup::core {

enum class Visitor : unsigned char {
    shopper,
    robot,      // no user agent, or one of a crawler, a script or a headless browser
    prefetch,   // a page fetched before anybody looked at it
    objector,   // asks not to be tracked: Global Privacy Control, Do Not Track
};

/// By User-Agent, Purpose, Sec-Purpose, X-Moz, X-Purpose, Sec-GPC and DNT.
Visitor visitor_of(HttpRequest const& head);

bool is_robot(std::string_view user_agent);
/// By the names that crawlers, link previews, HTTP libraries and automated browsers go by; no name says nothing.
bool is_named_robot(std::string_view user_agent);
/// Asked for before anybody looked, as browsers say.
bool is_prefetch(HttpRequest const& head);

}  // namespace recoup::core
