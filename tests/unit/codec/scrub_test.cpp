#include "core/codec/scrub.hpp"

#include "core/codec/event_codec.hpp"
#include "recoup/domain/world.hpp"

#include <gtest/gtest.h>

namespace recoup::core {
namespace {

Instant at(int minutes) { return parse_rfc3339("2026-03-02T15:00:00Z").value() + std::chrono::minutes{minutes}; }
IdentityKey const jane{KeyKind::email, "jane@example.com"};

Event event(int minutes, EventBody body, std::vector<IdentityKey> keys) {
    Event out;
    out.shop_id = "demo";
    out.id = "events:1";
    out.topic = "checkout.started";
    out.occurred_at = out.received_at = at(minutes);
    out.keys = std::move(keys);
    out.body = std::move(body);
    return out;
}

ErasedHashes erased(int minutes, std::string hash = key_hash("demo", jane)) { return {{"demo", {{std::move(hash), at(minutes)}}}}; }

TEST(Scrub, TakesWhatHappenedBeforeTheErasureAndLeavesTheRest) {
    CartChanged cart;
    cart.first_name = "Jane";
    auto const before = event(1, cart, {jane, {KeyKind::cart_token, "t"}});
    auto const bare = scrubbed(before, erased(5));
    ASSERT_TRUE(bare);
    EXPECT_EQ(encode_event(*bare).find("ane"), std::string::npos);
    EXPECT_EQ(bare->id, before.id);
    EXPECT_EQ(bare->occurred_at, before.occurred_at);
    EXPECT_FALSE(scrubbed(*bare, erased(5)));                                             // nothing is left to take
    EXPECT_FALSE(scrubbed(event(9, cart, {jane}), erased(5)));                            // came back afterwards
    EXPECT_FALSE(scrubbed(event(1, cart, {{KeyKind::email, "ann@example.com"}}), erased(5)));
    EXPECT_TRUE(scrubbed(event(1, cart, {{KeyKind::email, "ann@example.com"}}), erased(5, "shop")));
    auto elsewhere = before;
    elsewhere.shop_id = "other";
    EXPECT_FALSE(scrubbed(elsewhere, erased(5)));
}

TEST(Scrub, KeepsTheMoneyOfAnOrderAndNothingThatNamesAnybody) {
    OrderPlaced order;
    order.order_id = "7";
    order.total = {4200, "USD"};
    order.first_name = "Jane";
    order.last_name = "Doe";
    order.postal_code = "10001";
    order.landing_site = "/?email=jane@example.com";
    auto const bare = scrubbed(event(1, order, {{KeyKind::order_id, "7"}, jane, {KeyKind::customer_id, "5"}}), erased(5));
    ASSERT_TRUE(bare);
    EXPECT_EQ(bare->keys, (std::vector<IdentityKey>{{KeyKind::order_id, "7"}}));
    EXPECT_EQ(std::get<OrderPlaced>(bare->body).total.minor, 4200);
    auto const bytes = encode_event(*bare);
    for (auto const* name : {"ane", "Doe", "10001", "example.com"}) EXPECT_EQ(bytes.find(name), std::string::npos) << name;
    EXPECT_FALSE(scrubbed(*bare, {{"demo", {{key_hash("demo", {KeyKind::order_id, "7"}), at(5)}}}}));   // once is enough
}

}  // namespace
}  // namespace recoup::core
