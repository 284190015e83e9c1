#pragma once
// application/x-www-form-urlencoded bodies.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace recoup::source::twilio {

/// Decoded pairs in order of appearance.
using Form = std::vector<std::pair<std::string, std::string>>;

/// Never fails: a broken escape stays as it is. At most 256 pairs.
Form parse_form(std::string_view body);
/// The first value of that name; "" when absent or not valid UTF-8.
std::string value(Form const& form, std::string_view name);

}  // namespace recoup::source::twilio
