#pragma once
// Statements: every one has a name and parameters, and is prepared once a session. Batches go as one parameter: a text
// array or a JSON array of rows. Documents are the domain values' own JSON.

#include "core/codec/json_fields.hpp"

#include <pqxx/pqxx>

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace recoup::postgres {

using core::Json;

struct Statement {
    char const* name;
    char const* sql;
};

template <class... Args>
pqxx::result exec(pqxx::work& tx, Statement const& statement, Args&&... args) {
    tx.conn().prepare(statement.name, statement.sql);
    return tx.exec_prepared(statement.name, std::forward<Args>(args)...);
}

/// '{"a","b"}': a text[] parameter.
template <class Range>
std::string text_array(Range const& values) {
    std::string out = "{";
    for (std::string_view const value : values) {
        if (out.size() > 1) out += ',';
        out += '"';
        for (char const c : value) {
            if (c == '\0') continue;
            if (c == '"' || c == '\\') out += '\\';
            out += c;
        }
        out += '"';
    }
    return out += '}';
}

/// A jsonb parameter: invalid UTF-8 is replaced and NUL left out, which Postgres cannot store.
std::string json_parameter(Json const& json);

template <class T>
T document(pqxx::field const& field) {
    return field.is_null() ? T{} : core::from_json_text<T>(std::string_view(field.c_str(), field.size()));
}

inline Instant instant(pqxx::field const& field) {
    return field.is_null() ? never : instant_from_millis(field.as<std::int64_t>());
}

/// "" as NULL.
inline Json optional_text(std::string const& text) { return text.empty() ? Json(nullptr) : Json(text); }

/// Empty when NULL.
inline std::string text(pqxx::field const& field) { return field.is_null() ? std::string{} : field.as<std::string>(); }

}  // namespace recoup::postgres
