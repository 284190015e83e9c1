#include "sender.hpp"

namespace recoup {
namespace {

using test::Sender;

constexpr std::string_view secret = "shpss_test_secret";
// Vectors recomputed with OpenSSL and Node from Shopify's documented scheme.
constexpr std::string_view body_1 =
    R"({"token":"123123123","cart_token":"eeafa272cebfd4b22385bc4b645e762c","email":"bob@example.com","total_price":"421.88"})";
constexpr std::string_view signature_1 = "m7gbAKT8rTvXK2AcnBjbKXzMpkCmQ93elkzX3KM91OM=";
constexpr std::string_view body_2 = R"({"title":"Crème brûlée ☕","price":"10.00"})";
constexpr std::string_view signature_2 = "dNGZ4SYS9zBm5UtYg7iO9sE3hhU1KPPpuBaRqSgxMz8=";

Sender signed_by(std::string_view body, std::string_view signature) {
    Sender sender(source::shopify_source());
    sender.add_secret("hmac", std::string(secret));
    sender.http.body = body;
    sender.header("X-Shopify-Topic", "checkouts/update");
    sender.header("X-Shopify-Webhook-Id", "b54557e4-bdd9-4b37-8a5f-bf7d70bcd043");
    sender.header("X-Shopify-Hmac-Sha256", std::string(signature));
    return sender;
}

TEST(ShopifySignature, VerifiesTheKnownVectors) {
    EXPECT_EQ(test::code_of(signed_by(body_1, signature_1).authenticate()), "ok");
    EXPECT_EQ(test::code_of(signed_by(body_2, signature_2).authenticate()), "ok");
    EXPECT_EQ(test::code_of(signed_by(body_1, signature_2).authenticate()), "unauthorized");
}

// CVE-2024-21491: a shorter signature that matched a prefix was accepted elsewhere.
TEST(ShopifySignature, RefusesEveryPrefixAndEveryExtension) {
    auto const whole = *from_base64(signature_1);
    for (std::size_t size = 0; size < whole.size(); ++size) {
        Bytes const part(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
        EXPECT_FALSE(signed_by(body_1, to_base64(part)).authenticate()) << size;
    }
    auto longer = whole;
    longer.push_back(0);
    EXPECT_FALSE(signed_by(body_1, to_base64(longer)).authenticate());
    EXPECT_FALSE(signed_by(body_1, std::string(signature_1.substr(0, signature_1.size() - 1))).authenticate());
    EXPECT_FALSE(signed_by(body_1, "%%%").authenticate());
}

TEST(ShopifySignature, TakesAnyOfSeveralActiveSecrets) {
    auto sender = signed_by(body_1, signature_1);
    sender.secrets.insert(sender.secrets.begin(), {"demo", "shopify", "hmac", "the-next-one", never});
    EXPECT_TRUE(sender.authenticate());
    sender.secrets.clear();
    EXPECT_EQ(test::code_of(sender.authenticate()), "unauthorized");
    sender.add_secret("hmac", "");
    EXPECT_EQ(test::code_of(sender.authenticate()), "unauthorized");
}

TEST(ShopifySignature, NeedsItsHeadersInEitherFamily) {
    for (std::size_t missing = 0; missing < 3; ++missing) {
        auto sender = signed_by(body_1, signature_1);
        sender.http.headers.erase(sender.http.headers.begin() + static_cast<std::ptrdiff_t>(missing));
        EXPECT_EQ(test::code_of(sender.authenticate()), "invalid") << missing;
    }
    auto sender = signed_by(body_1, signature_1);
    sender.http.headers = {{"shopify-topic", "checkouts/update"},
                           {"shopify-webhook-id", "1"},
                           {"shopify-hmac-sha256", std::string(signature_1)},
                           {"X-Shopify-Hmac-Sha256", "AAAA"}};
    EXPECT_TRUE(sender.authenticate());
    EXPECT_EQ(sender.event().id, "shopify:1");
    EXPECT_EQ(sender.event().topic, "checkouts/update");
}

TEST(ShopifySignature, RefusesADeliveryOfAnotherShop) {
    auto sender = signed_by(body_1, signature_1);
    sender.header("X-Shopify-Shop-Domain", "DEMO.myshopify.com");
    EXPECT_TRUE(sender.authenticate());
    sender.http.headers.back().second = "other.myshopify.com";
    EXPECT_EQ(test::code_of(sender.authenticate()), "unauthorized");
}

}  // namespace
}  // namespace recoup
