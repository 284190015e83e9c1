#include "tidy/completeness.hpp"

#include "app/config/all_keys.hpp"

#include "recoup/domain/decision.hpp"

#include <gtest/gtest.h>

namespace recoup::tidy {
namespace {

void expect_documented(std::vector<std::string> const& names, std::string const& path) {
    auto const findings = check_documented(names, path, document(path));
    EXPECT_TRUE(findings.empty()) << listed(findings);
}

TEST(TidyCompleteness, EveryPluginIsListed) {
    auto const findings = check_listed_plugins(tree());
    EXPECT_TRUE(findings.empty()) << listed(findings);
}

std::vector<std::string> config_keys() {
    std::vector<std::string> names;
    for (auto const& key : app::all_keys()) names.emplace_back(key.name);
    return names;
}

TEST(TidyCompleteness, EveryConfigKeyIsDocumented) {
    expect_documented(config_keys(), "docs/config.md");
}

TEST(TidyCompleteness, EveryConfigKeyIsReadBySomeCode) {
    auto const findings = check_read(config_keys(), tree());
    EXPECT_TRUE(findings.empty()) << listed(findings);
}

TEST(TidyCompleteness, EveryMetricIsDocumented) {
    expect_documented(metric_names(tree()), "docs/metrics.md");
}

TEST(TidyCompleteness, EveryReasonIsDocumentedWithItsHealthAndSentence) {
    auto const text = document("docs/law.md");
    for (int i = 0; i < reason_count; ++i) {
        auto const reason = static_cast<Reason>(i);
        auto const row = "| `" + std::string(name(reason)) + "` | " + (reason_is_healthy(reason) ? "healthy" : "**needs action**") + " | " +
                         std::string(sentence(reason)) + " |\n";
        EXPECT_NE(text.find(row), std::string::npos) << "docs/law.md lacks the line " << row;
    }
}

TEST(TidyCompleteness, EveryRouteIsDocumented) {
    expect_documented(route_patterns(tree()), "docs/api.md");
}

TEST(TidyCompleteness, FilesAreReadInOneSitting) {
    auto const findings = check_sizes(tree());
    EXPECT_TRUE(findings.empty()) << listed(findings);
}

TEST(TidyCompleteness, TheTreeIsReallyRead) {
    EXPECT_GT(tree().size(), 50u);
}

TEST(TidyCompleteness, TheCheckCatchesAForgottenPlugin) {
    auto const plugin = make_file("src/adapter/channel/pager.cpp", "class Pager final : public ChannelAdapter {};");
    EXPECT_EQ(check_listed_plugins({plugin}).size(), 1u);
    EXPECT_EQ(check_listed_plugins({plugin, make_file("src/adapter/channel/list.cpp", "// pager\nsmtp_descriptor(),")})
                  .size(),
              1u);
    EXPECT_TRUE(
        check_listed_plugins({plugin, make_file("src/adapter/channel/list.cpp", "pager_descriptor(),")}).empty());
    EXPECT_EQ(check_listed_plugins({make_file("src/adapter/source/x.cpp", "class X : public recoup::Source {")}).size(),
              1u);
    EXPECT_TRUE(check_listed_plugins({make_file("src/adapter/channel/smtp_session.cpp", "class Session {};")}).empty());
}

TEST(TidyCompleteness, TheCheckCatchesWhatIsNotDocumented) {
    EXPECT_EQ(check_documented({"a.b", "a.c"}, "d.md", "| `a.b` | and a.c without quotes").size(), 1u);
    EXPECT_EQ(
        metric_names({make_file("src/base/metrics.cpp", "{Metric::x, counter, \"recoup_x_total\", \"recoup help\"}")}),
        (std::vector<std::string>{"recoup_x_total"}));
    EXPECT_EQ(route_patterns({make_file(
                  "src/service/a.cpp",
                  "{\"GET\", \"/livez\", \"Alive\"}, {\"GET\", \"/v1/\" + list},\nroute.pattern = \"/v1/x/{y}\";")}),
              (std::vector<std::string>{"/livez", "/v1/x/{y}"}));
}

TEST(TidyCompleteness, TheCheckCatchesAKeyThatNothingReads) {
    auto const plugin = make_file("src/adapter/channel/x.cpp",
                                  "ConfigKey{.name = \"x.host\"}, ConfigKey{.name = \"x.port\"};\n"
                                  "settings.text(\"x.host\"); settings.text(\"policy.quiet_\" + c);");
    EXPECT_EQ(check_read({"x.host", "x.port", "policy.quiet_sms"}, {plugin}).size(), 1u);
}

TEST(TidyCompleteness, TheCheckCatchesAnOverlongFile) {
    EXPECT_EQ(check_sizes({make_file("src/core/z.cpp", std::string(401, '\n'))}).size(), 1u);
    EXPECT_TRUE(check_sizes({make_file("tests/unit/z.cpp", std::string(401, '\n'))}).empty());
}

TEST(TidyTree, BlankingKeepsEveryOffset) {
    auto const file =
        make_file("src/z.cpp", "a = 1'000; // x\nb = R\"q(\")\"; )q\" + \"\\\"//\"; /* c\n */ char d = '\"'; e();\n");
    EXPECT_EQ(file.code.size(), file.text.size());
    EXPECT_EQ(file.code.find("e()"), file.text.find("e()"));
    EXPECT_NE(file.code.find("1'000"), std::string::npos);
    for (auto const* gone : {"x\n", "//", "c\n", "\""}) EXPECT_EQ(file.code.find(gone), std::string::npos) << gone;
    EXPECT_NE(file.words.find("\"\\\"//\""), std::string::npos);
}

}  // namespace
}  // namespace recoup::tidy
