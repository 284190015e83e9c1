// What a fold changed.
#include "adapter/memory/track_store.hpp"

namespace recoup::memory {
namespace {

std::set<std::string> held_ids(auto const& held, std::vector<std::pair<std::string, std::string>> const& merged) {
    std::set<std::string> ids;
    for (auto const& [id, value] : held) ids.insert(id);
    for (auto const& [gone, into] : merged) ids.insert(gone);
    return ids;
}

/// A key that belongs to somebody this transaction does not hold was taken by another tracker meanwhile.
bool take_keys(Table<KeyId, std::string, ByText>& table, std::string const& shop_id, std::set<IdentityKey> const& keys,
               KeyOwners const& owner_of, std::set<std::string> const& held) {
    for (auto const& key : keys) {
        auto const owner = owner_of.find(key);
        if (owner == owner_of.end()) continue;
        auto const* before = table.find({shop_id, key});
        if (before != nullptr && *before != owner->second && !held.contains(*before)) return false;
        table.put({shop_id, key}, owner->second);
    }
    return true;
}

void save_people(State& state, World const& world, Changes const& changes, TrackWrite const& write) {
    for (auto const& id : changes.persons) state.persons.put({world.shop_id, id}, world.persons.at(id));
    for (auto const& id : changes.carts) {
        auto const* held = state.carts.find({world.shop_id, id});
        CartRow row;
        row.cart = world.carts.at(id);
        if (auto const watch = write.idle_at.find(id); watch != write.idle_at.end() && watch->second)
            row.idle_at = *watch->second;
        if (auto const score = write.scores.find(id); score != write.scores.end()) row.score = score->second;
        else if (held != nullptr) row.score = held->score;
        state.carts.put({world.shop_id, id}, std::move(row));
    }
}

/// The newest word of the person counts, of two at once the stricter; what a provider said stays.
void save_suppression(State& state, std::string const& shop_id, Suppression const& suppression) {
    SuppressionId const id{shop_id, suppression.channel, suppression.address_hash};
    auto const* held = state.suppressions.find(id);
    bool const lasting = !suppression.lift && suppression.cause != "unsubscribe" && suppression.cause != "stop";
    if (held != nullptr && !can_be_lifted(*held)) return;
    bool const newer = held == nullptr || held->since < suppression.since;
    bool const stricter = held != nullptr && held->since == suppression.since && held->cause == "lifted" && !suppression.lift;
    if (newer || stricter || lasting)
        state.suppressions.put(id, SuppressionRow{suppression.lift ? "lifted" : suppression.cause, suppression.since});
}

/// What comes sooner after the message left than anybody can read it is a machine's too; of each kind the first counts. A
/// machine's touch proves that the message left, and nothing else.
void save_feedback(State& state, std::string const& shop_id, Instant at, MessageFeedback const& feedback) {
    state.messages.change({shop_id, feedback.message_id}, [&](MessageRow& row) {
        auto const left_at = row.sent_at != never ? row.sent_at : row.attempted_at != never ? row.attempted_at : row.created_at;
        bool const machine = feedback.machine || at < left_at + machine_quick;
        bool const click = feedback.kind == FeedbackKind::clicked || feedback.kind == FeedbackKind::restored;
        bool const open = feedback.kind == FeedbackKind::opened;
        if (!(click || open) || !machine || !row.feedback) row.feedback = feedback.kind;
        auto& first = click ? (machine ? row.machine_clicked_at : row.clicked_at)
                            : (machine ? row.machine_opened_at : row.opened_at);
        if ((click || open) && first == never) first = at;
    });
}

}  // namespace

Result<void> save_state(State& state, World const& world, Changes const& changes, TrackWrite const& write) {
    auto const& shop_id = world.shop_id;
    save_people(state, world, changes, write);
    if (!take_keys(state.person_keys, shop_id, changes.person_keys, world.person_of,
                   held_ids(world.persons, changes.merged_persons)) ||
        !take_keys(state.cart_keys, shop_id, changes.cart_keys, world.cart_of, held_ids(world.carts, changes.merged_carts)))
        return error(Errc::conflict, "another tracker joined one of these keys meanwhile");
    for (auto const& id : changes.orders) state.orders.put({shop_id, id}, world.orders.at(id));
    for (auto const& id : changes.payments) state.payments.put({shop_id, id}, world.payments.at(id));
    for (auto const& [mark, order_id] : changes.marks)
        if (auto const order = world.orders.find(order_id); order != world.orders.end() && !order->second.keys.empty())
            state.order_marks.put({shop_id, mark, order_id}, order->second.placed_at);
    for (auto const& id : changes.variants) state.variants.put({shop_id, id}, world.variants.at(id));
    for (auto const& key : changes.coupons) state.coupons.put({shop_id, key}, world.coupons.at(key));
    for (auto const& key : changes.stock) state.stock.put({shop_id, key}, world.stock.at(key));
    for (auto const& suppression : changes.suppressions) save_suppression(state, shop_id, suppression);
    for (auto const& [at, feedback] : changes.feedback) save_feedback(state, shop_id, at, feedback);
    return {};
}

Result<void> save_effects(State& state, std::string const& shop_id, TrackWrite const& write) {
    if (auto inserted = insert_enrollments(state, shop_id, write.opened); !inserted) return inserted;
    insert_steps(state, shop_id, write.steps);
    insert_decisions(state, shop_id, write.decisions);
    return {};
}

void save_reached(State& state, std::string const& shop_id, TrackWrite const& write) {
    for (auto const& person_id : write.reached)
        for (auto const& cart_id : owned_by(state.carts_of_person, shop_id, person_id)) {
            auto const* row = state.carts.find({shop_id, cart_id});
            if (row->idle_at != never || row->cart.ordered_at != never) continue;
            if (!owned_by(state.enrollments_of_cart, shop_id, cart_id).empty()) continue;   // the address they had was another
            state.carts.change({shop_id, cart_id}, [&](CartRow& cart) { cart.idle_at = cart.cart.last_activity_at + write.idle; });
        }
    for (auto const& [id, arm] : write.arms)
        state.enrollments.change({shop_id, id}, [arm = arm](Enrollment& row) { row.arm = arm; });
}

Result<void> save_inbox(State& state, std::string const& shop_id, std::vector<InboxRow> const& inbox) {
    for (auto const& row : inbox) {
        auto const& event = *row.event;
        Id const id{shop_id, event.id};
        if (state.inbox.contains(id)) return error(Errc::conflict, "another tracker folded one of these events meanwhile");
        InboxEntry entry;
        entry.source = event.source;
        entry.topic = event.topic;
        entry.kind = body_name(event.body);
        entry.person_id = row.person_id;
        entry.cart_id = row.cart_id;
        entry.occurred_at = event.occurred_at;
        entry.received_at = event.received_at;
        state.inbox.put(id, std::move(entry));
    }
    return {};
}

}  // namespace recoup::memory
