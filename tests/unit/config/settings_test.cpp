#include "recoup/base/settings.hpp"

#include <gtest/gtest.h>

namespace recoup {
namespace {

TEST(SettingsSizes, ReadBackWhatTheyPrint) {
    for (std::size_t const bytes :
         {std::size_t{0}, std::size_t{1}, std::size_t{1000}, std::size_t{65536}, std::size_t{5} << 30}) {
        auto const back = parse_size(to_size_text(bytes));
        ASSERT_TRUE(back.has_value());
        EXPECT_EQ(*back, bytes);
    }
    EXPECT_EQ(to_size_text(65536), "64KiB");
    for (auto const* wrong :
         {"", "KiB", "-1", "1KB", "1.5MiB", "99999999999999999999", "99999999999999999GiB", "1 KiB"})
        EXPECT_TRUE(parse_size(wrong).has_error()) << wrong;
}

TEST(SettingsLists, AreTrimmedAndWithoutEmptyParts) {
    EXPECT_EQ(split_list(" a , ,b,"), (std::vector<std::string>{"a", "b"}));
    EXPECT_TRUE(split_list("").empty());
}

TEST(SettingsDeathTest, AWrongNameOrTypeIsOurFault) {
    Settings settings;
    settings.set("a.b", {ConfigType::integer, "5", "default"});
    EXPECT_EQ(settings.integer("a.b"), 5);
    EXPECT_DEATH(settings.text("a.b"), "broken invariant");
    EXPECT_DEATH(settings.integer("a.c"), "broken invariant");
}

}  // namespace
}  // namespace recoup
