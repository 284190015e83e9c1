#include "core/law/place_tables.hpp"
#include "core/law/places.hpp"

#include <gtest/gtest.h>

#include <set>

namespace recoup::core::places_test {
namespace {

std::string told(PlaceHints const& hints) {
    std::string out;
    for (auto const& place : places_of(hints)) {
        out += (out.empty() ? "" : " | ") + place.country + (place.region.empty() ? "" : "-" + place.region);
        out += place.zones.size() > 3 ? " many" : "";
        for (std::size_t i = 0; i < place.zones.size() && place.zones.size() <= 3; ++i) out += " " + place.zones[i];
    }
    return out;
}

PlaceHints hints(std::string_view country, std::string_view region = {}, std::string_view phone = {}, bool by_phone = false) {
    PlaceHints out;
    out.country = country;
    out.region = region;
    out.phone = phone;
    out.by_phone = by_phone;
    return out;
}

TEST(Places, TheAddressComesFirst) {
    EXPECT_EQ(told(hints("US", "NY")), "US-NY America/New_York");
    EXPECT_EQ(told(hints("us", "us-ny")), "US-NY America/New_York");
    EXPECT_EQ(told(hints("US", "FL")), "US-FL America/New_York America/Chicago");
    EXPECT_EQ(told(hints("DE", "BE")), "DE Europe/Berlin") << "parts that we have no law of are not told apart";
    EXPECT_EQ(told(hints("US", "New York")), "US many") << "a region that is not understood may be any";
    EXPECT_EQ(told(hints("US", "NY", "+13105551234")), "US-NY America/New_York") << "an email goes to the address";
}

TEST(Places, ThenThePhone) {
    EXPECT_EQ(told(hints("", "", "+12125551234")), "US-NY America/New_York");
    EXPECT_EQ(told(hints("", "", "+13055551234")), "US-FL America/New_York") << "an area code may be more certain than its state";
    EXPECT_EQ(told(hints("", "", "+14165551234")), "CA-ON America/Toronto");
    EXPECT_EQ(told(hints("", "", "+19025551234")), "CA-NS America/Halifax | CA-PE America/Halifax");
    EXPECT_EQ(told(hints("", "", "+4930123456")), "DE Europe/Berlin");
    EXPECT_EQ(told(hints("", "", "+77012345678")), "KZ Asia/Almaty");
    EXPECT_EQ(told(hints("US", "", "+12125551234")), "US-NY America/New_York") << "it says which part of the address's country";
}

TEST(Places, SeveralThatDisagreeAreAllAsked) {
    EXPECT_EQ(told(hints("US", "NY", "+13105551234", true)), "US-NY America/New_York | US-CA America/Los_Angeles");
    EXPECT_EQ(told(hints("FR", "", "+447911123456", true)), "FR Europe/Paris | GB Europe/London");
    EXPECT_EQ(told(hints("US", "NY", "+19175551234", true)), "US-NY America/New_York");
    EXPECT_EQ(told(hints("", "", "+18005551234")), "US many | CA many") << "toll-free: anywhere in North America";
}

TEST(Places, TheShopIsTheLastToAsk) {
    PlaceHints shop;
    shop.shop_country = "GB";
    shop.shop_timezone = "Europe/London";
    EXPECT_EQ(told(shop), "GB Europe/London");
    shop.phone = "+18005551234";
    EXPECT_EQ(told(shop), "US many | CA many");
    shop.shop_country = "US";
    EXPECT_EQ(told(shop), "US many");
    EXPECT_EQ(told({}), " UTC");
    shop.timezone = "America/Denver";
    EXPECT_EQ(told(shop), "US America/Denver") << "what the store says of the zone wins";
}

TEST(Places, EveryZoneOfTheTablesIsOneOfTheDatabase) {
    std::set<std::string_view> countries;
    auto const check = [](std::string_view place, std::string_view zones) {
        for (std::string_view rest = zones; !rest.empty();) {
            auto const end = std::min(rest.find(' '), rest.size());
            EXPECT_TRUE(known_zone(rest.substr(0, end))) << place << ' ' << rest.substr(0, end);
            rest.remove_prefix(std::min(end + 1, rest.size()));
        }
    };
    for (auto const& [country, zones] : tables::country_zones) {
        EXPECT_TRUE(countries.insert(country).second) << country;
        check(country, zones);
    }
    for (auto const& [region, zones] : tables::region_zones) check(region, zones);
    for (auto const& [zone, codes] : tables::area_zones) check(zone, zone);
    for (auto const& [code, country] : tables::calling_codes) EXPECT_TRUE(countries.contains(country)) << code;
    for (auto const& [region, codes] : tables::area_regions)
        EXPECT_FALSE(zones_of_region(region.substr(0, 2), region.substr(3)).empty()) << region;
    EXPECT_GT(countries.size(), 240U);
}

}  // namespace
}  // namespace recoup::core::places_test
