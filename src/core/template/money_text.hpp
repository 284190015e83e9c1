#pragma once
// Money as shoppers read it.

#include "recoup/domain/money.hpp"

#include <string>

namespace recoup::core {

/// "$1,299.00", "€42.50", "¥1,200"; a currency without a well-known symbol of its own is named: "1,299.00 CHF".
std::string money_text(Money const& money);

}  // namespace recoup::core
