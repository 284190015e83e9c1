#include "adapter/postgres/rows.hpp"

#include "recoup/base/assert.hpp"

#include <algorithm>
#include <array>
#include <concepts>

namespace recoup::postgres {
namespace {

constexpr std::string_view null_length = "\xFF\xFF\xFF\xFF";   // and no bytes behind it

template <std::unsigned_integral T>
std::array<char, sizeof(T)> big_endian(T value) {
    std::array<char, sizeof(T)> bytes;
    for (auto byte = bytes.rbegin(); byte != bytes.rend(); ++byte, value = static_cast<T>(value >> 8))
        *byte = static_cast<char>(value & 0xFF);
    return bytes;
}

template <std::unsigned_integral T>
void append_big_endian(std::string& out, T value) {
    auto const bytes = big_endian(value);
    out.append(bytes.data(), bytes.size());
}

}  // namespace

Rows::Rows(std::initializer_list<Column> columns) {
    columns_.reserve(columns.size());
    for (auto const& column : columns) columns_.push_back({column, {}, 0, false});
}

Rows& Rows::row() {
    ++size_;
    next_ = 0;
    return *this;
}

Rows& Rows::put(std::string_view column, std::string_view text) {
    if (text.find('\0') == std::string_view::npos) return add(column, Type::text, text);
    std::string clean(text);   // which Postgres does not store
    std::erase(clean, '\0');
    return add(column, Type::text, clean);
}

Rows& Rows::put(std::string_view column, bool value) {
    return add(column, Type::boolean, value ? std::string_view("\1", 1) : std::string_view("\0", 1));
}

Rows& Rows::put(std::string_view column, std::int64_t value) {
    auto const bytes = big_endian(static_cast<std::uint64_t>(value));
    return add(column, Type::bigint, {bytes.data(), bytes.size()});
}

Rows::Values& Rows::find(std::string_view column) {
    auto const is_it = [&](Values const& values) { return values.column.name == column; };
    auto const probable = columns_.begin() + static_cast<std::ptrdiff_t>(next_);
    auto const found = probable != columns_.end() && is_it(*probable) ? probable
                                                                      : std::find_if(columns_.begin(), columns_.end(), is_it);
    RECOUP_ASSERT(found != columns_.end());
    next_ = static_cast<std::size_t>(found - columns_.begin()) + 1;
    return *found;
}

Rows& Rows::add(std::string_view column, Type type, std::string_view bytes) {
    auto& values = find(column);
    auto const stored = values.column.type;
    RECOUP_ASSERT(values.count < size_);
    RECOUP_ASSERT(stored == type || (stored == Type::text && type == Type::json));   // the same bytes
    pad(values, size_ - 1);
    append_big_endian(values.bytes, static_cast<std::uint32_t>(bytes.size()));
    values.bytes += bytes;
    ++values.count;
    return *this;
}

/// NULLs up to `count` elements.
void Rows::pad(Values& values, std::size_t count) {
    for (; values.count < count; ++values.count) {
        values.bytes.append(null_length);
        values.nulls = true;
    }
}

/// array_recv of Postgres' src/backend/utils/adt/arrayfuncs.c: dimensions, has-nulls flag, element type, length and
/// lower bound, then each element behind its length.
std::vector<pqxx::binarystring> Rows::parameters() const {
    std::vector<pqxx::binarystring> arrays;
    arrays.reserve(columns_.size());
    auto const count = static_cast<std::uint32_t>(size_);
    std::string bytes;
    for (auto const& values : columns_) {
        bool const nulls = values.nulls || values.count < size_;
        bytes.clear();
        for (auto const part : {1U, nulls ? 1U : 0U, static_cast<std::uint32_t>(values.column.type), count, 1U}) append_big_endian(bytes, part);
        bytes += values.bytes;
        for (auto given = values.count; given < size_; ++given) bytes.append(null_length);
        arrays.emplace_back(bytes.data(), bytes.size());
    }
    return arrays;
}

}  // namespace recoup::postgres
