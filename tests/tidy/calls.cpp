#include "tidy/calls.hpp"

#include <algorithm>
#include <regex>

namespace recoup::tidy {
namespace {

void search(Findings& findings, SourceFile const& file, std::string const& text, std::regex const& what,
            std::string const& message) {
    for (std::sregex_iterator it(text.begin(), text.end(), what), end; it != end; ++it)
        findings.push_back(finding(file, static_cast<std::size_t>(it->position()), it->str() + ": " + message));
}

/// From an opening bracket to behind its closing one.
std::size_t behind_closing(std::string const& code, std::size_t open) {
    int depth = 0;
    for (auto i = open; i < code.size(); ++i) {
        if (code[i] == '(' || code[i] == '{' || code[i] == '[') ++depth;
        if (code[i] == ')' || code[i] == '}' || code[i] == ']')
            if (--depth == 0) return i + 1;
    }
    return code.size();
}

/// The first argument of a call whose '(' is at `open`.
std::string first_argument(std::string const& code, std::size_t open) {
    auto const close = behind_closing(code, open);
    for (auto i = open + 1; i + 1 < close; ++i) {
        if (code[i] == '(' || code[i] == '{' || code[i] == '[') i = behind_closing(code, i) - 1;
        else if (code[i] == ',') return code.substr(open + 1, i - open - 1);
    }
    return code.substr(open + 1, close - open - 2);
}

}  // namespace

Findings check_injected(Files const& files) {
    static std::regex const calls(
        R"((system_clock|steady_clock|high_resolution_clock|utc_clock)\s*::\s*now|\bgettimeofday\b|\bclock_gettime\b)"
        R"(|std\s*::\s*time\s*\(|\btime\s*\(\s*(nullptr|NULL|0)\s*\)|\bs?rand(om)?\s*\(\s*\)|\bsrand\s*\()"
        R"(|\brandom_device\b|\bmt19937|\bdefault_random_engine\b|\bRAND_bytes\b|\bgetrandom\b|\bgetenv\b)");
    Findings findings;
    for (auto const& file : files) {
        bool const checked = under(file, "src/") || under(file, "include/");
        if (!checked || under(file, "src/base/") || under(file, "src/app/")) continue;
        search(findings, file, file.code, calls, "time, randomness and the environment are injected (Clock, Random)");
    }
    return findings;
}

Findings check_sql_built(Files const& files) {
    static std::regex const call(R"(\b(exec\w*|prepare|query\w*|stream\w*)\s*\()");
    static std::regex const building(R"(\+|\bformat\s*\(|\bappend\s*\(|\bstr\s*\(\s*\))");
    static std::regex const growing(R"(\b\w*(sql|query|statement)\w*\s*\+=)", std::regex::icase);
    Findings findings;
    for (auto const& file : files) {
        if (!under(file, "src/adapter/postgres/")) continue;
        for (std::sregex_iterator it(file.code.begin(), file.code.end(), call), end; it != end; ++it) {
            auto const open = static_cast<std::size_t>(it->position() + it->length()) - 1;
            if (std::regex_search(first_argument(file.code, open), building))
                findings.push_back(
                    finding(file, open, it->str() + "...): SQL is one literal with parameters, never built"));
        }
        search(findings, file, file.code, growing, "SQL is one literal with parameters, never built");
    }
    return findings;
}

Findings check_sql_clock(Files const& files) {
    static std::regex const clock(
        R"(\b(now|clock_timestamp|statement_timestamp|transaction_timestamp|timeofday)\s*\(\s*\))"
        R"(|\b(current_timestamp|current_date|current_time|localtimestamp)\b)",
        std::regex::icase);
    Findings findings;
    for (auto const& file : files) {
        bool const sql = file.path.ends_with(".sql");
        if (!sql && !under(file, "src/adapter/postgres/")) continue;
        if (file.path == "src/adapter/postgres/health.cpp") continue;   // how far a machine's clock is off
        auto text = file.words;
        if (!sql)  // only what stands in string literals
            for (std::size_t i = 0; i < text.size(); ++i)
                if (file.code[i] == text[i] && text[i] != '\n') text[i] = ' ';
        search(findings, file, text, clock, "the database's clock is never asked; pass the time as a parameter");
    }
    return findings;
}

}  // namespace recoup::tidy
