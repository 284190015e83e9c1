#pragma once
// What a text message from a person means for consent.

#include <string_view>

namespace recoup::source::twilio {

enum class Meaning : unsigned char { stop, start, help, other };

/// `opt_out_type` is Twilio's own reading (STOP, START, HELP) or empty. Whole-message keywords as Twilio, the CTIA handbook and the
/// US rules (47 CFR 64.1200(a)(10)) list them, and their like in the languages of the countries of core/law/zones; case, accents
/// and punctuation do not matter. A sentence that holds a word of revocation also stops, because silence is the safe mistake.
/// Consent is granted by the English keywords only: a "ja" or "si" out of the blue may be about anything.
Meaning meaning_of(std::string_view opt_out_type, std::string_view body);

}  // namespace recoup::source::twilio
