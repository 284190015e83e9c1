#include "core/risk/features.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

namespace recoup::core {
namespace {

using namespace std::chrono_literals;

Instant const noon = parse_rfc3339("2026-11-20T12:00:00Z").value();   // a Friday

struct Scene {
    Cart cart;
    Person person;
};

Session session(Instant first, Instant last) {
    Session result;
    result.first_at = first;
    result.last_at = last;
    return result;
}

Scene priced_cart() {
    Scene scene;
    scene.cart.id = "cart_1";
    scene.cart.created_at = noon - 20min;
    scene.cart.last_activity_at = noon - 5min;
    scene.cart.stage = Stage::payment;
    CartContent content;
    Line shirt, mug;
    shirt.quantity = 2;
    shirt.price_minor = 3000;
    mug.price_minor = 2000;
    content.lines = {shirt, mug};
    content.currency = "USD";
    content.total_minor = 8000;
    scene.cart.content.offer(content, Version{noon - 5min, 0, 1});
    return scene;
}

double value_of(std::string_view name, Scene const& scene, Instant now = noon) {
    auto const* feature = find_feature(name);
    if (feature == nullptr) throw std::runtime_error("no feature " + std::string(name));
    return feature->value(Moment(scene.cart, scene.person, now));
}

TEST(Features, AreListedOnceWithHelp) {
    std::set<std::string_view> names;
    for (auto const& feature : feature_list()) {
        EXPECT_TRUE(names.insert(feature.name).second) << feature.name;
        EXPECT_TRUE(feature.help.ends_with('.')) << feature.name;
        EXPECT_EQ(find_feature(feature.name), &feature);
    }
    EXPECT_EQ(find_feature("no_such_feature"), nullptr);
}

TEST(Features, OfAnEmptyCartAndAnUnknownPersonNeverFail) {
    for (auto const& feature : feature_list())
        EXPECT_FALSE(std::isinf(feature.value(Moment(Cart{}, Person{}, noon)))) << feature.name;
}

TEST(Features, WithoutAPixelTheSessionIsMissingNotZero) {
    auto const scene = priced_cart();
    for (auto const* name : {"session_seconds", "session_seconds_per_value", "checkout_scroll_percent", "tab_hides",
                             "checkout_hesitation_seconds", "payment_method_switches", "page_views", "prior_sessions"})
        EXPECT_TRUE(std::isnan(value_of(name, scene))) << name;
}

TEST(Features, SayTheFourSignalsOfTheBrief) {
    auto scene = priced_cart();
    auto& s = scene.person.sessions["s1"] = session(noon - 30min, noon - 4min);
    EXPECT_TRUE(std::isnan(value_of("checkout_scroll_percent", scene)));   // the checkout was not seen yet
    s.checkout_views = 1;
    s.checkout_scrolls = 3;
    s.checkout_scroll_percent = 50;
    s.checkout_ms = 120'000;
    s.payment_methods = {{"card", 2}, {"paypal", 1}};
    s.tab_hides = 4;
    s.tab_hidden_ms = 156'000;
    EXPECT_DOUBLE_EQ(value_of("session_seconds_per_value", scene), 26 * 60 / 80.0);
    EXPECT_DOUBLE_EQ(value_of("checkout_scroll_percent", scene), 50);
    EXPECT_DOUBLE_EQ(value_of("checkout_hesitation_seconds", scene), 60);
    EXPECT_DOUBLE_EQ(value_of("payment_methods_tried", scene), 2);
    EXPECT_DOUBLE_EQ(value_of("payment_method_switches", scene), 2);
    EXPECT_DOUBLE_EQ(value_of("tab_hides", scene), 4);
    EXPECT_DOUBLE_EQ(value_of("tab_hidden_share", scene), 0.1);
}

TEST(Features, TakeOnlySessionsAroundTheCart) {
    auto scene = priced_cart();
    scene.person.sessions_seen = 5;
    (scene.person.sessions["old"] = session(noon - 30h, noon - 29h)).page_views = 100;
    (scene.person.sessions["phone"] = session(noon - 50min, noon - 40min)).page_views = 2;
    (scene.person.sessions["desk"] = session(noon - 22min, noon - 3min)).page_views = 5;
    (scene.person.sessions["later"] = session(noon + 1min, noon + 2min)).page_views = 50;
    EXPECT_DOUBLE_EQ(value_of("page_views", scene), 7);
    EXPECT_DOUBLE_EQ(value_of("visit_sessions", scene), 2);
    EXPECT_DOUBLE_EQ(value_of("session_seconds", scene), 47 * 60);
    EXPECT_DOUBLE_EQ(value_of("prior_sessions", scene), 3);
}

TEST(Features, DescribeTheCart) {
    auto scene = priced_cart();
    EXPECT_DOUBLE_EQ(value_of("cart_value", scene), 80);
    EXPECT_DOUBLE_EQ(value_of("cart_lines", scene), 2);
    EXPECT_DOUBLE_EQ(value_of("cart_quantity", scene), 3);
    EXPECT_DOUBLE_EQ(value_of("dearest_line_share", scene), 0.75);
    EXPECT_DOUBLE_EQ(value_of("cart_stage", scene), 4);
    EXPECT_DOUBLE_EQ(value_of("cart_age_seconds", scene), 1200);
    EXPECT_DOUBLE_EQ(value_of("idle_seconds", scene), 300);
    EXPECT_DOUBLE_EQ(value_of("hour_of_day", scene), 12);
    EXPECT_DOUBLE_EQ(value_of("weekday", scene), 5);
    scene.cart.content.value.currency = "JPY";
    EXPECT_DOUBLE_EQ(value_of("cart_value", scene), 8000);
    scene.cart.content.value.total_minor = 0;
    EXPECT_TRUE(std::isnan(value_of("cart_value", scene)));
}

TEST(Features, HistoryKnowsNothingOfTheFuture) {
    auto scene = priced_cart();
    EXPECT_DOUBLE_EQ(value_of("prior_orders", scene), 0);
    EXPECT_TRUE(std::isnan(value_of("days_since_order", scene)));
    scene.person.orders["o1"] = {noon - 240h, 4000};
    scene.person.orders["o2"] = {noon - 48h, 12000};
    scene.person.orders["o3"] = {noon + 1h, 99999};
    EXPECT_DOUBLE_EQ(value_of("prior_orders", scene), 2);
    EXPECT_DOUBLE_EQ(value_of("days_since_order", scene), 2);
    EXPECT_DOUBLE_EQ(value_of("mean_order_value", scene), 80);
    EXPECT_DOUBLE_EQ(value_of("value_to_mean_order", scene), 1);
}

}  // namespace
}  // namespace recoup::core
