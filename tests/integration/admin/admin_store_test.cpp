#include "adapter/postgres/admin_store.hpp"

#include "service/admin/report.hpp"
#include "service/admin/why.hpp"
#include "shop_rows.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace recoup::test {
namespace {

struct AdminStoreTest : ::testing::Test {
    Database database;
    postgres::Pool pool{database.options(), 2};
    postgres::PostgresAdminStore store{pool};

    void SetUp() override { write_shop(database); }

    static PageQuery ask(std::string shop = "demo") {
        PageQuery query;
        query.shop_id = std::move(shop);
        return query;
    }
    static Instant at(std::string_view text) { return *parse_rfc3339(text); }

    template <class Row>
    static std::string ids(Result<Page<Row>> const& page) {
        if (!page) return page.error().message;
        std::string text;
        for (auto const& row : page->rows) text += (text.empty() ? "" : " ") + id(row);
        return text;
    }
    template <class Row>
    static std::string id(Row const& row) {
        if constexpr (requires { row.person.id; }) return row.person.id;
        else if constexpr (requires { row.cart.id; }) return row.cart.id;
        else return row.id;
    }
};

TEST_F(AdminStoreTest, KnowsItsShops) {
    auto const shops = store.shops();
    ASSERT_TRUE(shops) << shops.error().message;
    ASSERT_EQ(shops->size(), 2u);
    EXPECT_EQ(shops->front().name, "Demo");
    EXPECT_TRUE(*store.shop_exists("demo"));
    EXPECT_FALSE(*store.shop_exists("demos"));
}

TEST_F(AdminStoreTest, PagesShowEveryRowOnceInOrderAlsoAmongEqualTimes) {
    auto query = ask();
    query.limit = 7;
    std::vector<std::string> seen;
    for (int pages = 1;; ++pages) {
        auto const page = store.events(query);
        ASSERT_TRUE(page) << page.error().message;
        for (auto const& row : page->rows) seen.push_back(row.id);
        if (!page->next) {
            EXPECT_EQ(pages, 4);
            break;
        }
        EXPECT_EQ(page->rows.size(), 7u);
        query.after = *page->next;
    }
    EXPECT_EQ(seen.size(), 25u);
    EXPECT_TRUE(std::is_sorted(seen.begin(), seen.end()));
    EXPECT_EQ(std::set<std::string>(seen.begin(), seen.end()).size(), 25u);
}

TEST_F(AdminStoreTest, CursorsKeepMilliseconds) {
    auto query = ask();
    query.limit = 1;
    std::string seen;
    for (auto page = store.carts(query); page && !page->rows.empty(); page = store.carts(query)) {
        seen += page->rows.front().cart.id;
        if (!page->next) break;
        EXPECT_EQ(to_millis(page->next->at) % 1000, 123);
        query.after = *page->next;
    }
    EXPECT_EQ(seen, "c1c2c3c4c5");
}

TEST_F(AdminStoreTest, FiltersByEmailReachEveryList) {
    auto query = ask();
    query.email = "p2@example.com";
    EXPECT_EQ(ids(store.people(query)), "p2");
    EXPECT_EQ(ids(store.carts(query)), "c2");
    EXPECT_EQ(ids(store.enrollments(query)), "e2 e2b");
    EXPECT_EQ(ids(store.messages(query)), "m20 m21");
    EXPECT_EQ(ids(store.decisions(query)), "d5");
    EXPECT_EQ(ids(store.orders(query)), "o2");
    EXPECT_EQ(store.events(query)->rows.size(), 5u);
    query.email = "nobody@example.com";
    EXPECT_EQ(ids(store.messages(query)), "");
}

TEST_F(AdminStoreTest, ACartIsFoundByItsIdAndByAnyOfItsTokens) {
    for (auto const* name : {"c2", "tok2", "chk2"}) {
        auto query = ask();
        query.cart = name;
        EXPECT_EQ(ids(store.carts(query)), "c2") << name;
        EXPECT_EQ(ids(store.people(query)), "p2") << name;
        EXPECT_EQ(ids(store.messages(query)), "m20 m21") << name;
        EXPECT_EQ(ids(store.enrollments(query)), "e2 e2b") << name;
        EXPECT_EQ(ids(store.decisions(query)), "d5") << name;
        EXPECT_EQ(store.events(query)->rows.size(), 5u) << name;
    }
    auto query = ask();
    query.cart = "c3";
    EXPECT_EQ(ids(store.orders(query)), "o3");
}

TEST_F(AdminStoreTest, SinceIsIncludedAndShopsAreSeparate) {
    auto query = ask();
    query.since = at("2026-03-02T14:00:00Z");
    EXPECT_EQ(ids(store.messages(query)), "m11 m21 m31 m41 mx");
    EXPECT_EQ(ids(store.messages(ask("other"))), "");
    EXPECT_EQ(ids(store.people(ask("other"))), "p1");
    EXPECT_EQ(ids(store.people(ask("none"))), "");
    query.since = at("9999-12-31T23:59:59.999Z");
    EXPECT_EQ(ids(store.messages(query)), "");
}

TEST_F(AdminStoreTest, RowsComeWhole) {
    auto const messages = store.messages(ask());
    ASSERT_TRUE(messages) << messages.error().message;
    auto const& clicked = *std::find_if(messages->rows.begin(), messages->rows.end(),
                                        [](MessageRow const& row) { return row.id == "m20"; });
    EXPECT_EQ(clicked.clicked_at, at("2026-03-02T12:00:00Z"));
    EXPECT_EQ(clicked.text, "Text");
    EXPECT_EQ(clicked.html, "");
    EXPECT_EQ(clicked.step, 0);
    auto const cart = store.carts(ask())->rows.front();
    EXPECT_EQ(cart.cart.content.value.subtotal_minor, 4200);
    ASSERT_TRUE(cart.score);
    EXPECT_EQ(cart.score->contributions.front().value, std::nullopt);
    auto const decision = store.decisions(ask())->rows.at(1);
    EXPECT_EQ(decision.trace.front().rule, "not ordered");
    EXPECT_EQ(store.decisions(ask())->rows.front().step, -1);
}

ReportRows read(Result<ReportRows> const& rows) {
    EXPECT_TRUE(rows) << rows.error().message;
    return rows ? *rows : ReportRows{};
}

TEST_F(AdminStoreTest, TheReportCountsWhatHappenedInThePeriod) {
    ReportQuery const query{"demo", never, at("2026-04-01T00:00:00Z"), std::chrono::hours{120}};
    auto const json = service::report_json(read(store.report(query)), query, {});
    EXPECT_EQ(json["abandoned"]["carts"], 5);
    EXPECT_EQ(json["abandoned"]["value"][0]["minor"], 4 * 4200 + 4300);
    EXPECT_EQ(json["enrollments"]["treated"], 5);
    EXPECT_EQ(json["enrollments"]["holdout"], 1);
    EXPECT_EQ(json["enrollments"]["ended"][0]["count"], 3);
    EXPECT_EQ(json["messages"]["sent"], 8);
    EXPECT_EQ(json["messages"]["by_step"].size(), 3u);
    EXPECT_EQ(json["messages"]["by_step"][0]["clicked"], 1);
    EXPECT_EQ(json["messages"]["by_step"][2]["rejected"], 1);
    EXPECT_EQ(json["silences"].dump(), service::ApiJson::parse(R"([
        {"reason":"holdout","count":1,"healthy":true,"meaning":"The person is in the control group, which gets nothing, so that the lift can be measured."},
        {"reason":"no_consent","count":1,"healthy":true,"meaning":"The person has not consented to this channel."}])").dump());

    auto const& recovered = json["recovered"];
    EXPECT_EQ(recovered["orders"], 2);
    EXPECT_EQ(recovered["revenue"].dump(), R"([{"amount":"72.00","minor":7200,"currency":"USD"}])");
    EXPECT_EQ(recovered["by_step"][0]["after_click"], 1);
    EXPECT_EQ(recovered["by_step"][1]["revenue"][0]["minor"], 3000);

    auto const& experiment = json["experiment"];
    EXPECT_EQ(experiment["treated"]["people"], 4);
    EXPECT_EQ(experiment["treated"]["ordered"], 2);
    EXPECT_EQ(experiment["holdout"]["people"], 1);
    EXPECT_EQ(experiment["holdout"]["ordered"], 1);
}

TEST_F(AdminStoreTest, PeopleOfBothArmsAndNoCustomersAreToldApart) {
    pqxx::connection connection(database.connection_string());
    pqxx::work transaction(connection);
    transaction.exec("update enrollment set end_reason = 'not_a_customer' where enrollment_id = 'e4'");
    transaction.exec("update enrollment set arm = 'holdout' where enrollment_id = 'e2b'");   // p2 was two persons once
    transaction.exec("update shop_order set renewal = true where order_id = 'o5'");
    transaction.exec("update shop_order set other_mail = 'klaviyo' where order_id in ('o2', 'o5', 'o6')");
    transaction.exec("insert into sale (shop_id, since, until, note) values ('demo', '2026-03-01Z', '2026-03-03Z', 'spring'), "
                     "('demo', '2026-02-01Z', '2026-02-03Z', 'before'), ('other', '2026-03-01Z', null, 'elsewhere')");
    transaction.commit();
    auto const rows = read(store.report({"demo", at("2026-02-15T00:00:00Z"), at("2026-04-01T00:00:00Z"), std::chrono::hours{120}}));
    ASSERT_EQ(rows.arms.size(), 3U);   // held out: p5, whose renewal is no order; treated: p1, p3, and p2 by its earliest
    EXPECT_EQ(rows.arms[0].arm, "holdout");
    EXPECT_EQ(rows.arms[0].people, 1);
    EXPECT_EQ(rows.arms[0].ordered, 0);
    EXPECT_EQ(rows.arms[1].people, 2);
    EXPECT_FALSE(rows.arms[1].mixed);
    EXPECT_EQ(rows.arms[2].arm, "treated");
    EXPECT_TRUE(rows.arms[2].mixed);
    EXPECT_EQ(rows.arms[2].people, 1);
    ASSERT_EQ(rows.other_mail.size(), 3U);
    EXPECT_EQ(rows.other_mail[0].arm, "");
    EXPECT_EQ(rows.other_mail[1].arm, "holdout");
    ASSERT_EQ(rows.sales.size(), 1U);
    EXPECT_EQ(rows.sales[0].note, "spring");
}

TEST_F(AdminStoreTest, AnEmptyPeriodAndAShorterWindowLeaveOut) {
    ReportQuery query{"demo", at("2026-05-01T00:00:00Z"), at("2026-06-01T00:00:00Z"), std::chrono::hours{120}};
    auto rows = read(store.report(query));
    EXPECT_TRUE(rows.arms.empty());
    EXPECT_TRUE(rows.touches.empty());
    query.since = never;
    query.window = std::chrono::minutes{30};
    EXPECT_TRUE(read(store.report(query)).touches.empty());
    query.window = std::chrono::hours{24 * 30};
    EXPECT_EQ(read(store.report(query)).touches.size(), 6u);
}

TEST_F(AdminStoreTest, AStoryIsFoundByEmailMessageAndEnrollment) {
    StoryQuery query;
    query.email = "p1@example.com";
    auto const everywhere = store.stories(query);
    ASSERT_TRUE(everywhere) << everywhere.error().message;
    EXPECT_EQ(everywhere->size(), 2u);
    query.shop_id = "demo";
    auto const stories = *store.stories(query);
    ASSERT_EQ(stories.size(), 1u);
    auto const& story = stories.front();
    EXPECT_EQ(story.person_id, "p1");
    EXPECT_EQ(story.enrollments.size(), 1u);
    EXPECT_EQ(story.decisions.size(), 3u);
    EXPECT_EQ(story.messages.size(), 3u);
    EXPECT_EQ(story.orders.size(), 1u);
    ASSERT_EQ(story.coming.size(), 1u);
    EXPECT_EQ(story.coming.front().due_at, at("2026-03-05T12:00:00Z"));

    StoryQuery by_message;
    by_message.message_id = "m21";
    auto const found = *store.stories(by_message);
    ASSERT_EQ(found.size(), 1u);
    EXPECT_EQ(found.front().enrollments.size(), 1u);
    EXPECT_EQ(found.front().enrollments.front().id, "e2");
    StoryQuery by_enrollment;
    by_enrollment.enrollment_id = "e2b";
    EXPECT_EQ(store.stories(by_enrollment)->front().messages.size(), 0u);
}

TEST_F(AdminStoreTest, WhyTellsItInWords) {
    StoryQuery query;
    query.enrollment_id = "e1";
    auto const text = service::why_text(store, query);
    ASSERT_TRUE(text) << text.error().message;
    EXPECT_NE(text->find("step 1 by email sent: Nothing forbade it. (ok)"), std::string::npos) << *text;
    EXPECT_NE(text->find("step 2 not sent: The person has not consented to this channel. (no_consent)"), std::string::npos);
    EXPECT_NE(text->find("still to come: step 4 by email"), std::string::npos);
}

TEST_F(AdminStoreTest, HostileTextInFiltersIsOnlyText) {
    auto query = ask();
    query.cart = "c2' or '1'='1";
    EXPECT_EQ(ids(store.carts(query)), "");
    query.cart = "";
    query.after.id = "\"'; drop table cart; --";
    EXPECT_EQ(store.carts(query)->rows.size(), 5u);
}

TEST_F(AdminStoreTest, ASessionThatTheServerEndedCostsNoFailure) {
    ASSERT_TRUE(store.shops());
    break_sessions(database);
    EXPECT_TRUE(store.shops());
}

}  // namespace
}  // namespace recoup::test
