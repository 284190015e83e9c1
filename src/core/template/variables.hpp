#pragma once
// What a template may say, under Shopify's names where it has one (documented in config/templates/README.md).
// Everything a shopper or sender typed is cleaned here: no control or direction characters, bounded length, and no
// name that reads as a link.

#include "recoup/domain/cart.hpp"
#include "recoup/domain/order.hpp"
#include "recoup/domain/person.hpp"
#include "recoup/domain/sequence.hpp"
#include "recoup/domain/shop.hpp"

#include <nlohmann/json_fwd.hpp>

#include <map>
#include <optional>
#include <string>

namespace recoup::core {

/// Signed URLs of this message (core/link). Empty = the template sees nil.
struct MessageLinks {
    std::string restore_url;
    std::string unsubscribe_url;
};

/// Pieces that can be bought now, by variant id; absent = not tracked.
using Stock = std::map<std::string, std::int64_t>;
Stock pieces_of(std::map<std::string, Versioned<Variant>> const& goods);

struct TemplateInput {
    Shop const& shop;
    Person const& person;
    SequenceStep const& step;
    MessageLinks const& links;
    Incentive incentive = {};             // what may be promised; percent 0 = nothing
    Cart const* cart = nullptr;           // a cart sequence; its lines are what can be bought
    Payment const* payment = nullptr;     // a payment failure sequence
    Subscription const* subscription = nullptr;   // a win-back: the one that ended
    Stock stock = {};
};

nlohmann::json variables(TemplateInput const& input);

/// Cleans text that came from outside; at most `limit` characters.
std::string clean_text(std::string_view text, std::size_t limit);
/// A person's name, or nothing when it holds what mail readers turn into a link, or no letter.
std::string clean_name(std::string_view text);

}  // namespace recoup::core
