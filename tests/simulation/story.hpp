#pragma once
// What one shopper does.

#include "simulation/chance.hpp"
#include "simulation/script.hpp"

namespace recoup::simulation {

inline constexpr int variant_count = 12;

Event shop_event(std::string id, Instant at, EventBody body);

class Story {
public:
    Story(Shopper const& shopper, std::size_t index, Instant start, Options const& options, Chance& chance);

    /// Makes the events. Returns how many carts there are.
    int tell();
    std::vector<Event>& events() { return events_; }

private:
    void looks_only(Instant at);
    void visit(int number, Instant at);
    void cart(int number, Instant at);
    void fill(CartChanged& body);
    void browse(Instant at, IdentityKey const& token);
    void order(int number, Instant at, bool by_token);
    void payment(Instant at);
    void change_of_mind();
    void erase();
    Event& add(std::string const& what, Instant at, std::vector<IdentityKey> keys, EventBody body);
    Instant later(Instant at, Millis low, Millis high);
    IdentityKey cart_token(int number) const;
    IdentityKey checkout_token(int number) const;
    IdentityKey email() const { return {KeyKind::email, shopper_.email}; }
    IdentityKey visitor() const { return {KeyKind::anonymous_id, "a" + std::to_string(index_)}; }
    IdentityKey phone() const { return {KeyKind::phone, shopper_.phone}; }
    std::string id(std::string const& what) const;

    Shopper const& shopper_;
    std::size_t index_;
    Instant start_;
    Options const& options_;
    Chance& chance_;
    std::vector<Event> events_;
};

}  // namespace recoup::simulation
