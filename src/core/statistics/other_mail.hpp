#pragma once
// Other tools that remind people of the same carts: the store's own automation, or an ESP's. Then people are mailed twice, and
// the control group is not left alone. Known by the address on which an order's visit began.

#include <string_view>

namespace recoup::core {

/// Which tool's cart mail brought the visit: "shopify", "klaviyo", "omnisend", "mailchimp" or "other", by the campaign parameters
/// that they put into links; empty when none did, or it was ours.
std::string_view other_cart_mail(std::string_view landing_site);

}  // namespace recoup::core
