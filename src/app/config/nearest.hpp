#pragma once
// "Did you mean": the known name with the fewest single-character edits.

#include <string>
#include <string_view>
#include <vector>

namespace recoup::app {

/// Insertions, deletions, replacements and swaps of neighbours (Damerau's optimal string alignment).
std::size_t edit_distance(std::string_view a, std::string_view b);

/// Empty when nothing is near: more edits than a third of the length (at least two).
std::string nearest(std::string_view wrong, std::vector<std::string> const& known);

}  // namespace recoup::app
