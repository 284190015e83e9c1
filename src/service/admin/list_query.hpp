#pragma once
// The query of a list: which parameters there are, their reading, and the opaque cursor.

#include "recoup/port/admin_store.hpp"
#include "recoup/port/http.hpp"

#include <span>
#include <string_view>

namespace recoup::service {

struct ParameterInfo {
    std::string_view name;
    std::string_view type;   // of JSON Schema: "string", "integer"
    std::string_view help;
};

inline constexpr std::size_t default_page_items = 100;

/// Errc::invalid names the first unknown parameter and lists the known ones.
Result<void> check_parameters(HttpRequest const& request, std::span<ParameterInfo const> known);

/// limit, cursor, email, cart and since for a list called `list`; the shop is the first capture, if there is one. Errc::invalid says
/// which parameter is wrong and what it takes.
Result<PageQuery> read_page_query(HttpRequest const& request, std::string_view list);

/// A time given as a query parameter; `fallback` when absent. A '+' of the offset that was not escaped is forgiven.
Result<Instant> read_time(HttpRequest const& request, std::string_view parameter, Instant fallback);
/// An email given as a query parameter, normalised; empty when absent.
Result<std::string> read_email(HttpRequest const& request);

/// Where the next page of `list` begins; a cursor is good for its own list only.
std::string write_cursor(std::string_view list, PageKey const& key);
Result<PageKey> read_cursor(std::string_view list, std::string_view cursor);

}  // namespace recoup::service
