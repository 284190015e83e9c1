#include "core/key/shop_key.hpp"
#include "recoup/base/digest.hpp"

#include <gtest/gtest.h>

namespace recoup::core {
namespace {

TEST(ShopKey, IsShownOnceAndKeptAsItsHash) {
    SeededRandom random(3);
    auto const fresh = fresh_bearer_key(random), other = fresh_bearer_key(random);
    EXPECT_EQ(fresh.shown.size(), 3 + 43u);   // rk_ and 256 bits
    EXPECT_NE(fresh.shown, other.shown);
    EXPECT_EQ(fresh.secret.secret, to_hex(sha256(fresh.shown)));
    EXPECT_TRUE(fresh.shown.starts_with(fresh.secret.hint));
    EXPECT_LE(fresh.secret.hint.size(), 7u);
    EXPECT_EQ(key_hint("abc"), "");   // a short key is not told by its beginning
}

TEST(ShopKey, HasAnIdThatTellsNothingAndIsItsOwn) {
    ShopSecret const key{"demo", "events", "bearer", to_hex(sha256("rk_a")), never};
    auto elsewhere = key;
    elsewhere.shop_id = "other";
    EXPECT_EQ(key_id(key), key_id(key));
    EXPECT_NE(key_id(key), key_id(elsewhere));
    EXPECT_TRUE(key_id(key).starts_with("key_"));
    EXPECT_EQ(key.secret.find(key_id(key).substr(4)), std::string::npos);
}

TEST(Scopes, NameTypesAndFamilies) {
    std::vector<std::string> const scopes{"cart.*", "order.completed"};
    EXPECT_TRUE(scopes_allow(scopes, "cart.updated"));
    EXPECT_TRUE(scopes_allow(scopes, "order.completed"));
    for (std::string const type : {"order.refunded", "cart", "cart.", "cartoon.updated", "consent.updated", ""})
        EXPECT_EQ(scopes_allow(scopes, type), type == "cart.") << type;
    EXPECT_TRUE(scopes_allow({}, "anything"));
    EXPECT_TRUE(scopes_allow(std::vector<std::string>{"*"}, "anything"));
    for (std::string const scope : {"*", "cart.*", "order.completed", "a_b.C9"}) EXPECT_TRUE(is_scope(scope)) << scope;
    for (std::string const scope : {"", "cart*", "*.updated", ".*", "c art", "cart,order", "cart.*.*", "\"", "é"})
        EXPECT_FALSE(is_scope(scope)) << scope;
}

TEST(ShopKey, IsActiveUntilItsEnd) {
    auto const end = instant_from_seconds(100);
    EXPECT_TRUE(is_active({"", "", "", "", never}, end));
    EXPECT_TRUE(is_active({"", "", "", "", end}, end - Millis{1}));
    EXPECT_FALSE(is_active({"", "", "", "", end}, end));
}

}  // namespace
}  // namespace recoup::core
