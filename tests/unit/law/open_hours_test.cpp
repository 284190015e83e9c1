#include "core/law/open_hours.hpp"

#include <gtest/gtest.h>

namespace recoup::core::open_hours_test {
namespace {

Instant at(char const* text) { return *parse_rfc3339(text); }

std::vector<HoursIn> in(std::vector<std::string> const& zones, OpenHours const& hours) {
    std::vector<HoursIn> all;
    for (auto const& zone : zones) all.push_back({&hours, &zone});
    return all;
}

TEST(OpenHours, MoveToTheFirstMomentThatSuitsEveryZone) {
    auto const quiet = *parse_quiet_hours("21:00-08:00");
    std::vector<std::string> const both{"America/New_York", "America/Los_Angeles"};
    // 8:00 in Los Angeles is 11:00 in New York.
    EXPECT_EQ(next_open(at("2026-03-02T11:00:00Z"), at("2026-03-04T00:00:00Z"), in(both, quiet)), at("2026-03-02T16:00:00Z"));
    EXPECT_EQ(next_open(at("2026-03-02T11:00:00Z"), at("2026-03-02T15:59:00Z"), in(both, quiet)), std::nullopt);
}

TEST(OpenHours, DaysAndHoursAreOfTheRecipient) {
    auto const window = *parse_send_window("09:00-17:00", {"mon", "tue", "wed", "thu", "fri"});
    std::vector<std::string> const berlin{"Europe/Berlin"};
    EXPECT_TRUE(is_open(at("2026-03-06T15:59:00Z"), in(berlin, window)));     // Friday 16:59
    EXPECT_FALSE(is_open(at("2026-03-06T16:00:00Z"), in(berlin, window)));
    EXPECT_EQ(next_open(at("2026-03-06T16:00:00Z"), at("2026-03-30T00:00:00Z"), in(berlin, window)), at("2026-03-09T08:00:00Z"));
    EXPECT_TRUE(parse_send_window("", {})->always());
    EXPECT_TRUE(is_open(at("2026-03-08T03:00:00Z"), {}));
}

TEST(OpenHours, AWindowOverMidnightBelongsToBothDays) {
    auto const window = *parse_send_window("22:00-02:00", {});
    std::vector<std::string> const utc{"UTC"};
    EXPECT_TRUE(is_open(at("2026-03-06T23:00:00Z"), in(utc, window)));
    EXPECT_TRUE(is_open(at("2026-03-07T01:59:00Z"), in(utc, window)));
    EXPECT_EQ(next_open(at("2026-03-07T02:00:00Z"), at("2026-03-09T00:00:00Z"), in(utc, window)), at("2026-03-07T22:00:00Z"));
    EXPECT_TRUE(parse_quiet_hours("")->always());
    EXPECT_TRUE(parse_quiet_hours("08:00-08:00")->always());
    EXPECT_FALSE(parse_quiet_hours("8-9"));
}

TEST(OpenHours, SpringForwardOverTheMissingHour) {
    auto const quiet = *parse_quiet_hours("21:00-02:30");   // there is no 2:30 in New York on 8 March 2026
    std::vector<std::string> const new_york{"America/New_York"};
    EXPECT_EQ(next_open(at("2026-03-08T06:30:00Z"), at("2026-03-09T00:00:00Z"), in(new_york, quiet)), at("2026-03-08T07:00:00Z"));
    // 1:30 comes twice on 1 November; the first is good.
    auto const late = *parse_quiet_hours("21:00-01:30");
    EXPECT_EQ(next_open(at("2026-11-01T04:30:00Z"), at("2026-11-02T00:00:00Z"), in(new_york, late)), at("2026-11-01T05:30:00Z"));
    // When it is 1:00 for the second time, that is quiet again.
    EXPECT_EQ(next_open(at("2026-11-01T06:00:00Z"), at("2026-11-02T00:00:00Z"), in(new_york, late)), at("2026-11-01T06:30:00Z"));
}

TEST(OpenHours, WhatNeverOpensIsDropped) {
    auto const never_open = *parse_week({"sun none"});
    std::vector<std::string> const utc{"UTC"};
    EXPECT_EQ(next_open(at("2026-03-08T06:30:00Z"), at("2026-06-09T00:00:00Z"), in(utc, never_open)), std::nullopt);
}

TEST(OpenHours, WeeksAreReadAsTheyAreWritten) {
    auto const week = *parse_week({"mon-sat 09:00-21:00", "sun 12:00-21:00"});
    EXPECT_EQ(week.days[5], (DayHours{{Span{540, 1260}, Span{}}}));
    EXPECT_EQ(week.days[6], (DayHours{{Span{720, 1260}, Span{}}}));
    EXPECT_EQ(parse_week({"tue 09:00-10:00"})->days[0], DayHours{});
    for (auto const* bad : {"mon-sat", "mon 21:00-09:00", "day 09:00-10:00", "sat-mon 09:00-10:00", "mon 9-10", ""})
        EXPECT_FALSE(parse_week({bad})) << bad;
}

TEST(OpenHours, RefuseWhatIsNoWindow) {
    EXPECT_FALSE(parse_send_window("20:00", {}));
    EXPECT_FALSE(parse_send_window("09:00-09:00", {}));
    EXPECT_FALSE(parse_send_window("", {"someday"}));
}

}  // namespace
}  // namespace recoup::core::open_hours_test
