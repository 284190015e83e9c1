#include "app/config/reference.hpp"

#include "app/config/all_keys.hpp"
#include "app/config/keys.hpp"
#include "app/config/layers.hpp"
#include "app/config/nearest.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <sstream>

namespace recoup::app {
namespace {

std::string in_tree(std::string const& path) {
    std::ostringstream text;
    text << std::ifstream(std::string(RECOUP_SOURCE_DIR) + "/" + path).rdbuf();
    return text.str();
}

TEST(ConfigReference, TheDocumentInTheTreeIsTheGeneratedOne) {
    EXPECT_EQ(in_tree("docs/config.md"), reference_markdown(all_keys())) << "run: recoup config docs > docs/config.md";
}

TEST(ConfigReference, TheExampleInTheTreeIsTheGeneratedOne) {
    EXPECT_EQ(in_tree("config/recoup.toml"), reference_toml(all_keys()))
        << "run: recoup config init > config/recoup.toml";
}

TEST(ConfigReference, TheUncommentedExampleSetsEveryKeyToItsDefault) {
    std::istringstream lines(reference_toml(all_keys()));
    std::string document, line;
    while (std::getline(lines, line))
        document += (line.starts_with('#') && !line.starts_with("# ") ? line.substr(1) : line) + "\n";
    auto const layer = read_toml(document, "example");
    EXPECT_TRUE(layer.mistakes.empty());
    ASSERT_EQ(layer.values.size(), all_keys().size());
    std::set<std::string> seen;
    for (auto const& value : layer.values) seen.insert(value.key);
    for (auto const& key : all_keys()) EXPECT_TRUE(seen.contains(std::string(key.name))) << key.name;
}

TEST(ConfigReference, KeysOfOneSectionAreNeighboursAndNamesAreUnique) {
    std::set<std::string_view> names, closed;
    std::string_view section;
    for (auto const& key : all_keys()) {
        EXPECT_TRUE(names.insert(key.name).second) << key.name;
        EXPECT_TRUE(key.help.ends_with('.')) << key.name;
        if (section_of(key.name) == section) continue;
        EXPECT_TRUE(closed.insert(section_of(key.name)).second) << key.name << " is apart from its section";
        section = section_of(key.name);
    }
}

TEST(ConfigNearest, CountsEditsAndSwapsAndRefusesStrangers) {
    EXPECT_EQ(edit_distance("kitten", "sitting"), 3u);
    EXPECT_EQ(edit_distance("adn", "and"), 1u);
    EXPECT_EQ(edit_distance("", "abc"), 3u);
    EXPECT_EQ(nearest("srve", {"serve", "dev", "why"}), "serve");
    EXPECT_EQ(nearest("zzzzzz", {"serve", "dev"}), "");
}

}  // namespace
}  // namespace recoup::app
