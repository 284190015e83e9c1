#pragma once
// Where a person lives, as far as quiet hours need it: from the address, then the phone prefix, then the shop. More
// than one zone means unsure, and hours must then be allowed in all of them (reference: wire.md 27, R5).

#include <string>
#include <string_view>
#include <vector>

namespace recoup::core {

struct PlaceHints {
    std::string_view timezone;   // IANA, said by the store; wins when valid
    std::string_view country;    // ISO 3166 alpha-2
    std::string_view region;     // US state, Canadian province or Australian state code
    std::string_view phone;      // E.164
    std::string_view shop_timezone;
};

/// IANA names, never empty.
std::vector<std::string> zones_of(PlaceHints const& hints);

bool known_zone(std::string_view iana);

}  // namespace recoup::core
