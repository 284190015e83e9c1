#include "tidy/includes.hpp"

#include <algorithm>
#include <map>
#include <regex>
#include <set>

namespace recoup::tidy {
namespace {

struct Include {
    std::string target;  // path in the tree when quoted, else the header's name
    bool angled = false;
    std::size_t offset = 0;
};

std::vector<Include> includes_of(SourceFile const& file) {
    static std::regex const line(R"(#[ \t]*include[ \t]*([<"])([^>"\n]+)[>"])");
    std::vector<Include> found;
    for (std::sregex_iterator it(file.words.begin(), file.words.end(), line), end; it != end; ++it) {
        auto const name = (*it)[2].str();
        bool const angled = (*it)[1].str() == "<";
        auto const target = angled ? name : (name.starts_with("recoup/") ? "include/" : "src/") + name;
        found.push_back({target, angled, static_cast<std::size_t>(it->position())});
    }
    return found;
}

/// The part of the house a file belongs to: "include/recoup/domain", "src/core", "src/adapter/kafka", ...
std::string part_of(std::string const& path) {
    static std::regex const part(R"(^(include/recoup/\w+|src/adapter/\w+|src/\w+)/.*)");
    std::smatch match;
    return std::regex_match(path, match, part) ? match[1].str() : std::string{};
}

/// Generated files are known by name only.
bool generated(std::string const& path) {
    return path.ends_with(".pb.h");
}

bool allowed(std::string const& from, std::string const& to) {
    if (from == to) return true;
    static std::map<std::string, std::set<std::string>> const sees{
        {"include/recoup/base", {}},
        {"include/recoup/domain", {"include/recoup/base"}},
        {"include/recoup/port", {"include/recoup/base", "include/recoup/domain"}},
    };
    if (auto const contract = sees.find(from); contract != sees.end()) return contract->second.contains(to);
    bool const to_contract = to.starts_with("include/recoup/");
    if (from == "src/base") return to_contract;
    if (from == "src/core") return to_contract || to == "src/base";
    if (from == "src/service" || from.starts_with("src/adapter/"))
        return to_contract || to == "src/base" || to == "src/core";
    return from == "src/app";
}

}  // namespace

Findings check_floors(Files const& files) {
    std::set<std::string> known;
    for (auto const& file : files) known.insert(file.path);
    Findings findings;
    for (auto const& file : files) {
        auto const from = part_of(file.path);
        if (from.empty() || !is_cpp(file)) continue;
        for (auto const& include : includes_of(file)) {
            if (include.angled || generated(include.target)) continue;
            auto const to = part_of(include.target);
            if (!known.contains(include.target))
                findings.push_back(
                    finding(file, include.offset, include.target + " is not there; includes are rooted"));
            else if (!allowed(from, to))
                findings.push_back(finding(file, include.offset, from + " must not see " + to));
        }
    }
    return findings;
}

Findings check_libraries(Files const& files) {
    static std::regex const outside_adapters(
        R"(^(boost/(asio|beast)|pqxx|libpq|postgresql|curl/|librdkafka|xgboost|prometheus/|toml\+\+|CLI/).*)");
    static std::regex const outside_shells(R"(^(spdlog|fmt/|fstream|iostream|thread|mutex|sys/socket).*)");
    Findings findings;
    for (auto const& file : files) {
        auto const part = part_of(file.path);
        bool const contract = part.starts_with("include/"), core = part == "src/core", service = part == "src/service";
        if (!contract && !core && !service) continue;
        for (auto const& include : includes_of(file)) {
            if (!include.angled) continue;
            bool const library = std::regex_match(include.target, outside_adapters);
            bool const shell = (core || contract) && std::regex_match(include.target, outside_shells);
            if (library || shell)
                findings.push_back(finding(file, include.offset, part + " must not know " + include.target));
        }
    }
    return findings;
}

Findings check_cycles(Files const& files) {
    std::map<std::string, std::vector<std::string>> graph;
    for (auto const& file : files)
        for (auto const& include : includes_of(file))
            if (!include.angled) graph[file.path].push_back(include.target);
    std::set<std::string> done;
    std::vector<std::string> path;
    Findings findings;
    auto const visit = [&](auto const& self, std::string const& node) -> void {
        if (auto const loop = std::ranges::find(path, node); loop != path.end()) {
            std::string text;
            for (auto step = loop; step != path.end(); ++step) text += *step + " -> ";
            findings.push_back(text + node);
            return;
        }
        if (done.contains(node)) return;
        path.push_back(node);
        for (auto const& next : graph[node]) self(self, next);
        path.pop_back();
        done.insert(node);
    };
    for (auto const& file : files) visit(visit, file.path);
    return findings;
}

}  // namespace recoup::tidy
