#include "core/policy/facts.hpp"

#include "recoup/base/digest.hpp"

#include <algorithm>

namespace recoup {
std::string_view name(Arm arm) { return arm == Arm::holdout ? "holdout" : "treated"; }
}  // namespace recoup

namespace recoup::core {

std::string address_for(Channel channel, Cart const* cart, Person const& person) {
    switch (channel) {
        case Channel::email: return cart != nullptr && cart->email.known() ? cart->email.value : person.email.value;
        case Channel::sms: {
            if (cart != nullptr && cart->phone.known()) return cart->phone.value;
            return person.phone.value;
        }
        case Channel::push:
        case Channel::ads: return {};
    }
    return {};
}

bool model_acts(Policy const& policy, std::int64_t abandonments) {
    switch (policy.risk_mode) {
        case RiskMode::act: return true;
        case RiskMode::automatic: return abandonments >= policy.risk_min_abandonments;
        case RiskMode::watch:
        case RiskMode::off: return false;
    }
    return false;
}

bool ordered(Cart const& cart, Person const& person) {
    return cart.ordered_at != never || ordered_since(person, cart.last_activity_at);
}

bool ordered_since(Person const& person, Instant since) {
    return std::any_of(person.orders.begin(), person.orders.end(),
                       [&](auto const& order) { return order.second.placed_at >= since; });
}

Arm assign_arm(std::string_view shop_id, Person const& person, std::string const& contact, double holdout_share) {
    // The contact is what identifies a shopper across carts and devices; the id only when there is none.
    std::string const& who = contact.empty() ? person.id : contact;
    auto const hash = stable_hash(std::string("holdout/") + std::string(shop_id) + "/" + who);
    double const unit = static_cast<double>(hash >> 11) * 0x1.0p-53;
    return unit < holdout_share ? Arm::holdout : Arm::treated;
}

}  // namespace recoup::core
