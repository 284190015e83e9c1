#include "tidy/completeness.hpp"

#include <algorithm>
#include <regex>
#include <set>

namespace recoup::tidy {
namespace {

std::string stem_of(std::string const& path) {
    auto const name = path.substr(path.rfind('/') + 1);
    return name.substr(0, name.rfind('.'));
}

std::vector<std::string> matches(Files const& files, std::regex const& what, std::size_t group) {
    std::set<std::string> found;
    for (auto const& file : files)
        for (std::sregex_iterator it(file.words.begin(), file.words.end(), what), end; it != end; ++it)
            found.insert((*it)[group].str());
    return {found.begin(), found.end()};
}

Files only(Files const& files, std::vector<std::string> const& folders) {
    Files wanted;
    for (auto const& file : files)
        if (std::ranges::any_of(folders, [&](std::string const& folder) { return under(file, folder); }))
            wanted.push_back(file);
    return wanted;
}

}  // namespace

Findings check_listed_plugins(Files const& files) {
    static std::regex const defines(R"(\bclass\s+\w+\s*(final)?\s*:\s*public\s+(recoup::)?(Source|ChannelAdapter)\b)");
    Findings findings;
    for (std::string const family : {"src/adapter/source/", "src/adapter/channel/"}) {
        auto const list = std::ranges::find(files, family + "list.cpp", &SourceFile::path);
        for (auto const& file : files) {
            std::smatch match;
            if (!under(file, family) || !std::regex_search(file.code, match, defines)) continue;
            std::regex const mention("\\b(make_)?" + stem_of(file.path));
            if (list == files.end() || !std::regex_search(list->words, mention))
                findings.push_back(finding(file, static_cast<std::size_t>(match.position()),
                                           stem_of(file.path) + " is missing in " + family + "list.cpp"));
        }
    }
    return findings;
}

Findings check_documented(std::vector<std::string> const& names, std::string const& document_path,
                          std::string const& document_text) {
    Findings findings;
    for (auto const& name : names)
        // Alone in its code span, or a route behind its method.
        if (document_text.find("`" + name + "`") == std::string::npos && document_text.find(" " + name + "`") == std::string::npos)
            findings.push_back(document_path + ": `" + name + "` is not described");
    return findings;
}

Findings check_read(std::vector<std::string> const& keys, Files const& files) {
    static std::regex const literal(R"re((\.name = )?"([a-z_]+\.[a-z_.]*)")re");
    std::set<std::string> texts;
    for (auto const& file : files) {
        if (!under(file, "src/") || under(file, "src/app/config/")) continue;
        for (std::sregex_iterator it(file.words.begin(), file.words.end(), literal), end; it != end; ++it)
            if (!(*it)[1].matched) texts.insert((*it)[2].str());
    }
    auto const reads = [&](std::string const& key) {
        return std::ranges::any_of(texts, [&](std::string const& text) {
            bool const beginning = text.ends_with('_') || text.ends_with('.');
            return beginning ? key.starts_with(text) : key == text;
        });
    };
    Findings findings;
    for (auto const& key : keys)
        if (!reads(key)) findings.push_back("nothing under src reads the configuration key " + key);
    return findings;
}

std::vector<std::string> metric_names(Files const& files) {
    static std::regex const name(R"re("(recoup_[a-z0-9_]+)")re");
    return matches(only(files, {"src/base/metrics.cpp"}), name, 1);
}

std::vector<std::string> route_patterns(Files const& files) {
    static std::regex const table(R"re("(GET|POST|PUT|PATCH|DELETE)"\s*,\s*"(/[^"]*)"(?!\s*\+))re");
    static std::regex const member(R"re(\bpattern\s*=\s*"(/[^"]*)")re");
    auto const sources = only(files, {"src/service/", "src/adapter/http/", "src/app/"});
    auto found = matches(sources, table, 2);
    for (auto& pattern : matches(sources, member, 1))
        if (std::ranges::find(found, pattern) == found.end()) found.push_back(std::move(pattern));
    return found;
}

Findings check_sizes(Files const& files) {
    Findings findings;
    for (auto const& file : files) {
        auto const lines = std::ranges::count(file.text, '\n');
        auto const limit = under(file, "tests/") ? 500 : 400;
        if (lines > limit)
            findings.push_back(file.path + ": " + std::to_string(lines) + " lines, " + std::to_string(limit) +
                               " at most; look for the second idea inside");
    }
    return findings;
}

}  // namespace recoup::tidy
