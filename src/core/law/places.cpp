#include "core/law/places.hpp"

#include "core/law/place_tables.hpp"

#include <date/tz.h>

#include <algorithm>
#include <stdexcept>

namespace recoup::core {
namespace {

template <class Table>
std::string_view look_up(Table const& table, std::string_view key) {
    for (auto const& [name, value] : table)
        if (name == key) return value;
    return {};
}

/// The names whose list holds the code.
template <class Table>
std::string_view listing(Table const& table, std::string_view code) {
    for (auto const& [name, codes] : table)
        if (codes.find(code) != std::string_view::npos) return name;
    return {};
}

std::vector<std::string> split(std::string_view list) {
    std::vector<std::string> out;
    while (!list.empty()) {
        auto const end = std::min(list.find(' '), list.size());
        if (end > 0) out.emplace_back(list.substr(0, end));
        list.remove_prefix(std::min(end + 1, list.size()));
    }
    return out;
}

std::string upper(std::string_view text) {
    std::string out(text);
    for (auto& letter : out)
        if (letter >= 'a' && letter <= 'z') letter = static_cast<char>(letter - 'a' + 'A');
    return out;
}

/// A region that is not one of the country's is not known: a law of any of its parts may apply.
Place place_of(std::string_view country, std::string_view region) {
    Place place;
    place.country = upper(country);
    auto code = upper(region);
    if (code.starts_with(place.country + "-")) code.erase(0, place.country.size() + 1);
    place.zones = zones_of_region(place.country, code);
    if (!place.zones.empty()) place.region = std::move(code);
    else place.zones = split(look_up(tables::country_zones, place.country));
    return place;
}

/// `named` is "US-FL".
Place part(std::string_view named) { return place_of(named.substr(0, 2), named.substr(3)); }

std::vector<Place> by_area_code(std::string_view code) {
    auto const region = listing(tables::area_regions, code);
    if (region.empty()) return {place_of("US", {}), place_of("CA", {})};
    if (region == "CA-NS") return {part("CA-NS"), part("CA-PE")};
    if (region == "CA-NT") return {part("CA-NT"), part("CA-NU"), part("CA-YT")};
    auto place = part(region);
    if (auto const zone = listing(tables::area_zones, code); !zone.empty()) place.zones = {std::string(zone)};
    return {std::move(place)};
}

std::vector<Place> by_phone(std::string_view phone) {
    if (phone.starts_with("+1") && phone.size() == 12) return by_area_code(phone.substr(2, 3));
    for (auto const& [code, country] : tables::calling_codes)
        if (phone.starts_with(code)) return {place_of(country, {})};
    return {};
}

bool same_country(std::vector<Place> const& places, std::string const& country) {
    return std::any_of(places.begin(), places.end(), [&](Place const& place) { return place.country == country; });
}

bool among(std::vector<Place> const& places, Place const& wanted) {
    return std::any_of(places.begin(), places.end(), [&](Place const& place) {
        return place.country == wanted.country && (place.region == wanted.region || place.region.empty());
    });
}

/// An address without its part of the country is where the area code says, and one that the area code contradicts is either.
std::vector<Place> reconciled(Place address, std::vector<Place> const& phone, bool by_phone) {
    if (address.zones.empty()) address.zones = zones_of(phone);
    if (phone.empty() || (phone.size() > 1 && same_country(phone, address.country))) return {std::move(address)};
    if (address.region.empty() && same_country(phone, address.country)) return phone;
    std::vector<Place> places{std::move(address)};
    if (by_phone)
        for (auto const& place : phone)
            if (!among(places, place) && !(place.region.empty() && place.country == places.front().country)) places.push_back(place);
    return places;
}

std::vector<Place> likely(PlaceHints const& hints) {
    auto phone = by_phone(hints.phone);
    if (!hints.country.empty()) return reconciled(place_of(hints.country, hints.region), phone, hints.by_phone);
    // A number that only says North America is of the shop's own country when that is there.
    if (phone.size() > 1 && same_country(phone, "US") && same_country(phone, "CA"))
        if (auto const own = upper(hints.shop_country); own == "US" || own == "CA") return {place_of(own, {})};
    if (!phone.empty()) return phone;
    auto place = place_of(hints.shop_country, {});
    place.zones.clear();
    return {std::move(place)};
}

}  // namespace

std::vector<Place> places_of(PlaceHints const& hints) {
    auto places = likely(hints);
    bool const said = known_zone(hints.timezone);
    for (auto& place : places) {
        if (said) place.zones = {std::string(hints.timezone)};
        else if (place.zones.empty()) place.zones = {known_zone(hints.shop_timezone) ? std::string(hints.shop_timezone) : "UTC"};
    }
    return places;
}

std::vector<std::string> zones_of(std::vector<Place> const& places) {
    std::vector<std::string> zones;
    for (auto const& place : places)
        for (auto const& zone : place.zones)
            if (std::find(zones.begin(), zones.end(), zone) == zones.end()) zones.push_back(zone);
    return zones;
}

std::vector<std::string> zones_of_region(std::string_view country, std::string_view region) {
    return region.empty() ? std::vector<std::string>{} : split(look_up(tables::region_zones, std::string(country) + "-" + std::string(region)));
}

bool known_zone(std::string_view iana) {
    if (iana.empty()) return false;
    try {
        return date::locate_zone(std::string(iana)) != nullptr;
    } catch (std::runtime_error const&) {
        return false;
    }
}

}  // namespace recoup::core
