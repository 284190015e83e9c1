// What a batch can touch, read under row locks.
#include "adapter/postgres/enrollment_row.hpp"
#include "adapter/postgres/statement.hpp"
#include "adapter/postgres/track_store.hpp"

namespace recoup::postgres {
namespace {

constexpr Statement load_shop{
    "track_load_shop", "select s.doc, exists (select 1 from erasure e where e.shop_id = s.shop_id) from shop s where s.shop_id = $1"};

constexpr Statement load_seen{"track_load_seen",
                              "select w.id from unnest($2::text[]) as w(id), lateral ("
                              " select 1 from inbox i where i.shop_id = $1 and i.event_id = w.id limit 1) as found"};

constexpr Statement load_erased{
    "track_load_erased",
    "select key_hash, ms_of(erased_at) from erasure where shop_id = $1 and (key_hash = any($2::text[]) or key_hash = 'shop')"};

// One index look-up a key and a row, said so that no statistics can turn it into a walk over the shop's rows. Locks are
// taken in the order of ids.
constexpr Statement lock_persons{
    "track_lock_persons",
    "select held.person_id, held.doc from (select found.person_id from unnest($2::text[], $3::text[]) as w(kind, value), "
    " lateral (select k.person_id from person_key k where k.shop_id = $1 and k.kind = w.kind and k.value = w.value limit 1) "
    " as found union select unnest($4::text[]) order by 1) as ids, "
    "lateral (select p.person_id, p.doc from person p where (p.shop_id = $1) is true and p.person_id = ids.person_id limit 1 for update) "
    "as held"};

constexpr Statement lock_carts{
    "track_lock_carts",
    "select held.cart_id, held.doc from (select found.cart_id from unnest($2::text[], $3::text[]) as w(kind, value), "
    " lateral (select k.cart_id from cart_key k where k.shop_id = $1 and k.kind = w.kind and k.value = w.value limit 1) "
    " as found union select unnest($4::text[]) order by 1) as ids, "
    "lateral (select c.cart_id, c.doc from cart c where (c.shop_id = $1) is true and c.cart_id = ids.cart_id limit 1 for update) as held"};

constexpr Statement load_orders{"track_load_orders",
                                "select found.doc from unnest($2::text[]) as w(id), lateral (select o.doc from shop_order o "
                                "where o.shop_id = $1 and o.order_id = w.id limit 1 for update) as found"};

constexpr Statement load_payments{"track_load_payments",
                                  "select found.doc from unnest($2::text[]) as w(id), lateral (select p.doc from payment p "
                                  "where (p.shop_id = $1) is true and p.payment_id = w.id limit 1 for update) as found"};

constexpr Statement load_variants{"track_load_variants",
                                  "select variant_id, doc from variant where shop_id = $1 and variant_id = any($2::text[])"};

constexpr Statement load_stock{
    "track_load_stock",
    "select inventory_item_id, location_id, doc from stock where shop_id = $1 and inventory_item_id = any($2::text[])"};

constexpr Statement load_coupons{"track_load_coupons",
                                 "select code_key, doc from coupon where shop_id = $1 and code_key = any($2::text[])"};

constexpr Statement load_sequences{"track_load_sequences",
                                   "select doc, version from sequence where shop_id = $1 and active"};

/// Keys as two columns, and who is thought to own the others.
struct Search {
    std::vector<std::string_view> kinds, values;
    std::set<std::string_view> owners;

