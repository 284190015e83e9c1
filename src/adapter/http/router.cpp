#include "adapter/http/router.hpp"

#include <optional>

namespace recoup::http {
namespace {

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

std::optional<std::string> decoded(std::string_view segment) {
    std::string out;
    for (std::size_t i = 0; i < segment.size(); ++i) {
        if (segment[i] != '%') {
            out += segment[i];
            continue;
        }
        if (i + 2 >= segment.size()) return std::nullopt;
        int const high = hex_digit(segment[i + 1]), low = hex_digit(segment[i + 2]);
        if (high < 0 || low < 0) return std::nullopt;
        out += static_cast<char>(high * 16 + low);
        i += 2;
    }
    return out;
}

std::vector<std::string_view> split(std::string_view path) {
    std::vector<std::string_view> segments;
    if (path.starts_with('/')) path.remove_prefix(1);
    for (;;) {
        auto const slash = path.find('/');
        segments.push_back(path.substr(0, slash));
        if (slash == std::string_view::npos) return segments;
        path.remove_prefix(slash + 1);
    }
}

bool is_capture(std::string_view segment) { return segment.starts_with('{') && segment.ends_with('}'); }

std::optional<std::vector<std::string>> captured(std::vector<std::string> const& pattern,
                                                 std::vector<std::string_view> const& segments) {
    if (pattern.size() != segments.size()) return std::nullopt;
    std::vector<std::string> captures;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        if (!is_capture(pattern[i])) {
            if (pattern[i] != segments[i]) return std::nullopt;
            continue;
        }
        auto value = decoded(segments[i]);
        if (!value || value->empty()) return std::nullopt;
        captures.push_back(*std::move(value));
    }
    return captures;
}

void add_allowed(std::string& allow, std::string_view method) {
    if (!allow.empty()) allow += ", ";
    allow += method;
    if (method == "GET") allow += ", HEAD";
}

}  // namespace

Router::Router(std::vector<Route> routes) {
    for (auto& route : routes) {
        Entry entry;
        for (auto const segment : split(route.pattern)) entry.segments.emplace_back(segment);
        entry.route = std::move(route);
        entries_.push_back(std::move(entry));
    }
}

Match Router::match(std::string_view method, std::string_view path) const {
    auto const segments = split(path);
    auto const wanted = method == "HEAD" ? std::string_view("GET") : method;
    Match match;
    for (auto const& entry : entries_) {
        auto captures = captured(entry.segments, segments);
        if (!captures) continue;
        if (entry.route.method == wanted) {
            match.route = &entry.route;
            match.captures = *std::move(captures);
            return match;
        }
        add_allowed(match.allow, entry.route.method);
    }
    return match;
}

}  // namespace recoup::http
