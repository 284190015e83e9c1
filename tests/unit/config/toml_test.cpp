#include "app/toml.hpp"

#include "app/config/layers.hpp"
#include "app/sequence_file.hpp"

#include <gtest/gtest.h>

namespace recoup::app {
namespace {

// Found by tests/fuzz: toml++ 3.3 ended the process with a failed assertion on a header that does not begin with a
// name.
TEST(Toml, AHeaderWithoutANameIsAMistakeOnItsLine) {
    for (std::string const header : {"[!]", "[ *a]", "[[?]]", "[[", "[=]", "[#]", "[é]"}) {
        auto const document = "a = 1\n\n" + header + "\nb = 2\n";
        auto const layer = read_toml(document, "recoup.toml");
        ASSERT_EQ(layer.mistakes.size(), 1u) << header;
        EXPECT_TRUE(layer.mistakes[0].starts_with("recoup.toml:3:")) << layer.mistakes[0];
        auto const sequence = parse_sequence(document, "cart.toml", [](auto, auto) { return true; });
        ASSERT_FALSE(sequence) << header;
        EXPECT_TRUE(sequence.error().message.starts_with("cart.toml:3: ")) << sequence.error().message;
    }
}

TEST(Toml, ATextWithNulBytesIsAMistakeToo) {
    EXPECT_FALSE(parse_toml(std::string_view("[[\0tep]]\n", 9)));
    EXPECT_FALSE(parse_toml(std::string_view("\0", 1)));
    EXPECT_TRUE(parse_toml(""));
}

// Found by tests/fuzz: undefined behaviour inside toml++ 3.3, which a sanitizer sees here too.
TEST(Toml, LettersBesideBlanksAreNoBlanks) {
    EXPECT_TRUE(parse_toml("# Gr\u00fc\u00dfe\nx = '\u00e9\u0499\u3fff'\n\"\u00e9\" = 1\n"));
    EXPECT_FALSE(parse_toml("\u00e9 = 1\n")) << "a bare name is ASCII";
    EXPECT_FALSE(parse_toml("a\u1700 = 1\n"));
}

}  // namespace
}  // namespace recoup::app
