#include "api_fixture.hpp"
#include "fake_access_store.hpp"

#include "core/key/shop_key.hpp"
#include "recoup/base/digest.hpp"
#include "recoup/base/limits.hpp"
#include "service/admin/access_api.hpp"

namespace recoup::test {
namespace {

using service::ApiJson;

struct AccessApiTest : ::testing::Test {
    FakeAccessStore store;
    ManualClock clock{fake_time(100)};
    SeededRandom random{5};
    service::AccessDesk desk{store, random, {"events", "segment"}};
    service::AccessApi api{desk, clock};

    HttpResponse ask(std::string_view method, std::string_view what, std::string body = {}, std::string shop = "demo",
                     std::string key = {}) {
        for (auto const& route : api.routes())
            if (route.method == method && route.pattern == "/v1/shops/{shop}/" + std::string(what)) {
                EXPECT_EQ(route.access, Route::Access::admin);
                return call(route, {std::move(shop), std::move(key)}, {}, std::move(body));
            }
        ADD_FAILURE() << method << " " << what;
        return {};
    }
    static ApiJson json(HttpResponse const& answer) { return ApiJson::parse(answer.body); }
};

TEST_F(AccessApiTest, AKeyIsShownOnceThenListedWithoutItAndEndsWhenRevoked) {
    auto const made = json(ask("POST", "keys", R"({"source":"events","scopes":["cart.*"],"name":"till","expires_at":"2099-01-01T00:00:00Z"})"));
    auto const shown = made["key"].get<std::string>();
    ASSERT_EQ(store.held.size(), 1u);
    EXPECT_EQ(store.held[0].secret, to_hex(sha256(shown)));
    EXPECT_EQ(store.held[0].scopes, std::vector<std::string>{"cart.*"});
    auto const listed = ask("GET", "keys");
    EXPECT_EQ(listed.body.find(shown), std::string::npos);
    EXPECT_EQ(listed.body.find(store.held[0].secret), std::string::npos);   // the hash is nobody's business either
    auto const key = json(listed)["data"][0];
    EXPECT_EQ(key["id"], made["id"]);
    EXPECT_EQ(key["name"], "till");
    EXPECT_TRUE(shown.starts_with(key["hint"].get<std::string>()));
    EXPECT_EQ(key["active"], true);
    EXPECT_EQ(key["expires_at"], "2099-01-01T00:00:00Z");
    EXPECT_TRUE(key["last_used_at"].is_null());
    auto const ended = json(ask("DELETE", "keys/{key}", {}, "demo", made["id"].get<std::string>()));
    EXPECT_EQ(ended["active"], false);
    EXPECT_EQ(store.held[0].not_after, clock.now());
    EXPECT_EQ(ask("DELETE", "keys/{key}", {}, "demo", "key_none").status, 404);
}

TEST_F(AccessApiTest, WishesThatMakeNoSenseAreRefused) {
    for (std::string const body : {
             "", "[]", R"({"scopes":[]})", R"({"source":"shopify"})", R"({"source":7})", R"({"source":"events","scope":["*"]})",
             R"({"source":"events","scopes":"*"})", R"({"source":"events","scopes":["cart*"]})", R"({"source":"events","scopes":[7]})",
             R"({"source":"segment","scopes":["track"]})", R"({"source":"events","expires_at":"soon"})",
             R"({"source":"events","expires_at":"1999-01-01T00:00:00Z"})", R"({"source":"events","name":"a\u0007b"})"})
        EXPECT_EQ(ask("POST", "keys", body).status, 400) << body;
    EXPECT_EQ(ask("POST", "keys", R"({"source":"events"})", "nobody").status, 404);
    EXPECT_EQ(ask("GET", "keys", {}, "nobody").status, 404);
    EXPECT_TRUE(store.held.empty());
}

TEST_F(AccessApiTest, AShopHasSoManyActiveKeys) {
    for (std::size_t i = 0; i < limits::shop_keys; ++i) EXPECT_TRUE(desk.create("demo", {}, clock.now()));
    EXPECT_EQ(desk.create("demo", {}, clock.now()).error().code, Errc::conflict);
    EXPECT_TRUE(desk.revoke("demo", core::key_id(store.held[0]), clock.now()));
    EXPECT_TRUE(desk.create("demo", {}, clock.now()));
}

TEST_F(AccessApiTest, OriginsAreReplacedInTheFormBrowsersUse) {
    EXPECT_EQ(json(ask("GET", "origins"))["origins"].size(), 0u);
    auto const kept = ask("PUT", "origins", R"({"origins":["HTTPS://Shop.example:443","null","https://shop.example"]})");
    EXPECT_EQ(json(kept)["origins"], ApiJson::parse(R"(["https://shop.example","null"])"));
    EXPECT_EQ(store.allowed.size(), 2u);
    for (std::string const body : {R"({"origins":["*"]})", R"({"origins":["https://shop.example/path"]})", R"({"origins":"null"})", R"({})"})
        EXPECT_EQ(ask("PUT", "origins", body).status, 400) << body;
    EXPECT_EQ(ask("PUT", "origins", R"({"origins":[]})", "nobody").status, 404);
    EXPECT_EQ(store.allowed.size(), 2u);
}

}  // namespace
}  // namespace recoup::test
