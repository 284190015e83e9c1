// discounts/*: whether a code still works. A discount with one code is titled by it in Shopify's own admin; those with many
// tell of each code by itself.
#include "adapter/source/shared/event_parts.hpp"
#include "adapter/source/shared/text.hpp"
#include "adapter/source/shopify/topics.hpp"

namespace recoup::source::shopify {

/// Automatic discounts have no code.
std::string read_discount(Topic const& topic, Event& event) {
    auto const body = topic.body;
    set_occurred(event, changed_at(body));
    bool const by_code = body["admin_graphql_api_id"].text().find("DiscountCode") != std::string::npos;
    auto const title = body["title"].text(limits::id_bytes), status = lower_ascii(body["status"].text(limits::id_bytes));
    if (!by_code || title.empty() || status.empty()) return {};
    Coupon coupon;
    coupon.code = title;
    coupon.active = status == "active";
    event.body = CouponChanged{std::move(coupon)};
    return {};
}

std::string read_redeem_code(Topic const& topic, Event& event) {
    auto const body = topic.body;
    set_occurred(event, changed_at(body));
    Coupon coupon;
    coupon.code = body["redeem_code"]["code"].text(limits::id_bytes);
    if (coupon.code.empty()) coupon.code = body["code"].text(limits::id_bytes);
    if (coupon.code.empty()) return {};   // of which one it is not told
    coupon.active = topic.name == "discounts/redeemcode_added";
    event.body = CouponChanged{std::move(coupon)};
    return {};
}

}  // namespace recoup::source::shopify
