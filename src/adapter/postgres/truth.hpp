#pragma once
// Truth: what decisions look at, loaded in batches inside the claiming transaction.

#include "adapter/postgres/statement.hpp"

#include "recoup/port/schedule_store.hpp"

#include <map>
#include <set>

namespace recoup::postgres {

class Truth {
public:
    Truth(pqxx::work& tx, Instant now) : tx_(tx), now_(now) {}

    void add_person(std::string const& shop_id, Person person) { persons_[{shop_id, person.id}] = std::move(person); }

    /// Fills shop, enrollment, sequence, cart, payment, person, history, suppressions, goods, coupons, marks, failures around it and
    /// whether the shop has a sale; `due` has shop.id and step.
    void gather(std::vector<DueStep*> const& due);

    /// A step of the enrollment's plan is due behind `edges.until`, so that it is not complete.
    bool goes_on(std::string const& shop_id, std::string const& enrollment_id) const { return goes_on_.contains({shop_id, enrollment_id}); }

    /// Shop documents by id, for the shops named.
    static std::map<std::string, Shop> shops(pqxx::work& tx, std::set<std::string> const& ids);
    /// Carts of their persons that were not ordered, beside these (by cart, with its person), in the order of their ids.
    static std::map<std::string, std::vector<Cart>> beside(pqxx::work& tx, std::string const& shop_id,
                                                           std::map<std::string, std::string> const& carts);
    /// The newest order under each of these marks that has one.
    static std::map<std::string, Instant> marked(pqxx::work& tx, std::string const& shop_id, std::set<std::string> const& marks);

private:
    using Key = std::pair<std::string, std::string>;   // shop, id

    void gather_shop(std::string const& shop_id, std::vector<DueStep*> const& due);
    void load_enrollments(std::string const& shop_id, std::vector<DueStep*> const& due);
    void load_subjects(std::string const& shop_id, std::vector<DueStep*> const& due);
    void load_others(std::string const& shop_id, std::vector<DueStep*> const& due);
    void load_sequences(std::string const& shop_id, std::vector<DueStep*> const& due);
    void load_marks(std::string const& shop_id, std::vector<DueStep*> const& due);
    void load_failures(std::string const& shop_id, std::vector<DueStep*> const& due);
    void load_history(std::string const& shop_id, std::vector<DueStep*> const& due);
    void load_suppressions(std::string const& shop_id, std::vector<DueStep*> const& due);
    void load_goods(std::string const& shop_id, std::vector<DueStep*> const& due);
    void load_coupons(std::string const& shop_id, std::vector<DueStep*> const& due);

    pqxx::work& tx_;
    Instant now_;
    std::map<Key, Person> persons_;
    std::set<Key> goes_on_;
};

}  // namespace recoup::postgres
