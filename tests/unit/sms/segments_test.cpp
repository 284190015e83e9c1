#include "core/sms/segments.hpp"

#include <gtest/gtest.h>

namespace recoup::core {
namespace {

std::string repeat(std::string_view text, int times) {
    std::string out;
    while (times-- > 0) out += text;
    return out;
}

TEST(SmsLength, CountsAsCarriersDo) {
    EXPECT_EQ(sms_length("").segments, 0U);
    EXPECT_EQ(sms_length(repeat("a", 160)).segments, 1U);
    EXPECT_EQ(sms_length(repeat("a", 161)).segments, 2U);
    EXPECT_EQ(sms_length(repeat("a", 306)).segments, 2U);
    EXPECT_EQ(sms_length(repeat("a", 307)).segments, 3U);
    EXPECT_EQ(sms_length(repeat("é", 160)).segments, 1U);
    EXPECT_EQ(sms_length(repeat("€", 80)).segments, 1U);      // two septets each
    EXPECT_EQ(sms_length(repeat("€", 81)).segments, 2U);
    EXPECT_EQ(sms_length(repeat("a", 152) + "€" + repeat("a", 152)).segments, 3U);   // an escape pair is not split
    EXPECT_EQ(sms_length(repeat("ł", 70)).segments, 1U);
    EXPECT_EQ(sms_length(repeat("ł", 71)).segments, 2U);
    EXPECT_FALSE(sms_length("ł").gsm7);
    EXPECT_EQ(sms_length("😀").units, 2U);
    EXPECT_EQ(sms_length(repeat("😀", 67)).segments, 3U);     // surrogate pairs are not split: 33 to a part
}

TEST(SmsText, SwapsWhatWouldCostASegmentUnseen) {
    EXPECT_EQ(sms_text("It’s “here” – now…\u00a0ok"), "It's \"here\" - now... ok");
    EXPECT_EQ(sms_text("  a  b \n\n c\x01\x7f "), "a b\nc");
    EXPECT_TRUE(sms_length(sms_text("It’s “here”")).gsm7);
}

TEST(SmsCut, FitsAtACodePoint) {
    EXPECT_EQ(sms_cut(repeat("a", 400), 2).size(), 306U);
    EXPECT_EQ(sms_cut(repeat("😀", 100), 1), repeat("😀", 35));
    EXPECT_EQ(sms_cut("short", 1), "short");
}

}  // namespace
}  // namespace recoup::core
