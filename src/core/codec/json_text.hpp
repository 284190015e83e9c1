#pragma once
// JSON text, appended to a string without a tree in between: documents and batches on their way to Postgres.

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>

namespace recoup::core {

/// Quoted and escaped. Bytes that are not UTF-8 become U+FFFD; NUL is left out, because Postgres cannot store it.
void append_json(std::string& out, std::string_view text);
void append_json(std::string& out, std::int64_t value);
/// The shortest form that reads back as the same number; null when it is not finite.
void append_json(std::string& out, double value);
inline void append_json(std::string& out, bool value) { out += value ? "true" : "false"; }
inline void append_json(std::string& out, char const* text) { append_json(out, std::string_view(text)); }
inline void append_json(std::string& out, std::string const& text) { append_json(out, std::string_view(text)); }
template <std::integral T>
void append_json(std::string& out, T value) {
    append_json(out, static_cast<std::int64_t>(value));
}

}  // namespace recoup::core
