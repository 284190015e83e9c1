#include "core/policy/truth.hpp"

#include <gtest/gtest.h>

namespace recoup::core::truth_test {
namespace {

Instant const noon = parse_rfc3339("2026-03-02T12:00:00Z").value();
Version at(int minutes) { return {noon + std::chrono::minutes{minutes}, 0, 1}; }

Line line(std::string variant, std::int64_t price, std::int64_t quantity = 1) {
    Line out;
    out.variant_id = std::move(variant);
    out.product_id = "p-" + out.variant_id;
    out.price_minor = price;
    out.quantity = quantity;
    return out;
}

Cart cart(std::vector<Line> lines, std::int64_t subtotal, std::int64_t total) {
    Cart out;
    out.content.offer({std::move(lines), "USD", subtotal, total, {}}, at(0));
    return out;
}

Versioned<Variant> variant(std::string id, std::int64_t price, int minutes, std::optional<std::int64_t> available = std::nullopt) {
    Variant value;
    value.product_id = "p-" + id;
    value.variant_id = std::move(id);
    value.price_minor = price;
    value.currency = "USD";
    value.available = available;
    return {value, at(minutes)};
}

CartContent now(Cart const& cart, Goods const& goods) { return true_content(cart, goods, "USD"); }

TEST(Truth, WhatNothingIsKnownOfStaysAsItIs) {
    auto const left = cart({line("a", 1000, 2), line("b", 500)}, 2400, 2900);
    EXPECT_EQ(now(left, {}), left.content.value);
}

TEST(Truth, SoldOutLinesTakeTheirPriceWithThem) {
    auto const left = now(cart({line("a", 1000, 2), line("b", 500)}, 2500, 3000), {{"a", variant("a", 1000, -5, 0)}});
    ASSERT_EQ(left.lines.size(), 1U);
    EXPECT_EQ(left.lines[0].variant_id, "b");
    EXPECT_EQ(left.subtotal_minor, 500);
    EXPECT_EQ(left.total_minor, 1000);
    EXPECT_TRUE(now(cart({line("a", 1000)}, 1000, 1000), {{"a", variant("a", 1000, -5, 0)}}).lines.empty());
}

TEST(Truth, ThePriceOfNowReplacesTheCartsOwn) {
    auto const put_in = cart({line("a", 1000, 2), line("b", 500)}, 2500, 2700);
    auto const lowered = now(put_in, {{"a", variant("a", 800, 5)}});
    EXPECT_EQ(lowered.lines[0].price_minor, 800);
    EXPECT_EQ(lowered.subtotal_minor, 2100);
    EXPECT_EQ(lowered.total_minor, 2300);
    auto const raised = now(put_in, {{"a", variant("a", 1300, 5)}});
    EXPECT_EQ(raised.lines[0].price_minor, 1300);
    EXPECT_EQ(raised.subtotal_minor, 3100);
}

TEST(Truth, ThePriceStaysWhenTheStoreSaysNothingNewer) {
    auto const put_in = cart({line("a", 1000)}, 1000, 1000);
    EXPECT_EQ(now(put_in, {{"a", variant("a", 800, -5)}}).subtotal_minor, 1000);   // the cart knows better
    EXPECT_EQ(now(put_in, {{"a", variant("a", 0, 5)}}).subtotal_minor, 1000);      // not said
    auto euro = variant("a", 800, 5);
    euro.value.currency = "EUR";
    EXPECT_EQ(now(put_in, {{"a", euro}}).subtotal_minor, 1000);
    auto own = variant("a", 800, 5);
    own.value.currency.clear();                                                    // the shop's, which is the cart's
    EXPECT_EQ(now(put_in, {{"a", own}}).subtotal_minor, 800);
    EXPECT_EQ(true_content(put_in, {{"a", own}}, "EUR").subtotal_minor, 1000);
}

TEST(Truth, ALinesOwnDiscountIsNoOldPrice) {
    auto discounted = line("a", 800);
    discounted.list_price_minor = 1000;
    EXPECT_EQ(now(cart({discounted}, 800, 800), {{"a", variant("a", 1000, 5)}}).subtotal_minor, 800);   // told again, not changed
    EXPECT_EQ(now(cart({discounted}, 800, 800), {{"a", variant("a", 1200, 5)}}).subtotal_minor, 1200);
    auto card = line("a", 5000);
    card.gift_card = true;
    EXPECT_EQ(now(cart({card}, 5000, 5000), {{"a", variant("a", 2500, 5)}}).subtotal_minor, 5000);
}

TEST(Truth, WhatIsGoneForGoodLeaves) {
    Versioned<Variant> whole = variant("x", 0, 3);
    whole.value.variant_id = whole_product("p-a");
    whole.value.product_id = "p-a";
    whole.value.active = false;
    whole.value.available = 0;
    auto const left = cart({line("a", 1000), line("b", 500)}, 1500, 1500);
    EXPECT_EQ(now(left, {{whole_product("p-a"), whole}}).subtotal_minor, 500);
    EXPECT_EQ(now(left, {{whole_product("p-a"), whole}, {"a", variant("a", 1000, 2)}}).subtotal_minor, 500);
    EXPECT_EQ(now(left, {{whole_product("p-a"), whole}, {"a", variant("a", 1000, 4)}}).subtotal_minor, 1500);   // came back
}

TEST(Truth, WhatWasLookedAtIsToldOfAsTheStoreHasIt) {
    Cart seen;
    seen.stage = Stage::browse;
    CartContent content;
    for (auto const* product : {"hat", "scarf", "secret"}) content.lines.emplace_back().product_id = product;
    seen.content.offer(content, at(0));
    auto const of = [](std::string product, std::string id, std::int64_t price, std::optional<std::int64_t> available = std::nullopt) {
        auto out = variant(std::move(id), price, -100, available);
        out.value.product_id = product;
        out.value.product_title = "The " + product;
        return out;
    };
    auto const told = now(seen, {{"h1", of("hat", "h1", 3000)}, {"h2", of("hat", "h2", 2000)}, {"h3", of("hat", "h3", 1000, 0)},
                                 {"s1", of("scarf", "s1", 700, 4)}, {"u", of("unseen", "u", 1)}});
    ASSERT_EQ(told.lines.size(), 2U);
    EXPECT_EQ(told.lines[0].title, "The hat");
    EXPECT_EQ(told.lines[0].variant_id, "h2");   // the cheapest that can be bought
    EXPECT_EQ(told.lines[1].title, "The scarf");
    EXPECT_EQ(told.subtotal_minor, 2700);
    EXPECT_EQ(told.currency, "USD");
    EXPECT_TRUE(now(seen, {}).lines.empty());    // what the store does not name is not written about
}

}  // namespace
}  // namespace recoup::core::truth_test
