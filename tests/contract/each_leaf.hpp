#pragma once
// Bodies in which one value was put in place of another.

#include <string>
#include <string_view>
#include <vector>

namespace recoup::test {

/// The body once for each scalar in it (of a form: for each field), with `raw` in that place as it is.
std::vector<std::string> with_each_leaf(std::string_view body, std::string_view raw);

/// The body once for each object in it, whose members stand there once more, behind the first ones, with `raw` as their
/// values. Empty for a form.
std::vector<std::string> with_each_object_doubled(std::string_view body, std::string_view raw);

}  // namespace recoup::test
