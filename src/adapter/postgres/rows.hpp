#pragma once
// A batch as one array a column, in Postgres' binary format, for unnest($2::text[], $3::bigint[], ...): nothing is quoted
// here or parsed there. A JSON array of rows, which is simpler to write, cost Postgres two parses of each document.

#include "core/codec/documents.hpp"

#include <pqxx/binarystring>

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace recoup::postgres {

class Rows {
public:
    enum class Type : std::uint32_t { boolean = 16, bigint = 20, text = 25, json = 114 };  // oids of pg_type
    struct Column {
        std::string_view name;
        Type type = Type::text;
    };

    /// In the order of the statement's parameters.
    Rows(std::initializer_list<Column> columns);

    /// Starts a row; the values put next are its own, each at most once, and what is not put is NULL. Columns are found at
    /// once when they are put in their order.
    Rows& row();
    Rows& put(std::string_view column, std::string_view text);
    Rows& put(std::string_view column, char const* text) { return put(column, std::string_view(text)); }
    Rows& put(std::string_view column, bool value);
    Rows& put(std::string_view column, std::int64_t value);
    Rows& put(std::string_view column, int value) { return put(column, std::int64_t{value}); }
    /// "" as NULL.
    Rows& put_text(std::string_view column, std::string_view text) { return text.empty() ? *this : put(column, text); }
    /// One of core/codec/documents.hpp, into a column of json or text.
    template <class T>
    Rows& document(std::string_view column, T const& value) {
        document_.clear();
        core::write_json(document_, value);
        return add(column, Type::json, document_);
    }

    bool empty() const noexcept { return size_ == 0; }
    std::size_t size() const noexcept { return size_; }
    /// The arrays of the rows so far.
    std::vector<pqxx::binarystring> parameters() const;

private:
    struct Values {
        Column column;
        std::string bytes;        // of the elements so far
        std::size_t count = 0;    // of the elements so far
        bool nulls = false;
    };

    Rows& add(std::string_view column, Type type, std::string_view bytes);
    Values& find(std::string_view column);
    static void pad(Values& values, std::size_t count);

    std::vector<Values> columns_;
    std::string document_;
    std::size_t size_ = 0;
    std::size_t next_ = 0;        // column that is probably put next
};

}  // namespace recoup::postgres
