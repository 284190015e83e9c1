#pragma once
// Where a person is, as far as law and quiet hours need it: from the address, then the phone number, then the shop. Several
// candidates mean unsure, and what is sent must then be lawful in all of them (reference: wire.md 27, R5).

#include <string>
#include <string_view>
#include <vector>

namespace recoup::core {

struct PlaceHints {
    std::string_view timezone;       // IANA, said by the store; wins for the hours when valid
    std::string_view country;        // ISO 3166-1 alpha-2 of the address
    std::string_view region;         // ISO 3166-2 subdivision of it, "FL" or "US-FL"
    std::string_view phone;          // E.164
    bool by_phone = false;           // the phone is what is written to: its place counts beside that of the address
    std::string_view shop_country, shop_timezone;
};

struct Place {
    std::string country;             // ISO 3166-1 alpha-2; empty = not known
    std::string region;              // ISO 3166-2 without its country; empty = not known, so any of the country
    std::vector<std::string> zones;  // IANA, at least one
};

/// Never empty.
std::vector<Place> places_of(PlaceHints const& hints);

/// All zones of the places, each once.
std::vector<std::string> zones_of(std::vector<Place> const& places);

/// Zones of a part of a country; empty when it is not known.
std::vector<std::string> zones_of_region(std::string_view country, std::string_view region);

bool known_zone(std::string_view iana);

}  // namespace recoup::core
