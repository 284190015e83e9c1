// What a batch can touch.
#include "adapter/memory/track_store.hpp"

namespace recoup::memory {
namespace {

void load_people(State const& state, TrackWant const& want, World& world) {
    for (auto const& key : want.keys) {
        if (auto const* id = state.person_keys.find({want.shop_id, key}); id != nullptr)
            if (auto const* person = state.persons.find({want.shop_id, *id}); person != nullptr) {
                for (auto const& own : person->keys) world.person_of[own] = *id;
                world.persons.try_emplace(*id, *person);
            }
        if (key.kind != KeyKind::cart_token && key.kind != KeyKind::checkout_token && key.kind != KeyKind::browse) continue;
        if (auto const* id = state.cart_keys.find({want.shop_id, key}); id != nullptr)
            if (auto const* row = state.carts.find({want.shop_id, *id}); row != nullptr) {
                for (auto const& token : row->cart.tokens) world.cart_of[token] = *id;
                world.carts.try_emplace(*id, row->cart);
            }
    }
}

template <class Rows, class Into>
void load_rows(Rows const& rows, std::string const& shop_id, std::set<std::string> const& ids, Into& into) {
    for (auto const& id : ids)
        if (auto const* row = rows.find({shop_id, id}); row != nullptr) into.emplace(id, *row);
}

void load_stock(State const& state, TrackWant const& want, World& world) {
    for (auto const& item : want.inventory_item_ids)
        for (auto it = state.stock.lower_bound({want.shop_id, StockKey{item, {}}});
             it != state.stock.end() && it->first.first == want.shop_id && it->first.second.first == item; ++it)
            world.stock.emplace(it->first.second, *it->second);
}

void load_erased(State const& state, TrackWant const& want, World& world) {
    if (auto const* at = state.erasures.find({want.shop_id, "shop"}); at != nullptr) world.shop_erased_at = *at;
    for (auto const& key : want.keys) {
        auto hash = key_hash(want.shop_id, key);
        if (auto const* at = state.erasures.find({want.shop_id, hash}); at != nullptr) world.erased.emplace(std::move(hash), *at);
    }
}

}  // namespace

TrackState load_state(State const& state, TrackWant const& want, World& world) {
    TrackState out;
    auto const* shop = state.shops.find(want.shop_id);
    if (shop == nullptr) return out;
    out.shop = *shop;
    world.uninstalled_at = shop->uninstalled_at;
    for (auto const& id : want.event_ids)
        if (state.inbox.contains({want.shop_id, id})) out.seen_event_ids.insert(id);
    load_erased(state, want, world);
    load_people(state, want, world);
    load_rows(state.orders, want.shop_id, want.order_ids, world.orders);
    load_rows(state.payments, want.shop_id, want.payment_ids, world.payments);
    load_rows(state.variants, want.shop_id, want.variant_ids, world.variants);
    load_rows(state.coupons, want.shop_id, want.coupon_keys, world.coupons);
    load_stock(state, want, world);

    std::vector<std::string> person_ids;
    for (auto const& [id, person] : world.persons) person_ids.push_back(id);
    out.enrollments = active_enrollments(state, want.shop_id, person_ids);
    for (auto const& [id, row] : state.sequences)
        if (std::get<0>(id) == want.shop_id && row->active) out.sequences.push_back(row->sequence);
    out.abandonments = count_abandonments(state, want.shop_id, want.abandonments_up_to);
    return out;
}

}  // namespace recoup::memory
