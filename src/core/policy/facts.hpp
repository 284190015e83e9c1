#pragma once
// What the decisions look at, gathered by the caller in one transaction. Plain values: the same facts always give the
// same decision.

#include "core/law/open_hours.hpp"
#include "core/policy/address_list.hpp"
#include "core/policy/truth.hpp"

#include "recoup/base/shared.hpp"
#include "recoup/domain/cap.hpp"
#include "recoup/domain/cart.hpp"
#include "recoup/domain/enrollment.hpp"
#include "recoup/domain/order.hpp"
#include "recoup/domain/pause.hpp"
#include "recoup/domain/person.hpp"
#include "recoup/domain/shop.hpp"

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace recoup::core {

class Law;

enum class RiskMode : unsigned char { off, watch, act, automatic };   // automatic: act from min_abandonments on

struct Policy {
    Millis idle{std::chrono::minutes{30}};
    std::int64_t value_floor_minor = 1;   // of what is no gift card
    std::map<Channel, OpenHours> open;    // outside the shop's own quiet hours
    std::shared_ptr<Law const> law;       // none = nothing but the policy is asked
    Millis min_gap{std::chrono::hours{2}};
    Cap person_cap{6, std::chrono::hours{24 * 7}};   // over all channels
    std::map<Channel, Cap> channel_caps;  // of one person too
    Cap shop_cap{};                       // over all persons
    bool email_consent_required = true;   // false: no record needed where the law asks for none, unless denied
    std::set<Channel> double_opt_in;      // whose consents must be confirmed, whatever the law says
    Millis consent_life{};                // consents count for so long; 0 = as long as the law lets them
    Millis hours_spread{};                // what waited for allowed hours goes out over so long; 0 = all at their first minute
    double holdout_share = 0.1;
    RiskMode risk_mode = RiskMode::automatic;
    double risk_threshold = 0.8;
    std::int64_t risk_min_abandonments = 1000;
    Millis retry_base{std::chrono::seconds{30}};
    int max_attempts = 8;
    std::vector<std::string> sources{"web", "app"};       // core/policy/customer.hpp
    std::shared_ptr<AddressList const> not_customers;     // null = everybody is one
    double order_covers = 0;              // share of a cart's value that another order must cover to end it; 0 = any order does
    int max_restarts = 10;                // plans made anew for one enrollment because its cart changed
    std::int64_t card_testing = 20;       // failed payments of a shop within minutes that look like it; 0 = never
};

/// May a risk above the threshold open an enrollment early? From enough abandonments on, or when told to.
bool model_acts(Policy const& policy, std::int64_t abandonments);

struct SentMessage {
    Channel channel = Channel::email;
    std::string cart_id;
    std::string enrollment_id;
    Instant at{};
    int step = 0;
    bool opened = false;                  // these by a human
    bool clicked = false;
};

struct SendFacts {
    Instant now{};
    Shared<Shop> shop;
    Enrollment enrollment;
    PlannedStep step;
    Shared<Sequence> sequence;            // the enrollment's own version
    SequenceStep config;                  // its step, as it would be sent
    std::optional<Cart> cart;
    std::optional<Payment> payment;
    Person person;                        // id empty = erased
    std::vector<SentMessage> history;     // of the person, within the widest window
    std::set<std::string> suppressed;     // "<channel>:<address>" of this person's addresses
    Goods goods;                          // of the cart's lines
    std::map<std::string, Coupon> coupons;   // by coupon_key, those that the step may promise and the store told of
    bool adapter_configured = true;
    std::optional<Pause> paused;          // one that covers the step
    std::optional<int> shop_left;         // messages that the shop's cap still allows; nullopt = it has none
    Instant marked_at{};                  // newest order under a mark of the cart or its messages (core/mark); never = none
    bool on_sale = false;                 // the shop has a sale of its own
    bool other_cart_open = false;         // the person has a cart of a higher stage; asked for browsing only
    std::int64_t failures_around = 0;     // other payments of the shop that failed within burst_around of this one
};

struct OpenFacts {
    Instant now{};
    Shop shop;
    Cart cart;
    Person person;
    std::optional<Enrollment> active;     // of this person in the lane of carts
    Sequence sequence;                    // for this cart
    std::optional<Sequence> running;      // the version that `active` is on, where it is another
    bool other_cart_open = false;         // the person has a cart of a higher stage; asked for browsing only
    bool predicted = false;
    Instant marked_at{};                  // newest order under the cart's mark; never = none
    std::optional<Arm> first_arm;         // of the person's earliest enrollment
};

/// Several people may be behind it: emails, or without any of them phones, met on one device or number.
bool may_be_several(Person const& person);

/// Where a message of this channel would go: the checkout's or payment's own contact first, then the person's newest, but
/// not when it may be somebody else's. Each may be null.
std::string address_for(Channel channel, Cart const* cart, Payment const* payment, Person const& person);
inline std::string address_for(Channel channel, Cart const* cart, Person const& person) {
    return address_for(channel, cart, nullptr, person);
}

/// In the control group? Stable for the same person in the same shop, whatever joined first.
Arm assign_arm(std::string_view shop_id, Person const& person, std::string const& contact, double holdout_share);

}  // namespace recoup::core
