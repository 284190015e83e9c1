#include "app/config/layers.hpp"

#include "app/toml.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>

namespace recoup::app {
namespace {

using Written = Found::Written;

/// toml++ keeps tables sorted by name; people read mistakes from the top of the file.
class Walk {
public:
    explicit Walk(std::string const& file) : file_(file) {}

    void table(toml::table const& table, std::string const& prefix) {
        for (auto const& [key, node] : table) {
            auto const path = prefix.empty() ? std::string(key.str()) : prefix + "." + std::string(key.str());
            if (auto const* inner = node.as_table()) this->table(*inner, path);
            else value(path, node, key.source().begin);
        }
    }

    Layer in_file_order() {
        std::ranges::stable_sort(seen_, {}, [](Seen const& seen) { return std::pair(seen.at.line, seen.at.column); });
        Layer layer;
        for (auto& seen : seen_) {
            if (seen.mistake.empty()) layer.values.push_back(std::move(seen.value));
            else layer.mistakes.push_back(place(seen.at) + ": " + seen.mistake);
        }
        return layer;
    }

private:
    struct Seen {
        toml::source_position at;
        Found value;
        std::string mistake;
    };

    void value(std::string const& path, toml::node const& node, toml::source_position at) {
        if (auto const* text = node.as_string()) return add(path, text->get(), at, Written::quoted);
        if (auto const* number = node.as_integer())
            return add(path, std::to_string(number->get()), at, Written::integer);
        if (auto const* flag = node.as_boolean())
            return add(path, flag->get() ? "true" : "false", at, Written::boolean);
        if (node.is_floating_point()) return add(path, spelled(node), at, Written::real);
        if (auto const* array = node.as_array()) return list(path, *array, at);
        refuse(at, path + " is a date or time; write it as text in quotes");
    }

    void list(std::string const& path, toml::array const& array, toml::source_position at) {
        std::string joined;
        for (auto const& item : array) {
            auto const* text = item.as_string();
            if (text == nullptr || text->get().find(',') != std::string::npos)
                return refuse(at, path + " may only list texts in quotes, without commas");
            joined += (joined.empty() ? "" : ",") + text->get();
        }
        add(path, joined, at, Written::array);
    }

    void add(std::string const& path, std::string text, toml::source_position at, Written written) {
        seen_.push_back({at, {path, std::move(text), place(at), written}, {}});
    }
    void refuse(toml::source_position at, std::string mistake) { seen_.push_back({at, {}, std::move(mistake)}); }

    static std::string spelled(toml::node const& node) {
        std::ostringstream out;
        out.precision(17);
        out << node.as_floating_point()->get();
        return out.str();
    }

    std::string place(toml::source_position at) const {
        return file_ + ":" + std::to_string(at.line) + ":" + std::to_string(at.column);
    }

    std::string const& file_;
    std::vector<Seen> seen_;
};

}  // namespace

Layer read_toml(std::string_view document, std::string const& shown_name) {
    auto const parsed = parse_toml(document, shown_name);
    if (!parsed) {
        Layer layer;
        auto const& begin = parsed.error().source().begin;
        layer.mistakes.push_back(shown_name + ":" + std::to_string(begin.line) + ":" + std::to_string(begin.column) +
                                 ": " + std::string(parsed.error().description()));
        return layer;
    }
    Walk walk(shown_name);
    walk.table(parsed.table(), "");
    return walk.in_file_order();
}

Layer read_toml_file(std::filesystem::path const& path) {
    std::ifstream in(path, std::ios::binary);
    std::ostringstream text;
    if (in) text << in.rdbuf();
    if (!in || !text) {
        Layer layer;
        layer.mistakes.push_back(path.string() + ": cannot be read; `recoup config init` prints a complete file");
        return layer;
    }
    return read_toml(text.str(), path.string());
}

}  // namespace recoup::app
