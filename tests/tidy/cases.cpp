#include "tidy/cases.hpp"

#include <algorithm>
#include <map>
#include <regex>
#include <sstream>

namespace recoup::tidy {
namespace {

std::string where(int number, std::string const& what) { return "tests/README.md, case " + std::to_string(number) + ": " + what; }

bool exists(NamedTest const& test, Files const& files, std::map<std::string, std::vector<std::string>>& known) {
    auto it = known.find(test.suite);
    if (it == known.end()) it = known.emplace(test.suite, tests_of(test.suite, files)).first;
    auto const fits = [&](std::string const& name) {
        return test.suite.starts_with("e2e/") ? name.starts_with(test.name) : name == test.name;
    };
    return std::ranges::any_of(it->second, fits);
}

}  // namespace

std::vector<NamedTest> tests_in(std::string const& line) {
    static std::regex const form(R"(`((unit|contract|simulation|integration|fuzz|tidy|e2e/\w+): ([^`]+))`)");
    std::vector<NamedTest> found;
    for (std::sregex_iterator it(line.begin(), line.end(), form), end; it != end; ++it) found.push_back({(*it)[2].str(), (*it)[3].str()});
    return found;
}

std::vector<std::string> tests_of(std::string const& suite, Files const& files) {
    std::vector<std::string> names;
    if (suite.starts_with("e2e/")) {
        static std::regex const sentence("\\btest\\(\\s*['\"`]([^'\"`]+)");
        auto const text = document("tests/" + suite + ".test.mjs");
        for (std::sregex_iterator it(text.begin(), text.end(), sentence), end; it != end; ++it) names.push_back((*it)[1].str());
        return names;
    }
    static std::regex const macro(R"(\bTEST(?:_F|_P)?\(\s*(\w+)\s*,\s*(\w+)\s*\))");
    for (auto const& file : files) {
        if (!under(file, "tests/" + suite + "/")) continue;
        for (std::sregex_iterator it(file.code.begin(), file.code.end(), macro), end; it != end; ++it)
            names.push_back((*it)[1].str() + "." + (*it)[2].str());
    }
    return names;
}

Findings check_cases(std::string const& document_text, int count, Files const& files) {
    static std::regex const row(R"(^\| (\d+) \| .* \|$)");
    Findings findings;
    std::map<int, int> seen;
    std::map<std::string, std::vector<std::string>> known;
    std::istringstream lines(document_text);
    for (std::string line; std::getline(lines, line);) {
        std::smatch match;
        if (!std::regex_match(line, match, row)) continue;
        int const number = std::stoi(match[1].str());
        ++seen[number];
        auto const tests = tests_in(line);
        bool const explained = line.find("Otherwise:") != line.npos || line.find("Not here:") != line.npos;
        if (tests.empty() && !explained) findings.push_back(where(number, "names no test and no reason"));
        for (auto const& test : tests)
            if (!exists(test, files, known)) findings.push_back(where(number, "there is no test " + test.suite + ": " + test.name));
    }
    for (int number = 1; number <= count; ++number)
        if (seen[number] != 1) findings.push_back(where(number, "has " + std::to_string(seen[number]) + " rows, should have one"));
    for (auto const& [number, rows] : seen)
        if (number < 1 || number > count) findings.push_back(where(number, "is none of the " + std::to_string(count)));
    return findings;
}

}  // namespace recoup::tidy
