#pragma once
// The source tree as text, for checks that no compiler makes. A check is a function from files to findings, so that
// each is also run on a bad snippet: a check that cannot fail is worth nothing.

#include <string>
#include <string_view>
#include <vector>

namespace recoup::tidy {

struct SourceFile {
    std::string path;   // from the root of the tree, '/'-separated
    std::string text;   // as written
    std::string code;   // same length and lines; comments, strings and characters blanked
    std::string words;  // same length and lines; only comments blanked
};

using Files = std::vector<SourceFile>;
using Findings = std::vector<std::string>;

SourceFile make_file(std::string path, std::string text);

/// Every .hpp, .cpp, .sql and script under include, src, tests, migrations and scripts, sorted by path. Read once.
Files const& tree();
/// A document of the tree; empty when absent.
std::string document(std::string const& path);

std::string finding(SourceFile const& file, std::size_t offset, std::string const& what);
/// One a line, for a test's message.
std::string listed(Findings const& findings);

bool is_cpp(SourceFile const& file);
bool under(SourceFile const& file, std::string_view folder);

}  // namespace recoup::tidy
