#include "fake_admin_store.hpp"
#include "service/admin/report.hpp"

#include <gtest/gtest.h>

namespace recoup::service {
namespace {

using test::fake_time;

ReportRows::Touch touch(std::string order, int step, Instant sent, Instant clicked, std::int64_t net,
                        std::string currency = "USD") {
    ReportRows::Touch out;
    out.order_id = std::move(order);
    out.currency = std::move(currency);
    out.sequence = "cart-recovery";
    out.step = step;
    out.step_name = "step-" + std::to_string(step + 1);
    out.channel = step == 1 ? "sms" : "email";
    out.net_minor = net;
    out.placed_at = fake_time(30);
    out.sent_at = sent;
    out.clicked_at = clicked;
    return out;
}

ApiJson report(ReportRows const& rows) {
    return report_json(rows, {"demo", never, fake_time(100), std::chrono::hours{120}}, {});
}

TEST(Report, CreditsEachOrderOnceAndKeepsCurrenciesApart) {
    ReportRows rows;
    rows.touches = {touch("a", 0, fake_time(1), fake_time(2), 1000), touch("a", 1, fake_time(4), never, 1000),
                    touch("b", 0, fake_time(1), never, 500),         touch("b", 1, fake_time(4), never, 500),
                    touch("c", 1, fake_time(4), never, 700, "EUR"),  touch("d", 0, fake_time(40), never, 900)};
    auto const recovered = report(rows)["recovered"];
    EXPECT_EQ(recovered["orders"], 3);
    EXPECT_EQ(recovered["revenue"].dump(), R"([{"amount":"7.00","minor":700,"currency":"EUR"},)"
                                           R"({"amount":"15.00","minor":1500,"currency":"USD"}])");
    ASSERT_EQ(recovered["by_step"].size(), 2u);
    EXPECT_EQ(recovered["by_step"][0]["step"], 1);
    EXPECT_EQ(recovered["by_step"][0]["orders"], 1);
    EXPECT_EQ(recovered["by_step"][0]["after_click"], 1);
    EXPECT_EQ(recovered["by_step"][1]["channel"], "sms");
    EXPECT_EQ(recovered["by_step"][1]["orders"], 2);
}

TEST(Report, TellsHealthySilencesFromThoseThatNeedAction) {
    ReportRows rows;
    rows.silences = {{"quiet_hours", 5}, {"no_adapter", 2}, {"not a reason", 1}};
    auto const silences = report(rows)["silences"];
    EXPECT_EQ(silences[0]["healthy"], true);
    EXPECT_EQ(silences[1]["healthy"], false);
    EXPECT_EQ(silences[1]["meaning"], "No adapter is configured for this channel; set channel.<name>.");
    EXPECT_EQ(silences[2]["meaning"], "");
}

TEST(Report, NeverShowsARateWithoutItsInterval) {
    ReportRows rows;
    rows.arms = {{"holdout", 100, 5}, {"treated", 900, 90}};
    rows.opened = {{"idle", "holdout", 100}, {"idle", "treated", 850}, {"predicted", "treated", 50}};
    auto const json = report(rows);
    auto const experiment = json["experiment"];
    EXPECT_EQ(experiment["treated"]["people"], 900);
    EXPECT_DOUBLE_EQ(experiment["holdout"]["rate"].get<double>(), 0.05);
    EXPECT_NEAR(experiment["holdout"]["interval"][1].get<double>(), 0.1118, 1e-3);
    EXPECT_NEAR(experiment["difference"]["value"].get<double>(), 0.05, 1e-12);
    EXPECT_EQ(experiment["sample_ratio_alarm"], false);
    EXPECT_EQ(experiment["conclusive"], false);
    EXPECT_TRUE(experiment["verdict"].get<std::string>().starts_with("Not known yet, about "));
    EXPECT_EQ(json["enrollments"]["opened"], 1000);
    EXPECT_EQ(json["enrollments"]["by_reason"][0]["treated"], 850);
}

TEST(Report, ReadsTheExperimentAlsoWithoutThoseWhoWereInBothArms) {
    ReportRows rows;
    rows.arms = {{"holdout", 100, 5, false}, {"treated", 900, 90, false}, {"holdout", 10, 10, true}, {"treated", 20, 0, true}};
    auto const experiment = report(rows)["experiment"];
    EXPECT_EQ(experiment["treated"]["people"], 920);
    EXPECT_EQ(experiment["holdout"]["ordered"], 15);
    auto const without = experiment["without_people_in_both_arms"];
    EXPECT_EQ(without["people_in_both_arms"], 30);
    EXPECT_NEAR(without["difference"]["value"].get<double>(), 0.05, 1e-12);
    EXPECT_LT(experiment["difference"]["value"].get<double>(), 0);
}

TEST(Report, WarnsOfOtherToolsMailAndOfSales) {
    EXPECT_TRUE(report({})["warnings"].empty());
    ReportRows rows;
    rows.other_mail = {{"klaviyo", "holdout", 2}, {"klaviyo", "treated", 5}, {"shopify", "", 1}};
    rows.sales = {{"demo", fake_time(3), never, "spring"}};
    auto const json = report(rows);
    EXPECT_EQ(json["other_mail"].dump(), R"([{"tool":"klaviyo","treated":5,"holdout":2,"never_enrolled":0},)"
                                         R"({"tool":"shopify","treated":0,"holdout":0,"never_enrolled":1}])");
    EXPECT_EQ(json["sales"][0]["note"], "spring");
    EXPECT_TRUE(json["sales"][0]["until"].is_null());
    EXPECT_EQ(json["warnings"].size(), 2U);
}

TEST(Report, OfAnEmptyShopIsWholeAndSaysSo) {
    auto const json = report({});
    EXPECT_EQ(json["abandoned"]["carts"], 0);
    EXPECT_TRUE(json["experiment"]["treated"]["rate"].is_null());
    EXPECT_TRUE(json["experiment"]["lift"].is_null());
    EXPECT_EQ(json["experiment"]["verdict"], "Not known yet: nobody was enrolled in this period.");
}

}  // namespace
}  // namespace recoup::service
