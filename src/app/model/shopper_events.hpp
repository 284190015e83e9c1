#pragma once
// The events that a store and its pixel would have sent for one shopper of a data set. Data sets have no cart tokens:
// one intent lasts from the first piece put in until an order or two weeks without any act at the cart, the usual life
// of a cart's cookie.

#include "recoup/domain/event.hpp"

#include <string>
#include <vector>

namespace recoup::app {

class ShopperEvents {
public:
    /// Appends to `out`; `shopper` is the data set's own id.
    ShopperEvents(std::string data_set, std::string shopper, std::vector<Event>& out)
        : data_set_(std::move(data_set)), shopper_(std::move(shopper)), out_(out) {}

    void seen(Instant at, std::string const& session, BehaviourKind kind, std::string product = {},
              Millis duration = Millis{0});
    /// A piece of `product` (may be unknown) goes into the cart. No data set has prices: the value stays unknown.
    void put_in(Instant at, std::string product);
    /// The checkout gets as far as `stage`; without a cart it says nothing.
    void reach(Instant at, Stage stage);
    void order(Instant at);

private:
    void cart_changed(Instant at, Stage stage);
    void add(Instant at, std::string source, EventBody body);

    std::string data_set_, shopper_;
    std::vector<Event>& out_;
    std::vector<Line> lines_;         // of the open intent; empty = none
    Instant last_act_{};
    int intents_ = 0, events_ = 0, orders_ = 0;
};

}  // namespace recoup::app
