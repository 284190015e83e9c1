#pragma once
// Liquid's values are JSON: what is true, how it compares, how it prints.

#include <nlohmann/json.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace recoup::core::liquid {

using Value = nlohmann::json;

/// Only nil and false are false.
inline bool truthy(Value const& value) {
    return !value.is_null() && !(value.is_boolean() && !value.get<bool>());
}

/// nil prints as nothing, lists as their joined items, objects as nothing (so that no dump of state can leak).
std::string to_text(Value const& value);

/// nil, false, "", [] and {}; what the `default` filter replaces and what `== blank` means.
bool blank(Value const& value);

/// Negative, zero, positive; nullopt when the two do not compare (Liquid then says false).
std::optional<int> compare(Value const& a, Value const& b);
bool equal(Value const& a, Value const& b);
/// Substring of a text, element of a list.
bool contains(Value const& whole, Value const& part);

/// 0 when not a number; texts that read as integers count.
std::int64_t to_integer(Value const& value);

/// `value.key`, `value[key]`, with size, first and last; nil when there is none.
Value member(Value const& value, Value const& key);
/// The same without a copy where the member is stored in `value`; nullptr when it must be computed or is absent.
Value const* find_member(Value const& value, Value const& key);

/// Characters, not bytes.
std::size_t code_points(std::string_view text);
/// The first `count` characters.
std::string_view code_point_prefix(std::string_view text, std::size_t count);

}  // namespace recoup::core::liquid
