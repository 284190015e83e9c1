#include "tidy/cases.hpp"

#include <gtest/gtest.h>

namespace recoup::tidy {
namespace {

TEST(TidyCases, EveryEdgeCaseNamesATestThatExists) {
    auto const findings = check_cases(document("tests/README.md"), 55, tree());
    EXPECT_TRUE(findings.empty()) << listed(findings);
}

Files one_test() { return {make_file("tests/unit/x/y_test.cpp", "TEST_F(Thing, DoesIt) {}\n// TEST(Thing, IsOnlyMentioned)\n")}; }

TEST(TidyCases, TheCheckCatchesATestThatIsGone) {
    EXPECT_TRUE(check_cases("| 1 | a case | `unit: Thing.DoesIt` |\n", 1, one_test()).empty());
    for (auto const* gone : {"unit: Thing.DidIt", "unit: Thing.IsOnlyMentioned", "contract: Thing.DoesIt", "e2e/sequence: nothing of the kind",
                             "e2e/no_such_file: x"})
        EXPECT_EQ(check_cases("| 1 | a case | `" + std::string(gone) + "` |\n", 1, one_test()).size(), 1u) << gone;
    EXPECT_TRUE(check_cases("| 1 | a case | `e2e/sequence: gets none when the order came before` |\n", 1, {}).empty());
}

TEST(TidyCases, TheCheckCatchesACaseWithoutARowOrAReason) {
    EXPECT_EQ(check_cases("| 1 | a case | nothing |\n", 1, {}).size(), 1u);
    EXPECT_TRUE(check_cases("| 1 | a case | Otherwise: because |\n", 1, {}).empty());
    EXPECT_EQ(check_cases("", 1, {}).size(), 1u);
    EXPECT_EQ(check_cases("| 1 | a | Otherwise: x |\n| 1 | b | Otherwise: x |\n| 9 | c | Otherwise: x |\n", 1, {}).size(), 2u);
}

}  // namespace
}  // namespace recoup::tidy
