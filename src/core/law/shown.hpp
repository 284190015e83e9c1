#pragma once
// Whether a rendered message shows what a law wants in it.

#include "core/law/rule.hpp"

#include "recoup/domain/message.hpp"
#include "recoup/domain/shop.hpp"

namespace recoup::core {

/// Of an email the text part is asked, which everybody can read; a link may also be in the HTML alone.
bool shows(Message const& message, Need need, Shop const& shop);

}  // namespace recoup::core
