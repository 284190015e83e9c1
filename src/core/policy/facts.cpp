#include "core/policy/facts.hpp"

#include "recoup/base/digest.hpp"

#include <algorithm>

namespace recoup {
std::string_view name(Arm arm) { return arm == Arm::holdout ? "holdout" : "treated"; }
}  // namespace recoup

namespace recoup::core {

bool may_be_several(Person const& person) {
    auto const count = [&](KeyKind kind) {
        return std::count_if(person.keys.begin(), person.keys.end(), [&](IdentityKey const& key) { return key.kind == kind; });
    };
    auto const emails = count(KeyKind::email);
    return emails > 1 || (emails == 0 && count(KeyKind::phone) > 1);
}

std::string address_for(Channel channel, Cart const* cart, Payment const* payment, Person const& person) {
    auto const choose = [&](Versioned<std::string> const* typed, Versioned<std::string> const* paying,
                            Versioned<std::string> const& own) -> std::string {
        for (auto const* contact : {typed, paying})
            if (contact != nullptr && contact->known()) return contact->value;
        return may_be_several(person) ? std::string{} : own.value;
    };
    switch (channel) {
        case Channel::email:
            return choose(cart ? &cart->email : nullptr, payment ? &payment->email : nullptr, person.email);
        case Channel::sms:
            return choose(cart ? &cart->phone : nullptr, payment ? &payment->phone : nullptr, person.phone);
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

Arm assign_arm(std::string_view shop_id, Person const& person, std::string const& contact, double holdout_share) {
    // The contact is what identifies a shopper across carts and devices; the id only when there is none.
    std::string const& who = contact.empty() ? person.id : contact;
    auto const hash = stable_hash(std::string("holdout/") + std::string(shop_id) + "/" + who);
    double const unit = static_cast<double>(hash >> 11) * 0x1.0p-53;
    return unit < holdout_share ? Arm::holdout : Arm::treated;
}

}  // namespace recoup::core
