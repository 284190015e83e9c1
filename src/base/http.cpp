#include "recoup/port/http.hpp"

#include <algorithm>

namespace recoup {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

bool same_name(std::string_view a, std::string_view b) {
    if (a.size() != b.size() || (!a.empty() && lower(a.back()) != lower(b.back()))) return false;  // beginnings are often alike
    return a == b || std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return lower(x) == lower(y); });
}

std::string_view find_header(HeaderList const& headers, std::string_view name) {
    for (auto const& [key, value] : headers)
        if (same_name(key, name)) return value;
    return {};
}

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    c = lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/// As browsers read a query: '+' is a space, a broken escape stays as it is.
std::string query_decoded(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        bool const escape = text[i] == '%' && i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 &&
                            hex_digit(text[i + 2]) >= 0;
        if (escape) {
            out += static_cast<char>(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2]));
            i += 2;
        } else {
            out += text[i] == '+' ? ' ' : text[i];
        }
    }
    return out;
}

void append_json_string(std::string& out, std::string_view text) {
    constexpr std::string_view digits = "0123456789abcdef";
    out += '"';
    for (char const c : text) {
        auto const byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (byte < 0x20) {
            out += "\\u00";
            out += digits[byte >> 4];
            out += digits[byte & 15];
        } else {
            out += c;
        }
    }
    out += '"';
}

}  // namespace

std::string media_type(std::string_view content_type) {
    auto type = content_type.substr(0, content_type.find(';'));
    auto const blank = [](char c) { return c == ' ' || c == '\t'; };
    while (!type.empty() && blank(type.front())) type.remove_prefix(1);
    while (!type.empty() && blank(type.back())) type.remove_suffix(1);
    std::string lowered(type);
    std::transform(lowered.begin(), lowered.end(), lowered.begin(), lower);
    return lowered;
}

std::string_view HttpRequest::header(std::string_view name) const { return find_header(headers, name); }

std::string_view HttpAnswer::header(std::string_view name) const { return find_header(headers, name); }

std::string HttpRequest::query_value(std::string_view name) const {
    std::string_view rest = query;
    while (!rest.empty()) {
        auto const pair = rest.substr(0, rest.find('&'));
        rest.remove_prefix(std::min(rest.size(), pair.size() + 1));
        auto const equals = pair.find('=');
        if (query_decoded(pair.substr(0, equals)) == name)
            return equals == std::string_view::npos ? std::string{} : query_decoded(pair.substr(equals + 1));
    }
    return {};
}

HttpResponse problem(int status, std::string_view slug, std::string_view title, std::string_view detail) {
    HttpResponse response;
    response.status = status;
    response.content_type = "application/problem+json";
    auto& body = response.body;
    body += R"({"type":"/problems/)";
    body += slug;
    body += R"(","title":)";
    append_json_string(body, title);
    body += R"(,"status":)" + std::to_string(status) + R"(,"detail":)";
    append_json_string(body, detail);
    body += '}';
    return response;
}

HttpResponse json_response(int status, std::string body) {
    HttpResponse response;
    response.status = status;
    response.content_type = "application/json";
    response.body = std::move(body);
    return response;
}

}  // namespace recoup
