#pragma once
// Little-endian numbers in strings.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace recoup::spool {

template <class T>
void put(std::string& out, T value) {
    auto bits = static_cast<std::uint64_t>(value);
    for (std::size_t i = 0; i < sizeof(T); ++i, bits >>= 8) out += static_cast<char>(bits & 0xFF);
}

/// Takes a T off the front; false, and nothing taken, when there is not enough.
template <class T>
bool take(std::string_view& from, T& value) {
    if (from.size() < sizeof(T)) return false;
    std::uint64_t bits = 0;
    for (std::size_t i = sizeof(T); i-- > 0;) bits = bits << 8 | static_cast<std::uint8_t>(from[i]);
    value = static_cast<T>(bits);
    from.remove_prefix(sizeof(T));
    return true;
}

}  // namespace recoup::spool
