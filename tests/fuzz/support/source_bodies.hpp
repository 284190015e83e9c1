#pragma once
// Requests of every source as text: header lines, an empty line, the body. What a source's sample has besides stays.

#include "contract/source_samples.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace recoup::fuzz {

/// One for each topic that takes a way of its own, from the vendors' documented fields.
std::vector<std::string> source_bodies(std::string_view source);

/// The sample's request with these headers in place of its own of that name. Without an empty line all of it is the
/// body.
HttpRequest request_of(test::Sample const& sample, std::string_view text);

}  // namespace recoup::fuzz