    void add(IdentityKey const& key) {
        kinds.push_back(name(key.kind));
        values.push_back(key.value);
    }
    bool empty() const { return kinds.empty() && owners.empty(); }
};

/// A key, and who is thought to own it; empty = nobody known.
struct Sought {
    IdentityKey const* key;
    std::string owner;
};

bool is_of_cart(IdentityKey const& key) {
    return key.kind == KeyKind::cart_token || key.kind == KeyKind::checkout_token || key.kind == KeyKind::browse;
}
bool is_of_person(IdentityKey const& key) { return key.kind != KeyKind::browse; }

std::vector<Sought> sought(TrackWant const& want, KeyHints const& hints, std::string_view what, bool (*is_wanted)(IdentityKey const&)) {
    std::vector<Sought> keys;
    keys.reserve(want.keys.size());
    for (auto const& key : want.keys)
        if (is_wanted(key)) keys.push_back({&key, hints.find(want.shop_id, what, key)});
    return keys;
}

std::set<IdentityKey> const& keys_of(Person const& person) { return person.keys; }
std::set<IdentityKey> const& keys_of(Cart const& cart) { return cart.tokens; }

/// What the search finds, under row locks; `owner_of` gets the keys that the rows list.
template <class Owner>
void lock_found(pqxx::work& tx, Statement const& statement, std::string const& shop_id, Search const& search,
                std::map<std::string, Owner>& held, KeyOwners& owner_of) {
    if (search.empty()) return;
    auto const rows = exec(tx, statement, shop_id, text_array(search.kinds), text_array(search.values), text_array(search.owners));
    for (auto const& row : rows) {
        auto const [place, fresh] = held.try_emplace(text(row[0]));
        if (!fresh) continue;
        auto& owner = place->second;
        core::read_json_text(std::string_view(row[1].c_str(), row[1].size()), owner);
        for (auto const& key : keys_of(owner)) owner_of[key] = owner.id;
    }
}

/// Rows that hints led to and that have none of the wanted keys any more.
template <class Owner>
void forget_strangers(std::set<std::string_view> const& strangers, std::map<std::string, Owner>& held, KeyOwners& owner_of) {
    if (strangers.empty()) return;
    std::erase_if(owner_of, [&](auto const& entry) { return strangers.contains(entry.second); });
    std::erase_if(held, [&](auto const& entry) { return strangers.contains(entry.first); });
}

/// First by hints; then by key what they did not lead to. What hints did not tell is learned.
template <class Owner>
void lock_owners(pqxx::work& tx, Statement const& statement, TrackWant const& want, KeyHints& hints, std::string_view what,
                 bool (*is_wanted)(IdentityKey const&), std::map<std::string, Owner>& held, KeyOwners& owner_of) {
    auto const wanted = sought(want, hints, what, is_wanted);
    Search first, second;
    for (auto const& [key, owner] : wanted)
        if (owner.empty()) first.add(*key);
        else first.owners.insert(owner);
    lock_found(tx, statement, want.shop_id, first, held, owner_of);
    auto strangers = first.owners;
    std::vector<IdentityKey const*> learned;
    for (auto const& [key, owner] : wanted) {
        auto const found = owner_of.find(*key);
        if (found != owner_of.end()) strangers.erase(found->second);
        else if (!owner.empty()) second.add(*key);
        if (found == owner_of.end() || found->second != owner) learned.push_back(key);
    }
    forget_strangers(strangers, held, owner_of);
    lock_found(tx, statement, want.shop_id, second, held, owner_of);
    for (auto const* key : learned)
        if (auto const found = owner_of.find(*key); found != owner_of.end()) hints.learn(want.shop_id, what, *key, found->second);
}

void load_people(pqxx::work& tx, TrackWant const& want, World& world, KeyHints& hints) {
    lock_owners(tx, lock_persons, want, hints, person_keys, is_of_person, world.persons, world.person_of);
    lock_owners(tx, lock_carts, want, hints, cart_keys, is_of_cart, world.carts, world.cart_of);
}

/// Hashes are made of the keys only where somebody was ever erased.
void load_erasures(pqxx::work& tx, TrackWant const& want, World& world) {
    std::vector<std::string> hashes;
    hashes.reserve(want.keys.size());
    for (auto const& key : want.keys) hashes.push_back(key_hash(want.shop_id, key));
    for (auto const& row : exec(tx, load_erased, want.shop_id, text_array(hashes))) {
        auto hash = text(row[0]);
        (hash == "shop" ? world.shop_erased_at : world.erased[hash]) = instant(row[1]);
    }
}

void load_things(pqxx::work& tx, TrackWant const& want, World& world) {
    if (!want.order_ids.empty())
        for (auto const& row : exec(tx, load_orders, want.shop_id, text_array(want.order_ids))) {
            auto order = document<Order>(row[0]);
            world.orders.emplace(order.id, std::move(order));
        }
    if (!want.payment_ids.empty())
        for (auto const& row : exec(tx, load_payments, want.shop_id, text_array(want.payment_ids))) {
            auto payment = document<Payment>(row[0]);
            world.payments.emplace(payment.id, std::move(payment));
        }
    if (!want.variant_ids.empty())
        for (auto const& row : exec(tx, load_variants, want.shop_id, text_array(want.variant_ids)))
            world.variants.emplace(row[0].as<std::string>(), document<Versioned<Variant>>(row[1]));
    if (!want.inventory_item_ids.empty())
        for (auto const& row : exec(tx, load_stock, want.shop_id, text_array(want.inventory_item_ids)))
            world.stock.emplace(StockKey{row[0].as<std::string>(), row[1].as<std::string>()},
                                document<Versioned<std::int64_t>>(row[2]));
    if (!want.coupon_keys.empty())
        for (auto const& row : exec(tx, load_coupons, want.shop_id, text_array(want.coupon_keys)))
            world.coupons.emplace(row[0].as<std::string>(), document<Versioned<Coupon>>(row[1]));
}

}  // namespace

TrackState load_state(pqxx::work& tx, TrackWant const& want, World& world, KeyHints& hints) {
    TrackState state;
    auto const shops = exec(tx, load_shop, want.shop_id);
    if (shops.empty()) return state;
    state.shop = document<Shop>(shops[0][0]);
    world.uninstalled_at = state.shop.uninstalled_at;
    for (auto const& row : exec(tx, load_seen, want.shop_id, text_array(want.event_ids)))
        state.seen_event_ids.insert(row[0].as<std::string>());
    if (shops[0][1].as<bool>()) load_erasures(tx, want, world);
    load_people(tx, want, world, hints);
    load_things(tx, want, world);

    std::vector<std::string> person_ids;
    for (auto const& [id, person] : world.persons) person_ids.push_back(id);
    if (!person_ids.empty()) state.enrollments = lock_active_enrollments(tx, want.shop_id, person_ids);
    for (auto const& row : exec(tx, load_sequences, want.shop_id)) {
        auto sequence = document<Sequence>(row[0]);
        sequence.version = row[1].as<int>();
        state.sequences.push_back(std::move(sequence));
    }
    state.abandonments = count_abandonments(tx, want.shop_id, want.abandonments_up_to);
    return state;
}

}  // namespace recoup::postgres
