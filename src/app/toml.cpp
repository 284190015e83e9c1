#include "app/toml.hpp"

#include <algorithm>
#include <vector>

namespace recoup::app {
namespace {

bool gives_up(std::string_view document) {
    try {
        (void)toml::parse(document);
        return false;
    } catch (TomlGaveUp const&) {
        return true;
    }
}

/// The parser reads from the front, so whatever holds the line on which it gives up makes it give up.
toml::source_index line_of(std::string_view document) {
    std::vector<std::size_t> ends;
    for (auto end = document.find('\n'); end != document.npos; end = document.find('\n', end + 1)) ends.push_back(end);
    auto const first =
        std::ranges::partition_point(ends, [&](auto end) { return !gives_up(document.substr(0, end + 1)); });
    return static_cast<toml::source_index>(first - ends.begin()) + 1;
}

}  // namespace

toml::parse_result parse_toml(std::string_view document, std::string_view name) {
    try {
        return toml::parse(document, name);
    } catch (TomlGaveUp const&) {
        toml::source_position const place{line_of(document), 1};
        return toml::parse_result(
            toml::parse_error("this line is not TOML; is a name or a bracket wrong?", {place, place, nullptr}));
    }
}

}  // namespace recoup::app
