#pragma once
// What is texted back to who sent a keyword, where Twilio does not do so by itself (CTIA messaging principles: the sender's name, that
// rates may apply, HELP and STOP; one confirmation of a STOP, without marketing: 47 CFR 64.1200(a)(12)).

#include "adapter/source/twilio/keywords.hpp"

#include "recoup/domain/shop.hpp"

#include <string>

namespace recoup::source::twilio {

/// One or two segments; empty: nothing is answered.
std::string reply_to(Meaning meaning, Shop const& shop);

/// TwiML (twilio.com/docs/messaging/twiml) that answers the sender with the text, or with nothing when it is empty.
std::string answer_text(std::string const& reply);

}  // namespace recoup::source::twilio
