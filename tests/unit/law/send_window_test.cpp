#include "core/law/send_window.hpp"

#include <date/tz.h>

#include <gtest/gtest.h>

namespace recoup::core {
namespace {

Instant at(char const* text) { return *parse_rfc3339(text); }

int wall_minute(Instant moment, std::string const& zone) {
    auto const local = date::locate_zone(zone)->to_local(moment);
    return static_cast<int>(std::chrono::duration_cast<std::chrono::minutes>(local - date::floor<date::days>(local)).count());
}

/// The two hours around every change of the zone's clocks and every 400th minute of two years.
std::vector<Instant> moments(date::time_zone const& zone) {
    Instant const begin = at("2025-12-31T00:00:00Z"), end = at("2027-12-31T00:00:00Z");
    std::vector<Instant> out;
    for (Instant moment = begin; moment < end; moment += std::chrono::minutes{400}) out.push_back(moment);
    for (Instant moment = begin; moment < end;) {
        auto const until = zone.get_info(moment).end;
        if (until >= end) break;
        moment = std::chrono::time_point_cast<Millis>(until);
        for (auto near = moment - std::chrono::hours{2}; near <= moment + std::chrono::hours{2}; near += std::chrono::minutes{15})
            out.push_back(near);
    }
    return out;
}

TEST(SendWindow, NeverLandsInQuietHoursInAnyZoneOnAnyDay) {
    auto const quiet = *parse_quiet_hours("21:00-08:00");
    auto const closed = [&](int minute) { return minute >= 21 * 60 || minute < 8 * 60; };
    int zones = 0;
    for (auto const& zone : date::get_tzdb().zones) {
        ++zones;
        std::vector<std::string> const here{zone.name()};
        for (auto const moment : moments(zone)) {
            auto const moved = next_open(moment, moment + std::chrono::hours{48}, here, quiet, {});
            ASSERT_TRUE(moved) << zone.name() << ' ' << to_rfc3339(moment);
            ASSERT_FALSE(closed(wall_minute(*moved, zone.name()))) << zone.name() << ' ' << to_rfc3339(moment);
            ASSERT_EQ(closed(wall_minute(moment, zone.name())), *moved != moment) << zone.name() << ' ' << to_rfc3339(moment);
            ASSERT_LE(*moved - moment, std::chrono::hours{24 + 12}) << zone.name();   // a whole day can be missing (Samoa)
        }
    }
    EXPECT_GT(zones, 300);
}

TEST(SendWindow, MovesToTheFirstMomentThatSuitsEveryZone) {
    auto const quiet = *parse_quiet_hours("21:00-08:00");
    std::vector<std::string> const both{"America/New_York", "America/Los_Angeles"};
    // 8:00 in Los Angeles is 11:00 in New York.
    EXPECT_EQ(next_open(at("2026-03-02T11:00:00Z"), at("2026-03-04T00:00:00Z"), both, quiet, {}), at("2026-03-02T16:00:00Z"));
    EXPECT_EQ(next_open(at("2026-03-02T11:00:00Z"), at("2026-03-02T15:59:00Z"), both, quiet, {}), std::nullopt);
}

TEST(SendWindow, DaysAndHoursAreOfTheRecipient) {
    auto const window = *parse_send_window("09:00-17:00", {"mon", "tue", "wed", "thu", "fri"});
    std::vector<std::string> const berlin{"Europe/Berlin"};
    EXPECT_TRUE(is_open(at("2026-03-06T15:59:00Z"), berlin, window));     // Friday 16:59
    EXPECT_FALSE(is_open(at("2026-03-06T16:00:00Z"), berlin, window));
    EXPECT_EQ(next_open(at("2026-03-06T16:00:00Z"), at("2026-03-30T00:00:00Z"), berlin, {}, window), at("2026-03-09T08:00:00Z"));
    EXPECT_TRUE(parse_send_window("", {})->always());
    EXPECT_TRUE(is_open(at("2026-03-08T03:00:00Z"), berlin, {}));
}

TEST(SendWindow, SpringsForwardOverTheMissingHour) {
    auto const quiet = *parse_quiet_hours("21:00-02:30");   // there is no 2:30 in New York on 8 March 2026
    EXPECT_EQ(next_open(at("2026-03-08T06:30:00Z"), at("2026-03-09T00:00:00Z"), {"America/New_York"}, quiet, {}),
              at("2026-03-08T07:00:00Z"));
}

TEST(SendWindow, RefusesWhatIsNoWindow) {
    EXPECT_FALSE(parse_send_window("20:00", {}));
    EXPECT_FALSE(parse_send_window("09:00-09:00", {}));
    EXPECT_FALSE(parse_send_window("", {"someday"}));
}

}  // namespace
}  // namespace recoup::core
