#include "core/law/calendar.hpp"

#include <date/date.h>

#include <gtest/gtest.h>

#include <algorithm>

namespace recoup::core::calendar_test {
namespace {

std::int32_t day(int year, unsigned month, unsigned of_month) {
    return static_cast<std::int32_t>(date::sys_days{date::year{year} / date::month{month} / date::day{of_month}}.time_since_epoch().count());
}

bool falls_on(std::string_view rule, std::int32_t wanted) {
    auto const days = days_of_holiday(rule);
    return days && std::find(days->begin(), days->end(), wanted) != days->end();
}

TEST(Calendar, EasterFallsWhereTheChurchesSay) {
    // Tables of the Western Easter, among them its earliest and latest dates.
    EXPECT_EQ(easter_sunday(2024), day(2024, 3, 31));
    EXPECT_EQ(easter_sunday(2025), day(2025, 4, 20));
    EXPECT_EQ(easter_sunday(2026), day(2026, 4, 5));
    EXPECT_EQ(easter_sunday(2027), day(2027, 3, 28));
    EXPECT_EQ(easter_sunday(2038), day(2038, 4, 25));
    EXPECT_EQ(easter_sunday(1818), day(1818, 3, 22));
    EXPECT_EQ(easter_sunday(2285), day(2285, 3, 22));
}

TEST(Calendar, RulesNameTheirDays) {
    EXPECT_TRUE(falls_on("12-25", day(2031, 12, 25)));
    EXPECT_TRUE(falls_on("easter+39", day(2026, 5, 14)));    // Ascension
    EXPECT_TRUE(falls_on("easter-2", day(2027, 3, 26)));     // Good Friday
    EXPECT_TRUE(falls_on("easter", day(2026, 4, 5)));
    EXPECT_TRUE(falls_on("mon#3 jan", day(2026, 1, 19)));
    EXPECT_TRUE(falls_on("thu#4 nov", day(2026, 11, 26)));
    EXPECT_TRUE(falls_on("mon#-1 may", day(2026, 5, 25)));
    EXPECT_EQ(days_of_holiday("2026-04-06").value(), std::vector{day(2026, 4, 6)});
}

TEST(Calendar, WhatIsNoHolidayIsRefused) {
    for (auto const* bad : {"", "13-01", "02-30", "02-29", "2026-02-29", "mon#5 jan", "mon#0 jan", "mon#2", "day#1 jan", "easter+x",
                            "easter+400", "12/25", "+1-02"})
        EXPECT_FALSE(days_of_holiday(bad)) << bad;
}

}  // namespace
}  // namespace recoup::core::calendar_test
