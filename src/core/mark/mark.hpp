#pragma once
// Marks: weak signs that an order and an intent are one shopper's although no key of theirs is the same. A mark may stop
// messages; it never joins persons, names an address or starts anything, for two people may share a door.

#include <string>
#include <string_view>

namespace recoup::core {

struct PostalAddress {
    std::string_view last_name, street, postal_code, city, country;
};

/// Hash of the name at the door and the door, whatever their case, spaces and punctuation. Empty when it could be many
/// doors: without a last name, a street with a digit in it, and a postal code or a city.
std::string address_mark(std::string_view shop_id, PostalAddress const& address);

/// Of the message whose link led there: an address with `recoup=<message id>` in its query. Empty = none.
std::string link_mark(std::string_view landing_site);
std::string message_mark(std::string_view message_id);

/// The address with our mark in its query, so that the store tells of it in the order's landing_site.
std::string with_mark(std::string url, std::string_view message_id);

}  // namespace recoup::core
