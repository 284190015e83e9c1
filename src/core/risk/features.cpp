#include "core/risk/features.hpp"

#include "core/risk/feature_values.hpp"

#include <algorithm>

namespace recoup::core {
namespace {

// The order is for people; models bind by name.
constexpr Feature features[] = {
    // The brief's four signals
    {"session_seconds_per_value", "Time in the shop for each unit of the cart's value.", session_seconds_per_value},
    {"checkout_scroll_percent", "Deepest scroll on the checkout page, 0 to 100.", checkout_scroll_percent},
    {"checkout_hesitation_seconds", "Time on the checkout steps, weighted by how far they were read.",
     checkout_hesitation_seconds},
    {"payment_method_switches", "Selections of a payment method after the first one.", payment_method_switches},
    {"tab_hides", "Times the shop's tab was left for another one.", tab_hides},
    // Session
    {"session_seconds", "Time from the first to the last sign of the visit around this cart.", session_seconds},
    {"page_views", "Pages seen in the visit.", page_views},
    {"product_views", "Product pages seen in the visit.", product_views},
    {"distinct_products", "Different products seen in the visit.", distinct_products},
    {"cart_views", "Times the cart page was seen in the visit.", cart_views},
    {"checkout_views", "Times a checkout page was seen in the visit.", checkout_views},
    {"checkout_scrolls", "Scrolls reported from checkout pages.", checkout_scrolls},
    {"checkout_seconds", "Time on the checkout steps.", checkout_seconds},
    {"payment_methods_tried", "Different payment methods selected.", payment_methods_tried},
    {"payment_errors", "Payment errors shown in the visit.", payment_errors},
    {"tab_hidden_seconds", "Time the shop's tab was hidden.", tab_hidden_seconds},
    {"tab_hidden_share", "Share of the visit for which the tab was hidden.", tab_hidden_share},
    {"visit_sessions", "Sessions that belong to the visit around this cart.", visit_sessions},
    {"seconds_since_seen", "Time since the last sign of the person in the shop.", seconds_since_seen},
    // Cart
    {"cart_value", "Total of the cart in whole units of its currency.", cart_value},
    {"cart_lines", "Different lines in the cart.", cart_lines},
    {"cart_quantity", "Pieces in the cart.", cart_quantity},
    {"dearest_line_share", "Share of the dearest line in the value of all lines.", dearest_line_share},
    {"cart_stage", "How far the checkout got: 0 cart, 1 checkout, 2 contact, 3 shipping, 4 payment.", cart_stage},
    {"cart_age_seconds", "Time since the cart was made.", cart_age_seconds},
    {"idle_seconds", "Time since the cart last changed.", idle_seconds},
    {"cart_changes", "How often the store reported a new content of the cart.", cart_changes},
    {"has_discount_code", "1 when a discount code is in the cart.", has_discount_code},
    {"has_email", "1 when an email address is known.", has_email},
    {"has_phone", "1 when a phone number is known.", has_phone},
    // Time
    {"hour_of_day", "Hour of the day, UTC.", hour_of_day},
    {"weekday", "Day of the week, UTC: 0 Sunday to 6 Saturday.", weekday},
    // History
    {"is_customer", "1 when the person has an account at the store.", is_customer},
    {"prior_orders", "Orders before this cart.", prior_orders},
    {"days_since_order", "Days since the last order.", days_since_order},
    {"mean_order_value", "Mean value of the orders before this cart.", mean_order_value},
    {"value_to_mean_order", "Value of this cart by the mean of the orders before it.", value_to_mean_order},
    {"prior_sessions", "Sessions before the visit around this cart.", prior_sessions},
    {"person_age_days", "Days since the person was first seen.", person_age_days},
};

}  // namespace

std::span<Feature const> feature_list() { return features; }

Feature const* find_feature(std::string_view name) {
    auto const* found = std::find_if(std::begin(features), std::end(features),
                                     [&](Feature const& feature) { return feature.name == name; });
    return found == std::end(features) ? nullptr : found;
}

}  // namespace recoup::core
