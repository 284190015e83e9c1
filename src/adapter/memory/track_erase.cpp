// Merges move rows, erasures remove them.
#include "adapter/memory/track_store.hpp"

#include <algorithm>

namespace recoup::memory {
namespace {

/// Rows whose owner changed move in one go; the index is read first, because it changes with them.
template <class TableOf, class Move>
void move_rows(TableOf& table, Owned const& index, std::string const& shop_id, std::string const& gone, Move move) {
    for (auto const& id : owned_by(index, shop_id, gone)) table.change({shop_id, id}, move);
}

void move_keys(Table<KeyId, std::string, ByText>& table, OwnedKeys const& index, std::string const& shop_id,
               std::string const& gone, std::string const& survivor) {
    auto const held = index.find({shop_id, gone});
    if (held == index.end()) return;
    auto const keys = held->second;
    for (auto const& key : keys) {
        if (survivor.empty()) table.erase({shop_id, key});
        else table.put({shop_id, key}, survivor);
    }
}

void merge_person(State& state, std::string const& shop_id, std::string const& gone, std::string const& survivor) {
    if (gone == survivor) return;
    auto const own = [&](auto& row) { row.person_id = survivor; };
    move_rows(state.carts, state.carts_of_person, shop_id, gone, [&](CartRow& row) { row.cart.person_id = survivor; });
    move_rows(state.orders, state.orders_of_person, shop_id, gone, own);
    move_rows(state.payments, state.payments_of_person, shop_id, gone, own);
    move_rows(state.messages, state.messages_of_person, shop_id, gone, [&](MessageRow& row) { row.draft.person_id = survivor; });
    move_rows(state.decisions, state.decisions_of_person, shop_id, gone, own);
    move_rows(state.inbox, state.inbox_of_person, shop_id, gone, own);
    move_keys(state.person_keys, state.keys_of_person, shop_id, gone, survivor);
    state.persons.erase({shop_id, gone});
}

void merge_cart(State& state, std::string const& shop_id, std::string const& gone, std::string const& survivor) {
    if (gone == survivor) return;
    auto const own = [&](auto& row) { row.cart_id = survivor; };
    move_rows(state.enrollments, state.enrollments_of_cart, shop_id, gone, own);
    move_rows(state.orders, state.orders_of_cart, shop_id, gone, own);
    move_rows(state.messages, state.messages_of_cart, shop_id, gone, [&](MessageRow& row) { row.draft.cart_id = survivor; });
    move_rows(state.decisions, state.decisions_of_cart, shop_id, gone, own);
    move_rows(state.inbox, state.inbox_of_cart, shop_id, gone, own);
    move_keys(state.cart_keys, state.keys_of_cart, shop_id, gone, survivor);
    state.carts.erase({shop_id, gone});
}

void forget_content(MessageRow& row) {
    row.draft.message.to.clear();
    row.draft.message.content = {};
    row.draft.target_url.clear();
}

template <class Rows>
std::vector<std::string> ids_of_shop(Rows const& rows, std::string const& shop_id) {
    std::vector<std::string> ids;
    for (auto const& [id, row] : rows)
        if (id.first == shop_id) ids.push_back(id.second);
    return ids;
}

/// Of these orders; nullopt = all of the shop.
void erase_marks(State& state, std::string const& shop_id, std::optional<std::set<std::string>> const& orders) {
    std::vector<std::tuple<std::string, std::string, std::string>> gone;
    for (auto const& [id, at] : state.order_marks)
        if (std::get<0>(id) == shop_id && (!orders || orders->contains(std::get<2>(id)))) gone.push_back(id);
    for (auto const& id : gone) state.order_marks.erase(id);
}

void erase_person(State& state, std::string const& shop_id, std::string const& person_id, Instant now) {
    for (auto const& id : owned_by(state.enrollments_of_person, shop_id, person_id)) {
        end_enrollment(state, shop_id, id, Reason::erased, now);
        drop_steps(state, shop_id, id);
    }
    move_rows(state.messages, state.messages_of_person, shop_id, person_id, forget_content);
    for (auto const& id : owned_by(state.carts_of_person, shop_id, person_id)) {
        move_keys(state.cart_keys, state.keys_of_cart, shop_id, id, {});
        state.carts.erase({shop_id, id});
    }
    for (auto const& id : owned_by(state.payments_of_person, shop_id, person_id)) state.payments.erase({shop_id, id});
    for (auto const& id : owned_by(state.exports_of_person, shop_id, person_id)) state.exports.erase({shop_id, id});
    move_keys(state.person_keys, state.keys_of_person, shop_id, person_id, {});
    state.persons.erase({shop_id, person_id});
    move_rows(state.orders, state.orders_of_person, shop_id, person_id, [](Order& order) {
        order.keys.clear();
        order.placed.value.first_name.clear();
        order.placed.value.last_name.clear();
        order.placed.value.postal_code.clear();
        order.placed.value.landing_site.clear();
        order.placed.value.address_mark.clear();
        order.email = order.phone = {};
    });
    auto const orders = owned_by(state.orders_of_person, shop_id, person_id);
    erase_marks(state, shop_id, std::set<std::string>(orders.begin(), orders.end()));
    for (auto const& event_id : owned_by(state.inbox_of_person, shop_id, person_id))
        if (state.dead_letters.contains({shop_id, event_id})) state.dead_letters.erase({shop_id, event_id});
}

void erase_letters_naming(State& state, std::string const& shop_id, std::set<std::string> const& hashes) {
    std::vector<Id> naming;
    for (auto const& [id, letter] : state.dead_letters)
        if (id.first == shop_id && std::any_of(letter->key_hashes.begin(), letter->key_hashes.end(),
                                               [&](std::string const& hash) { return hashes.contains(hash); }))
            naming.push_back(id);
    for (auto const& id : naming) state.dead_letters.erase(id);
}

void remember_erasure(State& state, std::string const& shop_id, std::string const& hash, Instant at) {
    auto const* held = state.erasures.find({shop_id, hash});
    state.erasures.put({shop_id, hash}, held == nullptr ? at : std::max(*held, at));
}

void stop_shop(State& state, std::string const& shop_id, Reason reason, Instant now) {
    for (auto const& id : ids_of_shop(state.enrollments, shop_id)) {
        end_enrollment(state, shop_id, id, reason, now);
        drop_steps(state, shop_id, id);
    }
    for (auto const& id : ids_of_shop(state.carts, shop_id))
        state.carts.change({shop_id, id}, [](CartRow& row) { row.idle_at = never; });
}

void erase_shop(State& state, std::string const& shop_id) {
    erase_marks(state, shop_id, std::nullopt);
    for (auto const& id : ids_of_shop(state.messages, shop_id)) state.messages.change({shop_id, id}, forget_content);
    for (auto const& id : ids_of_shop(state.carts, shop_id)) {
        move_keys(state.cart_keys, state.keys_of_cart, shop_id, id, {});
        state.carts.erase({shop_id, id});
    }
    for (auto const& id : ids_of_shop(state.payments, shop_id)) state.payments.erase({shop_id, id});
    for (auto const& id : ids_of_shop(state.exports, shop_id)) state.exports.erase({shop_id, id});
    for (auto const& id : ids_of_shop(state.persons, shop_id)) {
        move_keys(state.person_keys, state.keys_of_person, shop_id, id, {});
        state.persons.erase({shop_id, id});
    }
    for (auto const& id : ids_of_shop(state.dead_letters, shop_id)) state.dead_letters.erase({shop_id, id});
    for (auto const& id : ids_of_shop(state.orders, shop_id))
        state.orders.change({shop_id, id}, [](Order& order) {
            Order bare;   // the row stays for the counts, its document does not
            bare.person_id = order.person_id;
            bare.cart_id = order.cart_id;
            order = std::move(bare);
        });
}

}  // namespace

void save_merges(State& state, std::string const& shop_id, Changes const& changes) {
    for (auto const& [gone, survivor] : changes.merged_persons) merge_person(state, shop_id, gone, survivor);
    for (auto const& [gone, survivor] : changes.merged_carts) merge_cart(state, shop_id, gone, survivor);
}

Result<void> save_merged_enrollments(State& state, std::string const& shop_id, Changes const& changes) {
    for (auto const& [gone, survivor] : changes.merged_persons) {
        if (gone == survivor) continue;
        for (auto const trigger : every_trigger)
            if (state.active_enrollment.contains({shop_id, gone, trigger}) &&
                state.active_enrollment.contains({shop_id, survivor, trigger}))
                return error(Errc::conflict, "both persons have an active enrollment for one trigger");
        move_rows(state.enrollments, state.enrollments_of_person, shop_id, gone,
                  [survivor = survivor](Enrollment& row) { row.person_id = survivor; });
    }
    return {};
}

void save_erasures(State& state, World const& world, Changes const& changes, Instant now) {
    auto const& shop_id = world.shop_id;
    for (auto const& [request_id, person_id] : changes.exports)
        if (!state.exports.contains({shop_id, request_id})) state.exports.put({shop_id, request_id}, ExportRow{person_id, now});
    for (auto const& person_id : changes.erased_persons) erase_person(state, shop_id, person_id, now);
    erase_letters_naming(state, shop_id, changes.erased_keys);
    for (auto const& hash : changes.erased_keys) remember_erasure(state, shop_id, hash, world.erased.at(hash));
    if (changes.uninstalled || changes.shop_erased)
        stop_shop(state, shop_id, changes.shop_erased ? Reason::erased : Reason::uninstalled, now);
    if (changes.uninstalled)
        state.shops.change(shop_id, [&](Shop& shop) { shop.uninstalled_at = world.uninstalled_at; });
    if (changes.shop_erased) {
        erase_shop(state, shop_id);
        remember_erasure(state, shop_id, "shop", world.shop_erased_at);
    }
}

}  // namespace recoup::memory
