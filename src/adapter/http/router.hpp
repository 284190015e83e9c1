#pragma once
// Router: the table of routes, matched by path segments.

#include "recoup/port/http.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace recoup::http {

struct Match {
    Route const* route = nullptr;          // null: 404, or 405 when `allow` says what would do
    std::vector<std::string> captures;
    std::string allow;                     // "GET, HEAD, POST"
};

class Router {
public:
    explicit Router(std::vector<Route> routes);
    /// `path` is percent-encoded. HEAD finds a GET route. A capture matches one non-empty segment.
    Match match(std::string_view method, std::string_view path) const;

private:
    struct Entry {
        Route route;
        std::vector<std::string> segments;  // "{name}" for a capture
    };
    std::vector<Entry> entries_;
};

}  // namespace recoup::http
