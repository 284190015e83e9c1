#pragma once
// How a store tells the daemon what happened: one voice for Shopify webhooks, one for custom events. Each method gives
// the action without an id; the script numbers it.

#include "app/demo/action.hpp"
#include "app/demo/shopper.hpp"

#include "recoup/domain/consent.hpp"
#include "recoup/domain/event.hpp"

#include <string_view>
#include <vector>

namespace recoup::demo {

enum class OrderStep : unsigned char { placed_paid, placed_unpaid, paid, cancelled };

class Voice {
public:
    virtual ~Voice() = default;
    /// `first` opens the cart, `first` below opens the checkout; `stage` is checkout or later.
    virtual Action cart(Shopper const& shopper, Basket const& basket, bool first, Instant at) const = 0;
    virtual Action checkout(Shopper const& shopper, Basket const& basket, Stage stage, bool first, Instant at) const = 0;
    virtual Action order(Shopper const& shopper, Basket const& basket, OrderStep step, Instant placed, Instant at) const = 0;
    virtual Action payment(Shopper const& shopper, Basket const& basket, PaymentState state, int attempt,
                           Instant at) const = 0;
    virtual Action refund(Shopper const& shopper, Basket const& basket, Instant at) const = 0;
    virtual Action consent(Shopper const& shopper, Channel channel, bool granted, Instant at) const = 0;
};

/// Real shapes of API version 2026-04 (reference: wire.md 2).
class ShopifyVoice final : public Voice {
public:
    Action cart(Shopper const&, Basket const&, bool first, Instant) const override;
    Action checkout(Shopper const&, Basket const&, Stage, bool first, Instant) const override;
    Action order(Shopper const&, Basket const&, OrderStep, Instant placed, Instant) const override;
    Action payment(Shopper const&, Basket const&, PaymentState, int attempt, Instant) const override;
    Action refund(Shopper const&, Basket const&, Instant) const override;
    Action consent(Shopper const&, Channel, bool granted, Instant) const override;
};

class CustomVoice final : public Voice {
public:
    Action cart(Shopper const&, Basket const&, bool first, Instant) const override;
    Action checkout(Shopper const&, Basket const&, Stage, bool first, Instant) const override;
    Action order(Shopper const&, Basket const&, OrderStep, Instant placed, Instant) const override;
    Action payment(Shopper const&, Basket const&, PaymentState, int attempt, Instant) const override;
    Action refund(Shopper const&, Basket const&, Instant) const override;
    Action consent(Shopper const&, Channel, bool granted, Instant) const override;
};

/// The code a declined card of this shopper comes back with.
std::string_view decline_code(Shopper const& shopper);

/// products/update for the whole catalog and inventory_levels/update for what sells out.
std::vector<Action> stock_deliveries(Instant opened, Instant sold_out);

}  // namespace recoup::demo
