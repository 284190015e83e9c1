#pragma once
// The fold: events in, state out. Pure; ends equal for every order of arrival, given that each event id is applied once
// (the inbox sees to that). Surrogate ids of persons and carts may differ between orders, what they hold may not.

#include "recoup/domain/world.hpp"

namespace recoup::core {

struct FoldResult {
    std::string person_id;    // empty = about nobody
    std::string cart_id;      // empty = about no cart
    bool erased = false;      // ignored: it is about a person or shop that was erased later than it happened
};

class Fold {
public:
    explicit Fold(World& world) : world_(world) {}

    FoldResult apply(Event const& event);

    Changes const& changes() const { return changes_; }

private:
    using Keys = std::vector<IdentityKey>;

    bool about_erased(Event const& event);
    std::string person_for(Keys const& keys, Event const& event);
    std::string cart_for(Keys const& keys, std::string const& person_id, bool create);
    void touch(Person& person, Event const& event, Keys const& keys);

    void on(CartChanged const& body, Event const& event, Cart& cart, Person& person, Keys const& keys);
    void on(OrderPlaced const& body, Event const& event, FoldResult const& at);
    void on(OrderRefunded const& body, FoldResult const& at);
    void on(PaymentChanged const& body, Event const& event, FoldResult const& at);
    void on(CustomerChanged const& body, Person& person);
    void on(ConsentChanged const& body, Event const& event, Person* person);
    void on(BehaviourSeen const& body, Event const& event, Person& person);
    void on(SubscriptionChanged const& body, Event const& event, Person& person);
    void on(CouponChanged const& body);
    void browse(BehaviourSeen const& body, Event const& event, FoldResult& at);
    void on(ProductChanged const& body);
    void on(StockChanged const& body);
    void erase_person(Keys const& keys, Event const& event);
    void forget(Keys const& keys, std::set<std::string> const& persons, Instant erased_at);
    void forget_browsing(std::string const& person_id);
    void forget_money(std::string const& person_id);
    void lapse(OrderPlaced const& body, Event const& event, FoldResult const& at);
    void settle(std::string const& payment_id);

    World& world_;
    Changes changes_;
    Version version_;   // of the event that is applied: a hash that many of its values are offered with
};

}  // namespace recoup::core
