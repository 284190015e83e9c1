// What a batch can touch, read under row locks.
#include "adapter/postgres/enrollment_row.hpp"
#include "adapter/postgres/statement.hpp"
#include "adapter/postgres/track_store.hpp"

namespace recoup::postgres {
namespace {

constexpr Statement load_shop{"track_load_shop", "select doc from shop where shop_id = $1"};

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
    "select held.person_id, held.doc from (select distinct found.person_id from unnest($2::text[], $3::text[]) as w(kind, value), "
    " lateral (select k.person_id from person_key k where k.shop_id = $1 and k.kind = w.kind and k.value = w.value limit 1) "
    " as found order by 1) as ids, "
    "lateral (select p.person_id, p.doc from person p where p.shop_id = $1 and p.person_id = ids.person_id limit 1 for update) "
    "as held"};

constexpr Statement lock_carts{
    "track_lock_carts",
    "select held.cart_id, held.doc from (select distinct found.cart_id from unnest($2::text[], $3::text[]) as w(kind, value), "
    " lateral (select k.cart_id from cart_key k where k.shop_id = $1 and k.kind = w.kind and k.value = w.value limit 1) "
    " as found order by 1) as ids, "
    "lateral (select c.cart_id, c.doc from cart c where c.shop_id = $1 and c.cart_id = ids.cart_id limit 1 for update) as held"};

constexpr Statement load_orders{"track_load_orders",
                                "select found.doc from unnest($2::text[]) as w(id), lateral (select o.doc from shop_order o "
                                "where o.shop_id = $1 and o.order_id = w.id limit 1 for update) as found"};

constexpr Statement load_payments{"track_load_payments",
                                  "select found.doc from unnest($2::text[]) as w(id), lateral (select p.doc from payment p "
                                  "where p.shop_id = $1 and p.payment_id = w.id limit 1 for update) as found"};

constexpr Statement load_variants{"track_load_variants",
                                  "select variant_id, doc from variant where shop_id = $1 and variant_id = any($2::text[])"};

constexpr Statement load_stock{
    "track_load_stock",
    "select inventory_item_id, location_id, doc from stock where shop_id = $1 and inventory_item_id = any($2::text[])"};

constexpr Statement load_coupons{"track_load_coupons",
                                 "select code_key, doc from coupon where shop_id = $1 and code_key = any($2::text[])"};

constexpr Statement load_sequences{"track_load_sequences",
                                   "select doc, version from sequence where shop_id = $1 and active"};

std::pair<std::string, std::string> key_columns(std::set<IdentityKey> const& keys, bool tokens_only) {
    std::vector<std::string_view> kinds, values;
    for (auto const& key : keys) {
        bool const of_cart = key.kind == KeyKind::cart_token || key.kind == KeyKind::checkout_token || key.kind == KeyKind::browse;
        if (tokens_only ? !of_cart : key.kind == KeyKind::browse) continue;
        kinds.push_back(name(key.kind));
        values.push_back(key.value);
    }
    return {text_array(kinds), text_array(values)};
}

void load_people(pqxx::work& tx, TrackWant const& want, World& world) {
    if (want.keys.empty()) return;
    auto const [kinds, values] = key_columns(want.keys, false);
    for (auto const& row : exec(tx, lock_persons, want.shop_id, kinds, values)) {
        auto person = document<Person>(row[1]);
        for (auto const& key : person.keys) world.person_of[key] = person.id;
        world.persons.emplace(row[0].as<std::string>(), std::move(person));
    }
    auto const [cart_kinds, cart_values] = key_columns(want.keys, true);
    if (cart_kinds == "{}") return;
    for (auto const& row : exec(tx, lock_carts, want.shop_id, cart_kinds, cart_values)) {
        auto cart = document<Cart>(row[1]);
        for (auto const& token : cart.tokens) world.cart_of[token] = cart.id;
        world.carts.emplace(row[0].as<std::string>(), std::move(cart));
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

TrackState load_state(pqxx::work& tx, TrackWant const& want, World& world) {
    TrackState state;
    auto const shops = exec(tx, load_shop, want.shop_id);
    if (shops.empty()) return state;
    state.shop = document<Shop>(shops[0][0]);
    world.uninstalled_at = state.shop.uninstalled_at;
    for (auto const& row : exec(tx, load_seen, want.shop_id, text_array(want.event_ids)))
        state.seen_event_ids.insert(row[0].as<std::string>());
    for (auto const& row : exec(tx, load_erased, want.shop_id, text_array(want.key_hashes))) {
        auto const hash = row[0].as<std::string>();
        (hash == "shop" ? world.shop_erased_at : world.erased[hash]) = instant(row[1]);
    }
    load_people(tx, want, world);
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
