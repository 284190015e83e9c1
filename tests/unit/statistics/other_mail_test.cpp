#include "core/statistics/other_mail.hpp"

#include "core/mark/mark.hpp"

#include <gtest/gtest.h>

namespace recoup::core {
namespace {

TEST(OtherMail, KnowsTheCartMailOfOtherToolsByTheirCampaigns) {
    EXPECT_EQ(other_cart_mail("/checkouts/ac/x/recover?key=1&utm_campaign=abandoned_checkout&utm_medium=email&utm_source=shopify_email"), "shopify");
    EXPECT_EQ(other_cart_mail("/?utm_source=Klaviyo&utm_medium=flow&utm_campaign=Abandoned%20Cart%20Email%201"), "klaviyo");
    EXPECT_EQ(other_cart_mail("/cart?utm_campaign=cart%20reminder&_kx=abc"), "klaviyo");
    EXPECT_EQ(other_cart_mail("/?utm_source=omnisend&utm_medium=email&utm_campaign=automation:%20Abandoned%20cart"), "omnisend");
    EXPECT_EQ(other_cart_mail("/?utm_campaign=abandoned-cart&mc_cid=1"), "mailchimp");
    EXPECT_EQ(other_cart_mail("/?utm_source=ourtool&utm_medium=sms&utm_campaign=abandoned"), "other");
}

TEST(OtherMail, IsNotOursNorAnAdvertisementNorANewsletter) {
    EXPECT_EQ(other_cart_mail(with_mark("/cart/1:2?utm_campaign=abandoned_cart&utm_medium=email", "msg_abc")), "");
    for (auto const* address : {"", "/", "/?utm_source=google&utm_medium=cpc&utm_campaign=cartier", "/?utm_source=klaviyo&utm_medium=email&utm_campaign=spring",
                                "/abandoned-cart", "/?ref=cart"})
        EXPECT_EQ(other_cart_mail(address), "") << address;
}

}  // namespace
}  // namespace recoup::core
