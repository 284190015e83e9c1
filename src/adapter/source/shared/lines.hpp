#pragma once
// Lines in the names that custom events and Segment's e-commerce spec share.

#include "adapter/source/shared/json.hpp"
#include "recoup/domain/line.hpp"

#include <string_view>
#include <vector>

namespace recoup::source {

/// Members whose names differ between the two.
struct LineNames {
    std::string_view title, variant_title;
};

/// What is no object or has a quantity below 1 is left out; a line without `gift_card` is none.
std::vector<Line> read_lines(Json lines, std::string_view currency, LineNames const& names);

}  // namespace recoup::source
