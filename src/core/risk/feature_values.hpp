#pragma once
// The functions behind the feature list; their meaning is said there. Every one returns NaN when it does not know.

#include "core/risk/features.hpp"

#include <limits>

namespace recoup::core {

inline constexpr double missing = std::numeric_limits<double>::quiet_NaN();

// Session
double session_seconds(Moment const& m);
double session_seconds_per_value(Moment const& m);
double page_views(Moment const& m);
double product_views(Moment const& m);
double distinct_products(Moment const& m);
double cart_views(Moment const& m);
double checkout_views(Moment const& m);
double checkout_scroll_percent(Moment const& m);
double checkout_scrolls(Moment const& m);
double checkout_seconds(Moment const& m);
double checkout_hesitation_seconds(Moment const& m);
double payment_methods_tried(Moment const& m);
double payment_method_switches(Moment const& m);
double payment_errors(Moment const& m);
double tab_hides(Moment const& m);
double tab_hidden_seconds(Moment const& m);
double tab_hidden_share(Moment const& m);
double visit_sessions(Moment const& m);
double seconds_since_seen(Moment const& m);

// Cart
double cart_value(Moment const& m);
double cart_lines(Moment const& m);
double cart_quantity(Moment const& m);
double dearest_line_share(Moment const& m);
double cart_stage(Moment const& m);
double cart_age_seconds(Moment const& m);
double idle_seconds(Moment const& m);
double cart_changes(Moment const& m);
double has_discount_code(Moment const& m);
double has_email(Moment const& m);
double has_phone(Moment const& m);

// Time
double hour_of_day(Moment const& m);
double weekday(Moment const& m);

// History
double is_customer(Moment const& m);
double prior_orders(Moment const& m);
double days_since_order(Moment const& m);
double mean_order_value(Moment const& m);
double value_to_mean_order(Moment const& m);
double prior_sessions(Moment const& m);
double person_age_days(Moment const& m);

}  // namespace recoup::core
