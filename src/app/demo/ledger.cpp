#include "app/demo/ledger.hpp"

#include <algorithm>
#include <map>

namespace recoup::demo {
namespace {

Instant* slot(Known& known, Fact fact) {
    switch (fact) {
        case Fact::nothing: return nullptr;
        case Fact::cart_seen: return &known.cart_seen;
        case Fact::ordered: return &known.ordered;
        case Fact::paid: return &known.paid;
        case Fact::emptied: return &known.emptied;
        case Fact::email_revoked: return &known.email_revoked;
        case Fact::sms_revoked: return &known.sms_revoked;
    }
    return nullptr;
}

}  // namespace

bool contacted(Shopper const& shopper, ActionKind kind, Instant at, std::span<SentMessage const> messages) {
    return std::any_of(messages.begin(), messages.end(), [&](SentMessage const& message) {
        if (message.sent_at == never || message.sent_at > at || message.to.empty()) return false;
        if (message.to == shopper.email) return true;
        return kind != ActionKind::unsubscribe && message.to == shopper.phone;
    });
}

bool happens(Plan const& plan, Action const& action, std::span<SentMessage const> messages) {
    if (!action.only_if_contacted) return true;
    return contacted(plan.shoppers[static_cast<std::size_t>(action.shopper)], action.kind, plan.done_at(action), messages);
}

std::vector<Known> write_ledger(Plan const& plan, std::span<SentMessage const> messages) {
    std::map<std::string_view, std::vector<SentMessage>> by_address;
    for (auto const& message : messages) by_address[message.to].push_back(message);

    std::vector<Known> ledger(plan.shoppers.size());
    for (auto const& action : plan.actions) {
        if (action.fact == Fact::nothing) continue;
        auto const index = static_cast<std::size_t>(action.shopper);
        auto const& shopper = plan.shoppers[index];
        bool const real = happens(plan, action, by_address[shopper.email]) ||
                          (!shopper.phone.empty() && happens(plan, action, by_address[shopper.phone]));
        if (!real) continue;
        auto* const at = slot(ledger[index], action.fact);
        auto const done = plan.done_at(action);
        if (*at == never || done < *at) *at = done;
    }
    return ledger;
}

}  // namespace recoup::demo
