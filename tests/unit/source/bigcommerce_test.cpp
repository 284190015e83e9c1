#include "sender.hpp"

namespace recoup {
namespace {

using test::body;
using test::has_key;
using test::Sender;

constexpr std::string_view vector_body =
    R"({"token":"123123123","cart_token":"eeafa272cebfd4b22385bc4b645e762c",)"
    R"("email":"bob@example.com","total_price":"421.88"})";

Sender signed_by(std::string signature) {
    Sender sender(source::bigcommerce_source());
    sender.add_secret("hmac", "bc_client_secret");
    sender.received_at = instant_from_seconds(1'700'000'000);
    sender.http.body = vector_body;
    sender.header("webhook-id", "msg_1");
    sender.header("webhook-timestamp", "1700000000");
    sender.header("webhook-signature", std::move(signature));
    return sender;
}

TEST(BigCommerceSource, SignsWithTheClientSecretsOwnBytes) {
    auto sender = signed_by("v1,kHZa08PuopPmVERahq427hFKjcL+hEpKfeCb751akfk=");
    EXPECT_EQ(test::code_of(sender.authenticate()), "ok");
    sender.received_at += Seconds{301};
    EXPECT_EQ(test::code_of(sender.authenticate()), "unauthorized");
    EXPECT_EQ(test::code_of(signed_by("v1,AAAA").authenticate()), "unauthorized");
}

TEST(BigCommerceSource, TakesABearerKeyAmongTheHooksOwnHeaders) {
    Sender sender(source::bigcommerce_source());
    sender.add_secret("bearer", to_hex(sha256("key-1")));
    sender.http.body = "{}";
    sender.header("Authorization", "Bearer key-1");
    EXPECT_EQ(test::code_of(sender.authenticate()), "ok");
    sender.http.headers[0].second = "Bearer key-2";
    EXPECT_EQ(test::code_of(sender.authenticate()), "unauthorized");
}

TEST(BigCommerceSource, RefusesAnotherStoreOfTheSameApp) {
    auto const from = [](std::string producer, std::string domain) {
        Sender sender(source::bigcommerce_source());
        sender.add_secret("bearer", to_hex(sha256("key-1")));
        sender.header("Authorization", "Bearer key-1");
        sender.shop.domain = std::move(domain);
        sender.http.body = R"({"producer":")" + producer + R"("})";
        return test::code_of(sender.authenticate());
    };
    EXPECT_EQ(from("stores/abc", "store-ABC.mybigcommerce.com"), "ok");
    EXPECT_EQ(from("stores/xyz", "store-abc.mybigcommerce.com"), "unauthorized");
    EXPECT_EQ(from("stores/xyz", "shop.example"), "ok");
}

Event told(std::string scope, std::string data) {
    Sender sender(source::bigcommerce_source());
    sender.http.body = R"({"scope":")" + scope +
                       R"(","store_id":"1","producer":"stores/abc","created_at":1763632800,"hash":"352e","data":)" +
                       data + "}";
    return sender.event();
}

TEST(BigCommerceSource, KeepsWhatThinPayloadsTell) {
    auto const touched = told("store/cart/updated", R"({"type":"cart","id":"c1"})");
    EXPECT_TRUE(has_key(touched, KeyKind::cart_token, "c1"));
    EXPECT_EQ(to_rfc3339(touched.occurred_at), "2025-11-20T10:00:00Z");
    EXPECT_FALSE(body<CartChanged>(touched).has_content);
    EXPECT_TRUE(has_key(told("store/cart/lineItem/created", R"({"type":"cart_line_item","id":"li","cartId":"c1"})"),
                        KeyKind::cart_token, "c1"));
    auto const bought = told("store/cart/converted", R"({"type":"cart","id":"c1","orderId":252})");
    EXPECT_TRUE(has_key(bought, KeyKind::order_id, "252"));
    EXPECT_EQ(body<CartChanged>(bought).completed_at, bought.occurred_at);
    body<CartDeleted>(told("store/cart/deleted", R"({"id":"c1"})"));
    body<UnknownHappened>(told("store/cart/abandoned", R"({"id":"c1","token":"t"})"));
    body<UnknownHappened>(told("store/order/statusUpdated", R"({"type":"order","id":250})"));
    body<UnknownHappened>(told("store/customer/created", R"({"type":"customer","id":5})"));
    body<ShopUninstalled>(told("store/app/uninstalled", "{}"));
    body<DeadLettered>(told("store/cart/created", "{}"));
    EXPECT_NE(touched.id, told("store/cart/updated", R"({"type":"cart","id":"c2"})").id);
}

}  // namespace
}  // namespace recoup
