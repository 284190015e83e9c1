// What is stored of a decision: lists without names, and the older form that names everything.
#include "core/codec/documents.hpp"

#include <gtest/gtest.h>

namespace recoup::core::documents_test {
namespace {

template <class T>
std::string written(T const& value) {
    std::string out;
    write_json(out, value);
    return out;
}

TEST(Documents, ATraceIsKeptWithoutNames) {
    std::vector<TraceEntry> const trace{{"not_ordered", true}, {"place", true, "US-FL"}, {"cap_sms", false, "2 of 2"},
                                        {"us.sms.hours.eight", false, "closed", "Fla. Stat. 501.616"}};
    auto const text = written(trace);
    EXPECT_EQ(text, R"([["not_ordered"],["place","US-FL"],["cap_sms","2 of 2",false],["us.sms.hours.eight","closed",false,"Fla. Stat. 501.616"]])");
    auto const read = from_json_text<std::vector<TraceEntry>>(text);
    ASSERT_EQ(read.size(), trace.size());
    for (std::size_t i = 0; i < trace.size(); ++i) {
        EXPECT_EQ(read[i].rule, trace[i].rule);
        EXPECT_EQ(read[i].passed, trace[i].passed);
        EXPECT_EQ(read[i].input, trace[i].input);
        EXPECT_EQ(read[i].source, trace[i].source);
    }
}

TEST(Documents, AnOlderTraceIsRead) {
    auto const read = from_json_text<std::vector<TraceEntry>>(R"([{"rule":"not ordered","passed":false,"input":"ordered: yes"}])");
    ASSERT_EQ(read.size(), 1U);
    EXPECT_EQ(read[0].rule, "not ordered");
    EXPECT_FALSE(read[0].passed);
    EXPECT_EQ(read[0].input, "ordered: yes");
}

TEST(Documents, AScoreKeepsWhatHasAShare) {
    Score score;
    score.model = "m1";
    score.margin = 0.25;
    score.contributions = {{"cart_value", 42.5, 0.1234567890123f}, {"tab_hides", std::nullopt, -0.5}, {"stage", 3, 0}};
    auto const text = written(score);
    EXPECT_NE(text.find(R"("contributions":[["cart_value",42.5,0.12345679],["tab_hides",null,-0.5]])"), std::string::npos) << text;
    auto const read = from_json_text<Score>(text);
    ASSERT_EQ(read.contributions.size(), 2U);
    EXPECT_EQ(static_cast<float>(read.contributions[0].share), 0.1234567890123f);
    EXPECT_EQ(read.contributions[1].value, std::nullopt);
    auto const older = from_json_text<Score>(R"({"model":"m1","contributions":[{"feature":"f","value":1,"share":0.5}]})");
    ASSERT_EQ(older.contributions.size(), 1U);
    EXPECT_EQ(older.contributions[0].feature, "f");
    EXPECT_EQ(older.contributions[0].share, 0.5);
}

}  // namespace
}  // namespace recoup::core::documents_test
