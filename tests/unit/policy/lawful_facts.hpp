#pragma once
// A cart that was left behind and what the decision about one of its steps looks at; nothing forbids it as it is.

#include "app/law_file.hpp"
#include "core/fold/merge.hpp"
#include "core/policy/decide.hpp"

#include <chrono>

namespace recoup::test {

inline constexpr char an_email[] = "ann@example.com";

inline core::Policy lawful_policy() {
    core::Policy policy;
    policy.law = *app::load_law({});
    policy.min_gap = std::chrono::hours{2};
    return policy;
}

inline void agree(core::SendFacts& facts, Channel channel, std::string const& address, Instant at, bool confirmed = false) {
    Consent consent{channel, address, ConsentState::granted, "events", Version{at, 0, 1}};
    if (confirmed) consent.confirmed_at = at;
    facts.person.consents[core::consent_key(channel, address)] = consent;
}

/// The cart was left at `anchor` by somebody there; the step is due at `now`.
inline core::SendFacts lawful_facts(Channel channel, Instant anchor, Instant now, std::string const& country, std::string const& region,
                                    std::string const& phone) {
    core::SendFacts facts;
    Version const version{anchor, 0, 1};
    facts.now = now;
    facts.shop.own().id = "s";
    facts.shop.own().name = "Tea Shop";
    facts.shop.own().timezone = "UTC";
    facts.shop.own().postal_address = "1 Main Street, Springfield";
    facts.person.id = "p";
    facts.person.email.offer(an_email, version);
    facts.person.phone.offer(phone, version);
    agree(facts, Channel::email, an_email, anchor);
    agree(facts, Channel::sms, phone, anchor);
    facts.enrollment.id = "e";
    facts.enrollment.cart_id = "c";
    facts.enrollment.anchor_at = anchor;
    facts.config.channel = facts.step.channel = channel;
    facts.config.useful_for = std::chrono::hours{20};
    facts.step.planned_at = facts.step.due_at = now;
    Cart cart;
    cart.id = "c";
    cart.stage = Stage::contact;
    cart.last_activity_at = anchor;
    cart.country.offer(country, version);
    cart.region.offer(region, version);
    CartContent content;
    content.lines.resize(1);
    content.subtotal_minor = 5000;
    cart.content.offer(content, version);
    facts.cart = std::move(cart);
    return facts;
}

}  // namespace recoup::test
