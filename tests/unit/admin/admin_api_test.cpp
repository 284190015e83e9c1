#include "api_fixture.hpp"
#include "service/admin/list_query.hpp"

namespace recoup::test {
namespace {

bool contains(std::string const& text, std::string_view part) { return text.find(part) != std::string::npos; }

TEST_F(AdminApiTest, EveryRouteNeedsTheTokenAndRunsOnAWorker) {
    EXPECT_EQ(routes.size(), 12u);
    for (auto const& one : routes) {
        EXPECT_EQ(one.access, Route::Access::admin) << one.pattern;
        EXPECT_EQ(one.run, Route::Run::on_worker) << one.pattern;
    }
}

TEST_F(AdminApiTest, TheClockIsOnlyThereWhenItIsManual) {
    service::AdminApi without(store, clock, [this] { return settings; });
    for (auto const& one : without.routes()) EXPECT_NE(one.pattern, "/v1/clock/advance");
}

TEST_F(AdminApiTest, AListAnswersDataAndTheCursorOfTheNextPage) {
    auto const last = json(list("messages"));
    ASSERT_EQ(last.size(), 2u);
    EXPECT_EQ(last["data"].size(), 1u);
    EXPECT_TRUE(last["next"].is_null());
    EXPECT_EQ(store.asked.limit, service::default_page_items);

    store.has_more = true;
    auto const first = json(list("messages"));
    ASSERT_TRUE(first["next"].is_string());
    list("messages", "limit=7&cursor=" + first["next"].get<std::string>());
    EXPECT_EQ(store.asked.limit, 7u);
    EXPECT_EQ(store.asked.after, (PageKey{fake_time(5), "last"}));
}

TEST_F(AdminApiTest, AMessageHasItsContentOnlyWhenAskedFor) {
    auto const plain = json(list("messages"))["data"][0];
    EXPECT_FALSE(plain.contains("subject"));
    EXPECT_EQ(plain["step"], 1);
    EXPECT_EQ(plain["sent_at"], to_rfc3339(fake_time(1)));
    EXPECT_TRUE(plain["clicked_at"].is_null());
    auto const full = json(list("messages", "include=content"))["data"][0];
    EXPECT_EQ(full["subject"], "Your cart");
    EXPECT_EQ(full["text"], "Hello \xef\xbf\xbd");
    EXPECT_TRUE(full["html"].is_null());
}

TEST_F(AdminApiTest, MoneyIsExactAndReadable) {
    auto const cart = json(list("carts"))["data"][0];
    EXPECT_EQ(cart["subtotal"].dump(), R"({"amount":"12.50","minor":1250,"currency":"USD"})");
}

TEST_F(AdminApiTest, FiltersReachTheStore) {
    list("carts", "email=Ann+Lee%40Example.com&cart=tok-1&since=2026-11-20T10:00:00+02:00");
    EXPECT_EQ(store.asked.shop_id, "demo");
    EXPECT_EQ(store.asked.email, "ann+lee@example.com");
    EXPECT_EQ(store.asked.cart, "tok-1");
    EXPECT_EQ(to_rfc3339(store.asked.since), "2026-11-20T08:00:00Z");
}

TEST_F(AdminApiTest, AWrongQueryIsRefusedWithWhatToDo) {
    struct Case {
        std::string query;
        std::string_view says;
    };
    std::string const orders_cursor = service::write_cursor("orders", {fake_time(1), "x"});
    for (auto const& c : {Case{"emial=a@b.co", "known are: limit, cursor, email, cart, since"}, Case{"limit=0", "1 to 200"},
                          Case{"limit=201", "1 to 200"}, Case{"limit=ten", "1 to 200"}, Case{"email=nobody", "an email address"},
                          Case{"since=yesterday", "RFC 3339"}, Case{"cursor=%21%21", "unchanged"},
                          Case{"cursor=" + orders_cursor, "unchanged"}, Case{"cart=a%00b", "token of a cart"},
                          Case{"cart=%ff", "token of a cart"}, Case{"include=content", "no query parameter 'include'"}}) {
        auto const response = list("events", c.query);
        EXPECT_EQ(response.status, 400) << c.query;
        EXPECT_EQ(response.content_type, "application/problem+json");
        EXPECT_TRUE(contains(response.body, c.says)) << response.body;
    }
    EXPECT_EQ(list("messages", "include=bodies").status, 400);
}

TEST_F(AdminApiTest, AnUnknownShopIsNotFound) {
    EXPECT_EQ(list("events", {}, "other").status, 404);
    EXPECT_EQ(list("report", {}, "other").status, 404);
    EXPECT_EQ(list("why", "email=a%40b.co", "Other\0shop").status, 404);
}

TEST_F(AdminApiTest, AStoreThatDoesNotAnswerIsUnavailable) {
    store.failure = error(Errc::unavailable, "Postgres does not answer");
    auto const response = list("events");
    EXPECT_EQ(response.status, 503);
    EXPECT_EQ(response.headers.front().first, "Retry-After");
}

TEST_F(AdminApiTest, TheReportEndsNowUnlessToldOtherwise) {
    settings.attribution_window = std::chrono::hours{48};
    list("report");
    EXPECT_EQ(store.report_asked.since, never);
    EXPECT_EQ(store.report_asked.until, fake_time(100) + Millis{1});
    list("report", "until=2026-02-01T00:00:00Z");
    EXPECT_EQ(to_rfc3339(store.report_asked.until), "2026-02-01T00:00:00Z");
    EXPECT_EQ(store.report_asked.window, std::chrono::hours{48});
    EXPECT_EQ(list("report", "since=2026-02-02T00:00:00Z&until=2026-02-01T00:00:00Z").status, 400);
}

TEST_F(AdminApiTest, AdvancingTheClockAnswersTheNewTime) {
    auto const& clock_route = route("/v1/clock/advance");
    auto const response = call(clock_route, {}, {}, R"({"seconds": 3600})");
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(response.body, R"({"now":")" + to_rfc3339(fake_time(1)) + R"("})");
    EXPECT_EQ(call(clock_route, {}, {}, R"({"seconds":0})").status, 200);
    for (auto const* body : {"", "[]", "{}", R"({"seconds":-1})", R"({"seconds":1.5})", R"({"seconds":"1"})",
                             R"({"seconds":99999999999})", R"({"seconds":18446744073709551615})",
                             R"({"seconds":1,"minutes":2})", "{\"seconds\":"})
        EXPECT_EQ(call(clock_route, {}, {}, body).status, 400) << body;
    EXPECT_EQ(driver.now, fake_time(1));
}

TEST_F(AdminApiTest, WhyWantsExactlyOneSubject) {
    EXPECT_EQ(list("why").status, 400);
    EXPECT_EQ(list("why", "email=a%40b.co&message=m").status, 400);
    EXPECT_EQ(list("why", "message=m").status, 404);
    store.found = {store.story()};
    EXPECT_EQ(json(list("why", "message=m"))["data"][0]["person_id"], "prs_1");
}

TEST(Cursor, SurvivesItsOwnWriting) {
    PageKey const key{fake_time(3), "shopify:a:b \xc3\xa4"};
    auto const read = service::read_cursor("events", service::write_cursor("events", key));
    ASSERT_TRUE(read);
    EXPECT_EQ(*read, key);
    EXPECT_FALSE(service::read_cursor("event", service::write_cursor("events", key)));
}

}  // namespace
}  // namespace recoup::test
