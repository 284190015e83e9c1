#include "fake_admin_store.hpp"
#include "service/admin/why.hpp"

#include <gtest/gtest.h>

namespace recoup::service {
namespace {

using test::fake_time;

DecisionRow silence() {
    DecisionRow row;
    row.id = "dec_2";
    row.subject = "step";
    row.verdict = "skip";
    row.reason = "no_consent";
    row.enrollment_id = "enr_1";
    row.step = 1;
    row.at = fake_time(2);
    row.trace = {{"address_known", true, "yes"}, {"us.sms.hours.eight", false, "closed", "Fla. Stat. 501.616(6)(a)"}};
    row.law = "2026-11-26-1a2b3c4d";
    return row;
}

TEST(Why, TellsTheStoryInOrderWithEveryRuleAndTheExactShares) {
    test::FakeAdminStore store;
    auto story = store.story();
    story.decisions.push_back(silence());
    story.coming.clear();
    EXPECT_EQ(story_text(story), R"(Person prs_1 <ann@example.com> in shop demo

Enrollment enr_1, sequence cart-recovery version 2, treated, worth 12.50 USD
  2026-09-21T14:13:20Z      opened: The cart saw no activity for the idle time, so it counts as abandoned. (idle)
  2026-09-21T15:13:20Z      step 1 by email sent: Nothing forbade it. (ok)
                            message msg_1 to ann@example.com through capture: sent at 2026-09-21T15:13:20Z
                              yes  not ordered [ordered: no]
                            risk 0.750 by model baseline-1: bias +0.100, margin +1.100
                              +1.200  cart_value = 42.5
                              -0.200  tab_hides = missing
  2026-09-21T16:13:20Z      step 2 not sent: The person has not consented to this channel. (no_consent)
                            asked the law of 2026-11-26-1a2b3c4d
                              yes  address known [yes]
                              NO   us.sms.hours.eight [closed], by Fla. Stat. 501.616(6)(a)
  2026-09-21T17:13:20Z      enrollment ended: The person bought. (ordered)

Orders
  2026-09-21T17:13:20Z      1001, 13.50 USD
)");
}

TEST(Why, ShowsTheLargestSharesAndSumsTheRest) {
    test::FakeAdminStore store;
    auto story = store.story();
    auto& parts = story.decisions.front().score->contributions;
    parts.clear();
    for (int i = 0; i < 8; ++i) parts.push_back({"f" + std::to_string(i), 1.0, (i % 2 ? -0.1 : 0.1) * (i + 1)});
    auto const text = story_text(story);
    EXPECT_NE(text.find("-0.800  f7 = 1"), std::string::npos) << text;
    EXPECT_EQ(text.find("f2 ="), std::string::npos);
    EXPECT_NE(text.find("+0.200  3 more features together"), std::string::npos) << text;
}

TEST(Why, NamesWhatIsMissing) {
    test::FakeAdminStore store;
    EXPECT_EQ(why_text(store, {}).error().code, Errc::invalid);
    StoryQuery query;
    query.email = "nobody@example.com";
    EXPECT_EQ(why_text(store, query).error().code, Errc::not_found);
    EXPECT_EQ(why_json(store, query).error().message.find("nobody@"), std::string::npos);
    store.found = {store.story(), store.story()};
    EXPECT_EQ(ApiJson::parse(*why_json(store, query)).size(), 2u);
    EXPECT_TRUE(why_text(store, query)->starts_with("Person prs_1"));
}

}  // namespace
}  // namespace recoup::service
