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

/// What of a path is still to be looked at: one segment after the other, at least one.
class Segments {
public:
    explicit Segments(std::string_view path) : rest_(path) {
        if (rest_.starts_with('/')) rest_.remove_prefix(1);
    }
    bool done() const { return done_; }
    std::string_view next() {
        auto const slash = rest_.find('/');
        auto const segment = rest_.substr(0, slash);
        done_ = slash == std::string_view::npos;
        rest_.remove_prefix(done_ ? rest_.size() : slash + 1);
        return segment;
    }

private:
    std::string_view rest_;
    bool done_ = false;
};

bool is_capture(std::string_view segment) { return segment.starts_with('{') && segment.ends_with('}'); }

std::optional<std::vector<std::string>> captured(std::vector<std::string> const& pattern, std::string_view path) {
    std::vector<std::string> captures;
    Segments segments(path);
    for (auto const& wanted : pattern) {
        if (segments.done()) return std::nullopt;
        auto const segment = segments.next();
        if (!is_capture(wanted)) {
            if (wanted != segment) return std::nullopt;
            continue;
        }
        auto value = decoded(segment);
        if (!value || value->empty()) return std::nullopt;
        captures.push_back(*std::move(value));
    }
    if (!segments.done()) return std::nullopt;
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
        for (Segments segments(route.pattern); !segments.done();) entry.segments.emplace_back(segments.next());
        entry.route = std::move(route);
        entries_.push_back(std::move(entry));
    }
}

Match Router::match(std::string_view method, std::string_view path) const {
    auto const wanted = method == "HEAD" ? std::string_view("GET") : method;
    Match match;
    for (auto const& entry : entries_) {
        auto captures = captured(entry.segments, path);
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
