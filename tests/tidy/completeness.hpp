#pragma once
// What exists must be listed, documented and of a size to read in one sitting.

#include "tidy/tree.hpp"

namespace recoup::tidy {

/// A file that defines a Source or a ChannelAdapter and is not in its family's list.cpp.
Findings check_listed_plugins(Files const& files);
/// Names that do not stand as `name` in the document.
Findings check_documented(std::vector<std::string> const& names, std::string const& document_path,
                          std::string const& document_text);
/// Configuration keys that no code asks for: neither the name nor a beginning of it ("policy.quiet_") is a literal.
Findings check_read(std::vector<std::string> const& keys, Files const& files);
/// "recoup_..." names of the metric table.
std::vector<std::string> metric_names(Files const& files);
/// Patterns of the tables of routes: a method and a path as neighbouring literals, or `.pattern = "/..."`.
std::vector<std::string> route_patterns(Files const& files);
/// Files over 400 lines (tests 500).
Findings check_sizes(Files const& files);

}  // namespace recoup::tidy
