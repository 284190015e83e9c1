#pragma once
// Rows for people (aligned columns) or for programs (a JSON array of objects with the same columns).

#include <nlohmann/json.hpp>

#include <iosfwd>
#include <string>
#include <vector>

namespace recoup::app {

class Table {
public:
    /// Column names are the JSON keys: snake_case.
    explicit Table(std::vector<std::string> columns) : columns_(std::move(columns)) {}

    /// As many cells as columns. Numbers align right; null prints as "-"; control characters are replaced.
    void row(std::vector<nlohmann::json> cells);
    std::size_t size() const { return rows_.size(); }

    void print(std::ostream& out) const;
    void print_json(std::ostream& out) const;

private:
    std::vector<std::string> columns_;
    std::vector<std::vector<nlohmann::json>> rows_;
};

/// Terminal columns of UTF-8 text: combining marks take none, East Asian wide characters and emoji two.
std::size_t display_width(std::string_view text);

}  // namespace recoup::app
