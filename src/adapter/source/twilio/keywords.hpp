#pragma once
// What a text message from a person means for consent.

#include <string_view>

namespace recoup::source::twilio {

enum class Meaning : unsigned char { stop, start, other };

/// `opt_out_type` is Twilio's own reading (STOP, START, HELP) or empty. Whole-message keywords as Twilio and the US
/// rules list them; a sentence that contains a word of revocation also stops, because silence is the safe mistake.
Meaning meaning_of(std::string_view opt_out_type, std::string_view body);

}  // namespace recoup::source::twilio
