#pragma once
// What happens in the simulated shop: shoppers with carts, checkouts, orders, consents, payments, and the events that
// tell of it, with the moment at which each first arrives.

#include "simulation/options.hpp"

#include "recoup/domain/event.hpp"
#include "recoup/domain/sequence.hpp"
#include "recoup/domain/shop.hpp"

#include <string>
#include <vector>

namespace recoup::simulation {

inline constexpr char shop_id[] = "sim";

struct Shopper {
    std::string email, phone, zone, country, region;
};

struct Arrival {
    Instant at{};
    std::size_t shopper = 0;        // no_shopper: about the shop
    Event event;
};
inline constexpr std::size_t no_shopper = static_cast<std::size_t>(-1);

struct Script {
    Instant start{};
    Shop shop;
    std::vector<Sequence> sequences;
    std::vector<Shopper> shoppers;
    std::vector<Arrival> arrivals;  // by time
};

class Chance;

/// When an event comes: at once, a little later, or up to a day too late.
Instant arrives(Instant occurred, Options const& options, Chance& chance);
Script write_script(Options const& options);

}  // namespace recoup::simulation
