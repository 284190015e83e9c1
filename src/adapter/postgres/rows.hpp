#pragma once
// A batch as one parameter: a JSON array of flat rows for jsonb_to_recordset, written straight as text.

#include "core/codec/documents.hpp"
#include "core/codec/json_text.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace recoup::postgres {

class Rows {
public:
    /// Starts a row; the columns put next are its own.
    Rows& row();
    template <class T>
    Rows& put(char const* column, T const& value) {
        core::append_json(start(column), value);
        return *this;
    }
    /// "" as NULL.
    Rows& put_text(char const* column, std::string_view text) { return text.empty() ? null(column) : put(column, text); }
    /// One of core/codec/documents.hpp.
    template <class T>
    Rows& document(char const* column, T const& value) {
        core::write_json(start(column), value);
        return *this;
    }
    Rows& null(char const* column) {
        start(column) += "null";
        return *this;
    }

    bool empty() const noexcept { return size_ == 0; }
    std::size_t size() const noexcept { return size_; }
    /// The finished array.
    std::string text() const { return text_ + (size_ == 0 ? "[]" : "}]"); }

private:
    std::string& start(char const* column);

    std::string text_;
    std::size_t size_ = 0;
    bool first_column_ = true;
};

}  // namespace recoup::postgres
