#include "sender.hpp"

namespace recoup {
namespace {

using test::body;
using test::has_key;
using test::Sender;

Sender beacon(std::string json) {
    Sender sender(source::pixel_source());
    sender.add_secret("write_key", "pk_demo");
    sender.header("Content-Type", "text/plain;charset=UTF-8");
    sender.http.body = std::move(json);
    return sender;
}

constexpr std::string_view page = R"({"key":"pk_demo","anonymous_id":"a1","session_id":"s1","cart_token":"c1?key=2",
 "customer_id":"5","email":"victim@example.com","phone":"+15551234567","events":[
 {"id":"1","type":"checkout_scrolled","timestamp":"2025-11-20T10:09:00Z","depth":140,"email":"victim@example.com"},
 {"id":"2","type":"tab_shown","timestamp":1763633340000,"duration_ms":4200},
 {"id":"3","type":"payment_method_selected","timestamp":4102444800000,"method":"paypal"},
 {"id":"4","type":"order_placed","timestamp":"2001-01-01T00:00:00Z"},{"type":"page_viewed"},7]})";

TEST(PixelSource, TakesTheKeyFromHeaderQueryOrBody) {
    EXPECT_TRUE(beacon(std::string(page)).authenticate());
    auto sender = beacon("{}");
    EXPECT_EQ(test::code_of(sender.authenticate()), "unauthorized");
    sender.http.query = "v=1&key=pk%5Fdemo";
    EXPECT_TRUE(sender.authenticate());
    sender.http.query.clear();
    sender.header("X-Recoup-Key", "pk_demo");
    EXPECT_TRUE(sender.authenticate());
    sender.http.headers.back().second = "pk_dem";
    EXPECT_EQ(test::code_of(sender.authenticate()), "unauthorized");
    EXPECT_EQ(test::code_of(beacon("not json").authenticate()), "invalid");
}

TEST(PixelSource, MayEnrichButNeverNamesAPerson) {
    auto const delivery = *beacon(std::string(page)).parse();
    ASSERT_EQ(delivery.items.size(), 5u);
    for (auto const& item : delivery.items) {
        EXPECT_FALSE(item.event->trusted);
        EXPECT_TRUE(item.event->consents.empty());
        EXPECT_EQ(item.event->keys.size(), 2u);
        EXPECT_TRUE(has_key(*item.event, KeyKind::anonymous_id, "a1") && has_key(*item.event, KeyKind::cart_token, "c1"));
    }
    EXPECT_EQ(delivery.items[0].event->id, "pixel:s1:1");
    EXPECT_EQ(body<BehaviourSeen>(*delivery.items[0].event).depth_percent, 100);
    EXPECT_EQ(body<BehaviourSeen>(*delivery.items[1].event).duration_ms, 4200);
    EXPECT_EQ(to_rfc3339(delivery.items[1].event->occurred_at), "2025-11-20T10:09:00Z");
    EXPECT_EQ(body<BehaviourSeen>(*delivery.items[2].event).payment_method, "paypal");
    EXPECT_EQ(delivery.items[2].event->occurred_at, delivery.items[2].event->received_at);
    body<UnknownHappened>(*delivery.items[3].event);
    EXPECT_EQ(to_rfc3339(delivery.items[3].event->occurred_at), "2025-11-19T10:10:00Z");  // a day back at most
}

TEST(PixelSource, KeepsNothingOfNobody) {
    EXPECT_TRUE(beacon(R"({"key":"pk_demo","events":[{"type":"page_viewed"}]})").parse()->items.empty());
}

TEST(PixelSource, SaysWhichKeyItWas) {
    auto sender = beacon(std::string(page));
    ASSERT_NE(sender.source->key_of(sender.request()), nullptr);
    sender.add_secret("write_key", "pk_other");
    EXPECT_EQ(sender.source->key_of(sender.request())->secret, "pk_demo");
    sender.header("X-Recoup-Key", "pk_none");
    EXPECT_EQ(sender.source->key_of(sender.request()), nullptr);
}

}  // namespace
}  // namespace recoup
