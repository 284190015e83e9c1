#include "tidy/calls.hpp"

#include <regex>
#include <set>

namespace recoup::tidy {
namespace {

char before(std::string const& code, std::size_t at) {
    while (at > 0) {
        --at;
        if (code[at] != ' ' && code[at] != '\n') return code[at];
    }
    return '\0';
}

std::size_t matching_open(std::string const& code, std::size_t close) {
    int depth = 0;
    for (auto i = close + 1; i-- > 0;) {
        if (code[i] == '}' || code[i] == ')') ++depth;
        if ((code[i] == '{' || code[i] == '(') && --depth == 0) return i;
    }
    return 0;
}

/// A '{' that opens a block of statements or a body, not a braced list.
bool opens_block(std::string const& code, std::size_t open) {
    static std::set<char> const heads{')', ';', '{', '}', '>', '\0', ':'};
    auto const previous = before(code, open);
    if (heads.contains(previous)) return true;
    static std::regex const word(R"(((else|do|try|mutable|noexcept|const|override)|->\s*[\w:<>, *&]+)\s*$)");
    auto const from = open > 80 ? open - 80 : 0;
    auto const head = code.substr(from, open - from);
    return previous == ']' || std::regex_search(head, word);
}

std::size_t statement_begin(std::string const& code, std::size_t at) {
    while (at > 0) {
        auto const c = code[--at];
        if (c == ';') return at + 1;
        if (c == ')') at = matching_open(code, at);
        if (c == '}') {
            auto const open = matching_open(code, at);
            if (opens_block(code, open)) return at + 1;
            at = open;
        }
        if (c == '{' && opens_block(code, at)) return at + 1;
    }
    return 0;
}

/// To the end of the expression; bodies of lambdas inside are left out, they are statements of their own.
std::string statement_at(std::string const& code, std::size_t at) {
    std::string text;
    int parens = 0;
    for (auto i = statement_begin(code, at); i < code.size(); ++i) {
        auto const c = code[i];
        if (c == '(') ++parens;
        if (c == ')') --parens;
        if (c == ';' && parens <= 0) break;
        if (c == '}') break;
        if (c == '{' && opens_block(code, i)) {
            if (parens <= 0 && i > at) break;
            int depth = 0;
            for (; i < code.size(); ++i) {
                if (code[i] == '{') ++depth;
                if (code[i] == '}' && --depth == 0) break;
            }
            text += "{}";
            continue;
        }
        if (c == '{') {  // a braced list: keep its text whole
            int depth = 0;
            for (; i < code.size(); ++i) {
                if (code[i] == '{') ++depth;
                if (code[i] == '}' && --depth == 0) break;
                text += code[i];
            }
            text += '}';
            continue;
        }
        text += c;
    }
    return text;
}

bool braced_aggregate(std::string const& statement) {
    static std::regex const list(R"(\(\s*\{|,\s*\{\s*\.)");
    static std::regex const named(R"(\b(?!(Millis|Seconds|Instant)\b)[A-Z]\w*(<[^<>]*>)?\s*\{)");
    return std::regex_search(statement, list) || std::regex_search(statement, named);
}

bool capturing_lambda(std::string const& statement) {
    static std::regex const lambda(R"((^|[(,=?:{&|]\s*)\[([^\[\]]*)\]\s*(\(|\{|mutable|->))");
    static std::regex const harmless(R"(\s*((&\s*\w*|this)\s*(,\s*(&\s*\w*|this)\s*)*)?)");
    for (std::sregex_iterator it(statement.begin(), statement.end(), lambda), end; it != end; ++it)
        if (!std::regex_match((*it)[2].str(), harmless)) return true;
    return false;
}

}  // namespace

Findings check_co_await(Files const& files) {
    static std::regex const word(R"(\bco_await\b)");
    Findings findings;
    for (auto const& file : files) {
        if (!is_cpp(file)) continue;
        for (std::sregex_iterator it(file.code.begin(), file.code.end(), word), end; it != end; ++it) {
            auto const at = static_cast<std::size_t>(it->position());
            auto const statement = statement_at(file.code, at);
            if (braced_aggregate(statement))
                findings.push_back(finding(file, at, "a braced aggregate beside co_await; name it first"));
            if (capturing_lambda(statement))
                findings.push_back(finding(file, at, "a capturing lambda beside co_await; name it first"));
        }
    }
    return findings;
}

}  // namespace recoup::tidy
