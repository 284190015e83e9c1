#pragma once
// Holidays by rule: the days on which they fall, as days since 1970-01-01.

#include "recoup/base/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace recoup::core {

/// One of these, in every year from 2020 to 2099:
/// "12-25"            a date;
/// "easter+1"         days from Easter Sunday (Western, by the Gregorian computus), also "easter-2";
/// "mon#3 jan"        the third Monday of January, "mon#-1 may" the last one of May;
/// "2026-04-06"       that day only.
/// Errc::invalid otherwise.
Result<std::vector<std::int32_t>> days_of_holiday(std::string_view rule);

/// Easter Sunday (Meeus/Jones/Butcher).
std::int32_t easter_sunday(int year);

}  // namespace recoup::core
