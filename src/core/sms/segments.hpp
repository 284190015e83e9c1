#pragma once
// SMS lengths as carriers count them (GSM 03.38, reference: wire.md 18.1).

#include <cstddef>
#include <string>
#include <string_view>

namespace recoup::core {

struct SmsLength {
    bool gsm7 = true;            // else UCS-2
    std::size_t units = 0;       // septets, or UTF-16 units
    std::size_t segments = 0;    // 160/153 septets, 70/67 UTF-16 units
};

SmsLength sms_length(std::string_view utf8);

/// Typographic marks as their GSM-7 look-alikes ("’" to "'", dashes, ellipsis, no-break space), control characters
/// out, runs of blanks and line ends as one: what costs a second segment without being seen.
std::string sms_text(std::string_view utf8);

/// The longest beginning of `utf8` that fits `segments`, cut at a code point.
std::string_view sms_cut(std::string_view utf8, std::size_t segments);

}  // namespace recoup::core
