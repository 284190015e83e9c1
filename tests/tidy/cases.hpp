#pragma once
// The table of edge cases in tests/README.md stays true: every case has its row, and every test it names exists.

#include "tidy/tree.hpp"

namespace recoup::tidy {

/// A test as the table writes it: `unit: Customer.AnOrdinaryCartIsFollowed`, or `e2e/edge_cases: the beginning of its sentence`.
struct NamedTest {
    std::string suite;   // folder under tests, or e2e/<file>
    std::string name;
};

/// The code spans of a line that have the form of a test.
std::vector<NamedTest> tests_in(std::string const& line);

/// Every TEST, TEST_F and TEST_P under tests/<suite>, as "Suite.Name"; of e2e/<file> the sentences.
std::vector<std::string> tests_of(std::string const& suite, Files const& files);

/// Rows `| 1 | case | tests |` of the document: numbers from 1 to `count`, each once; each names an existing test, or says why not
/// ("Otherwise:" or "Not here:").
Findings check_cases(std::string const& document_text, int count, Files const& files);

}  // namespace recoup::tidy
