#include "service/admin/list_query.hpp"

#include "recoup/base/digest.hpp"
#include "recoup/base/limits.hpp"

#include <algorithm>
#include <charconv>

namespace recoup::service {
namespace {

constexpr std::int64_t latest_unix_ms = 253'402'300'799'999;   // the end of the year 9999

Error wrong(std::string_view parameter, std::string_view takes) {
    return error(Errc::invalid,
                 "The query parameter '" + std::string(parameter) + "' takes " + std::string(takes) + ".");
}

/// Bytes of the UTF-8 sequence that begins with `lead`; 0 = none does.
std::size_t sequence_length(unsigned char lead) {
    if (lead < 0x80) return 1;
    if (lead < 0xC2) return 0;
    if (lead < 0xE0) return 2;
    if (lead < 0xF0) return 3;
    return lead < 0xF5 ? 4 : 0;
}

/// Whether Postgres takes it as text: UTF-8 (RFC 3629) without NUL.
bool storable(std::string_view text) {
    for (std::size_t i = 0; i < text.size();) {
        auto const lead = static_cast<unsigned char>(text[i]);
        auto const length = sequence_length(lead);
        if (lead == 0 || length == 0 || i + length > text.size()) return false;
        for (std::size_t k = 1; k < length; ++k)
            if ((static_cast<unsigned char>(text[i + k]) & 0xC0) != 0x80) return false;
        auto const second = length > 1 ? static_cast<unsigned char>(text[i + 1]) : 0;
        bool const overlong = (lead == 0xE0 && second < 0xA0) || (lead == 0xF0 && second < 0x90);
        bool const outside = (lead == 0xED && second >= 0xA0) || (lead == 0xF4 && second >= 0x90);
        if (overlong || outside) return false;
        i += length;
    }
    return true;
}

template <class Number>
bool read_number(std::string_view text, Number& out) {
    auto const [end, failure] = std::from_chars(text.data(), text.data() + text.size(), out);
    return failure == std::errc{} && end == text.data() + text.size();
}

Result<std::size_t> read_limit(HttpRequest const& request) {
    auto const text = request.query_value("limit");
    if (text.empty()) return default_page_items;
    std::size_t limit = 0;
    if (!read_number(text, limit) || limit < 1 || limit > limits::page_items)
        return wrong("limit", "a whole number from 1 to " + std::to_string(limits::page_items));
    return limit;
}

std::string known_names(std::span<ParameterInfo const> known) {
    std::string names;
    for (auto const& parameter : known) names += (names.empty() ? "" : ", ") + std::string(parameter.name);
    return names.empty() ? "none" : names;
}

}  // namespace

Result<void> check_parameters(HttpRequest const& request, std::span<ParameterInfo const> known) {
    std::string_view rest = request.query;
    while (!rest.empty()) {
        auto const pair = rest.substr(0, rest.find('&'));
        rest.remove_prefix(std::min(rest.size(), pair.size() + 1));
        auto const name = pair.substr(0, pair.find('='));
        if (name.empty()) continue;
        if (std::any_of(known.begin(), known.end(), [&](auto const& parameter) { return parameter.name == name; }))
            continue;
        return error(Errc::invalid, "There is no query parameter '" + std::string(name.substr(0, 40)) +
                                        "' here; known are: " + known_names(known) + ".");
    }
    return {};
}

Result<Instant> read_time(HttpRequest const& request, std::string_view parameter, Instant fallback) {
    auto text = request.query_value(parameter);
    if (text.empty()) return fallback;
    constexpr std::size_t seconds_end = 19;   // "2026-11-20T10:05:00"
    if (text.size() > seconds_end) std::replace(text.begin() + seconds_end, text.end(), ' ', '+');
    auto const at = parse_rfc3339(text);
    if (!at) return wrong(parameter, "an RFC 3339 time such as 2026-11-20T10:05:00Z");
    return *at;
}

Result<std::string> read_email(HttpRequest const& request) {
    auto text = request.query_value("email");
    if (text.empty()) return std::string{};
    std::replace(text.begin(), text.end(), ' ', '+');   // an address has no space; an unescaped '+' became one
    auto const email = normalise_email(text);
    if (!email) return wrong("email", "an email address");
    return *email;
}

Result<PageQuery> read_page_query(HttpRequest const& request, std::string_view list) {
    PageQuery query;
    if (!request.captures.empty()) query.shop_id = request.captures.front();
    auto const limit = read_limit(request);
    if (!limit) return limit.error();
    query.limit = *limit;
    auto const email = read_email(request);
    if (!email) return email.error();
    query.email = *email;
    auto const since = read_time(request, "since", never);
    if (!since) return since.error();
    query.since = *since;
    auto const after = read_cursor(list, request.query_value("cursor"));
    if (!after) return after.error();
    query.after = *after;
    query.cart = request.query_value("cart");
    if (query.cart.size() > limits::id_bytes || !storable(query.cart))
        return wrong("cart", "the id or a token of a cart");
    return query;
}

std::string write_cursor(std::string_view list, PageKey const& key) {
    return to_base64url(as_bytes(std::string(list) + ':' + std::to_string(to_millis(key.at)) + ':' + key.id));
}

Result<PageKey> read_cursor(std::string_view list, std::string_view cursor) {
    if (cursor.empty()) return PageKey{};
    auto const refusal = wrong("cursor", "the 'next' of an earlier answer of this list, unchanged");
    if (cursor.size() > 2 * limits::id_bytes) return refusal;
    auto const bytes = from_base64url(cursor);
    if (!bytes) return refusal;
    std::string_view text(reinterpret_cast<char const*>(bytes->data()), bytes->size());
    if (!text.starts_with(list) || text.substr(list.size(), 1) != ":") return refusal;
    text.remove_prefix(list.size() + 1);
    auto const colon = text.find(':');
    std::int64_t millis = 0;
    if (colon == std::string_view::npos || !read_number(text.substr(0, colon), millis) || millis < 0) return refusal;
    if (millis > latest_unix_ms || !storable(text)) return refusal;
    return PageKey{instant_from_millis(millis), std::string(text.substr(colon + 1))};
}

}  // namespace recoup::service
