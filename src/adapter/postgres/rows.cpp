#include "adapter/postgres/rows.hpp"

#include "recoup/base/assert.hpp"

#include <algorithm>

namespace recoup::postgres {
namespace {

void put_big_endian(std::string& out, std::uint64_t value, int bytes) {
    for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8) out += static_cast<char>(value >> shift & 0xFF);
}

}  // namespace

Rows::Rows(std::initializer_list<Column> columns) {
    for (auto const& column : columns) columns_.push_back({column, {}, 0, false});
}

Rows& Rows::row() {
    ++size_;
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
    std::string bytes;
    put_big_endian(bytes, static_cast<std::uint64_t>(value), 8);
    return add(column, Type::bigint, bytes);
}

Rows& Rows::add(std::string_view name, Type type, std::string_view bytes) {
    auto const values = std::find_if(columns_.begin(), columns_.end(), [&](auto const& one) { return one.column.name == name; });
    RECOUP_ASSERT(values != columns_.end() && values->count < size_);
    auto const stored = values->column.type;
    RECOUP_ASSERT(stored == type || (stored == Type::text && type == Type::json));   // the same bytes
    pad(*values, size_ - 1);
    put_big_endian(values->bytes, bytes.size(), 4);
    values->bytes += bytes;
    ++values->count;
    return *this;
}

/// NULLs up to `count` elements.
void Rows::pad(Values& values, std::size_t count) {
    for (; values.count < count; ++values.count) {
        values.bytes.append(4, '\xFF');
        values.nulls = true;
    }
}

/// array_recv of Postgres' src/backend/utils/adt/arrayfuncs.c: dimensions, has-nulls flag, element type, length and
/// lower bound, then each element behind its length.
std::vector<pqxx::binarystring> Rows::parameters() const {
    std::vector<pqxx::binarystring> arrays;
    std::string bytes;
    for (auto values : columns_) {
        pad(values, size_);
        bytes.clear();
        put_big_endian(bytes, 1, 4);
        put_big_endian(bytes, values.nulls ? 1 : 0, 4);
        put_big_endian(bytes, static_cast<std::uint32_t>(values.column.type), 4);
        put_big_endian(bytes, size_, 4);
        put_big_endian(bytes, 1, 4);
        bytes += values.bytes;
        arrays.emplace_back(bytes.data(), bytes.size());
    }
    return arrays;
}

}  // namespace recoup::postgres
