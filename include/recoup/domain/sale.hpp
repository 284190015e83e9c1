#pragma once
// Sale: a time in which a shop has an offer of its own. Messages then carry no incentive on top of it, and the report
// names the period, for an experiment that ran through it measured something else.

#include "recoup/base/time.hpp"

#include <string>

namespace recoup {

struct Sale {
    std::string shop_id;      // empty = every shop
    Instant since{};
    Instant until{};          // never = it goes on
    std::string note;         // why, for people; no personal data

    bool on(std::string_view shop, Instant at) const {
        return (shop_id.empty() || shop_id == shop) && since <= at && (until == never || at < until);
    }
};

}  // namespace recoup
