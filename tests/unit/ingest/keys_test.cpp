// What a bearer key of `events` may send, and the note that it was used.
#include "ingest_fixture.hpp"

#include "core/key/shop_key.hpp"
#include "recoup/base/digest.hpp"

#include <nlohmann/json.hpp>

namespace recoup::test {
namespace {

struct IngestKeys : IngestTest {
    IngestKeys() {
        add_key("rk_all", {});
        add_key("rk_carts", {"cart.*", "order.completed"});
        add_key("rk_ended", {}, clock.now());
    }
    void add_key(std::string const& key, std::vector<std::string> scopes, Instant not_after = never) {
        ShopSecret secret{"demo", "events", "bearer", to_hex(sha256(key)), not_after};
        secret.scopes = std::move(scopes);
        shops.access->secrets.push_back(std::move(secret));
    }
    HttpResponse& events(std::string const& key, std::string body) {
        return send(request("events", {{"Content-Type", "application/json"}, {"Authorization", "Bearer " + key}}, std::move(body)));
    }
    static std::string event(std::string const& type) { return R"({"type":")" + type + R"(","data":{"cart_id":"c1"}})"; }
};

TEST_F(IngestKeys, SendWhatTheirScopesNameAnd403IsTheAnswerToTheRest) {
    events("rk_carts", event("cart.updated"));
    events("rk_all", event("consent.updated"));
    EXPECT_EQ(log.appended.size(), 2u);
    auto const& refused = events("rk_carts", event("consent.updated"));
    EXPECT_EQ(refused.status, 403);
    EXPECT_NE(refused.body.find("consent.updated"), std::string::npos);
    EXPECT_EQ(events("rk_carts", "[" + event("order.refunded") + "," + event("consent.updated") + "]").status, 403);
    EXPECT_EQ(events("rk_ended", event("cart.updated")).status, 401);
    EXPECT_EQ(events("rk_none", event("cart.updated")).status, 401);
    EXPECT_EQ(log.appended.size(), 2u);
    EXPECT_EQ(metrics.counts["forbidden"], 2);
}

TEST_F(IngestKeys, EachItemOfABatchIsJudgedByItself) {
    auto& answer = events("rk_carts", "[" + event("cart.updated") + "," + event("consent.updated") + R"(,{"type":"no data"}])");
    ASSERT_EQ(log.appended.size(), 1u);
    EXPECT_EQ(log.appended[0].size(), 1u);
    log.waiting[0](Result<void>{});
    ASSERT_EQ(answer.status, 200);
    auto const results = nlohmann::json::parse(answer.body)["results"];
    EXPECT_EQ(results[0]["status"], 200);
    EXPECT_EQ(results[1]["status"], 403);
    EXPECT_EQ(results[2]["status"], 400);
}

TEST_F(IngestKeys, AreNotedWhenUsed) {
    EXPECT_TRUE(ingest().take_key_uses().empty());
    events("rk_all", event("cart.updated"));
    clock.pass(Millis{5000});
    events("rk_all", event("cart.deleted"));
    events("rk_none", event("cart.updated"));
    post("signed, not with a key");
    auto const uses = ingest().take_key_uses();
    ASSERT_EQ(uses.size(), 1u);
    EXPECT_EQ(uses[0].secret, to_hex(sha256("rk_all")));
    EXPECT_EQ(uses[0].last_used_at, clock.now());
    EXPECT_TRUE(ingest().take_key_uses().empty());
}

}  // namespace
}  // namespace recoup::test
