#pragma once
// Statements: every one has a name and parameters, and is prepared once a session. Batches go as one parameter: a text
// array, or rows.hpp. Documents are the domain values' own JSON.

#include "adapter/postgres/rows.hpp"

#include "core/codec/documents.hpp"

#include <pqxx/pqxx>

#include <charconv>
#include <concepts>
#include <initializer_list>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace recoup::postgres {

struct Statement {
    char const* name;
    char const* sql;
};

/// One parameter in text form, for the length of one call. Texts are referred to, not copied, and end at a NUL.
class Parameter {
public:
    Parameter(std::string const& text) : text_(text.c_str()) {}
    Parameter(char const* text) : text_(text) {}   // nullptr is NULL
    Parameter(bool value) : text_(value ? "t" : "f") {}
    template <std::integral T>
    Parameter(T value) : text_(digits_) {
        *std::to_chars(digits_, digits_ + sizeof digits_ - 1, value).ptr = '\0';
    }
    Parameter(Parameter const&) = delete;
    Parameter& operator=(Parameter const&) = delete;

    char const* text() const noexcept { return text_; }

private:
    char const* text_;
    char digits_[24];
};

pqxx::result exec_with(pqxx::transaction_base& tx, Statement const& statement, std::initializer_list<Parameter> parameters);

template <class... Args>
pqxx::result exec(pqxx::transaction_base& tx, Statement const& statement, Args const&... args) {
    return exec_with(tx, statement, {Parameter(args)...});
}

/// The columns of `rows` are the parameters behind `first`.
pqxx::result exec_rows(pqxx::transaction_base& tx, Statement const& statement, std::initializer_list<Parameter> first,
                       Rows const& rows);

/// An element of a text[] parameter, quoted.
void append_element(std::string& out, std::string_view value);

/// '{"a","b"}': a text[] parameter.
template <class Range>
std::string text_array(Range const& values) {
    std::string out = "{";
    for (std::string_view const value : values) {
        if (out.size() > 1) out += ',';
        append_element(out, value);
    }
    return out += '}';
}

/// A bytea parameter in text form.
std::string bytea(std::string_view bytes);

template <class T>
T document(pqxx::field const& field) {
    return field.is_null() ? T{} : core::from_json_text<T>(std::string_view(field.c_str(), field.size()));
}

/// A document as a json parameter.
template <class T>
std::string json_parameter(T const& value) {
    std::string out;
    core::write_json(out, value);
    return out;
}

inline Instant instant(pqxx::field const& field) {
    return field.is_null() ? never : instant_from_millis(field.as<std::int64_t>());
}

/// Empty when NULL.
inline std::string text(pqxx::field const& field) { return field.is_null() ? std::string{} : field.as<std::string>(); }

}  // namespace recoup::postgres
