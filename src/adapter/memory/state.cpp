#include "adapter/memory/state.hpp"

#include <algorithm>

namespace recoup::memory {
namespace {

template <class Index, class Row>
void move_owned(Index& index, std::string const& shop_id, Row const& row, std::string const& from, std::string const& to) {
    if (from == to) return;
    if (auto const held = index.find({shop_id, from}); held != index.end()) {
        held->second.erase(row);
        if (held->second.empty()) index.erase(held);
    }
    if (!to.empty()) index[{shop_id, to}].insert(row);
}

template <class Row, class OwnerOf>
auto follows(Owned& index, OwnerOf owner_of) {
    return [&index, owner_of](Id const& id, Row const* before, Row const* after) {
        std::string const none;
        std::string const& from = before == nullptr ? none : owner_of(*before);
        std::string const& to = after == nullptr ? none : owner_of(*after);
        move_owned(index, id.first, id.second, from, to);
    };
}

template <class Row, class First, class Second>
auto both(First first, Second second) {
    return [first, second](Id const& id, Row const* before, Row const* after) {
        first(id, before, after);
        second(id, before, after);
    };
}

auto keys_follow(OwnedKeys& index) {
    return [&index](KeyId const& key, std::string const* before, std::string const* after) {
        std::string const none;
        move_owned(index, key.first, key.second, before == nullptr ? none : *before, after == nullptr ? none : *after);
    };
}

auto watch_carts(State& state) {
    return both<CartRow>(
        follows<CartRow>(state.carts_of_person, [](CartRow const& row) -> std::string const& { return row.cart.person_id; }),
        [&state](Id const& id, CartRow const* before, CartRow const* after) {
            if (before != nullptr && before->idle_at != never) state.idle_carts.erase({before->idle_at, id});
            if (after != nullptr && after->idle_at != never) state.idle_carts.insert({after->idle_at, id});
        });
}

auto watch_enrollments(State& state) {
    auto const owners = both<Enrollment>(
        follows<Enrollment>(state.enrollments_of_person, [](Enrollment const& e) -> std::string const& { return e.person_id; }),
        follows<Enrollment>(state.enrollments_of_cart, [](Enrollment const& e) -> std::string const& { return e.cart_id; }));
    return both<Enrollment>(owners, [&state](Id const& id, Enrollment const* before, Enrollment const* after) {
        if (before != nullptr && before->active) {
            auto const held = state.active_enrollment.find({id.first, before->person_id, lane(before->trigger)});
            if (held != state.active_enrollment.end() && held->second == id.second) state.active_enrollment.erase(held);
        }
        if (after != nullptr && after->active) state.active_enrollment[{id.first, after->person_id, lane(after->trigger)}] = id.second;
        auto const counts = [](Enrollment const* row) { return row != nullptr && (row->trigger == Trigger::cart || row->trigger == Trigger::checkout) ? 1 : 0; };
        if (counts(before) != counts(after)) state.cart_enrollments[id.first] += counts(after) - counts(before);
    });
}

auto watch_steps(State& state) {
    return [&state](StepId const& id, StepRow const* before, StepRow const* after) {
        if (before != nullptr && before->state == StepState::planned) state.due_steps.erase({before->step.due_at, id});
        if (before != nullptr && before->state == StepState::sending) state.leased_steps.erase({before->lease_until, id});
        if (after != nullptr && after->state == StepState::planned) state.due_steps.insert({after->step.due_at, id});
        if (after != nullptr && after->state == StepState::sending) state.leased_steps.insert({after->lease_until, id});
    };
}

auto watch_messages(State& state) {
    auto const owners = both<MessageRow>(
        follows<MessageRow>(state.messages_of_person, [](MessageRow const& m) -> std::string const& { return m.draft.person_id; }),
        follows<MessageRow>(state.messages_of_cart, [](MessageRow const& m) -> std::string const& { return m.draft.cart_id; }));
    return both<MessageRow>(owners, [&state](Id const& id, MessageRow const* before, MessageRow const* after) {
        if (before != nullptr) state.message_of_step.erase({id.first, before->draft.enrollment_id, before->draft.step});
        if (after != nullptr) state.message_of_step[{id.first, after->draft.enrollment_id, after->draft.step}] = id.second;
        if (before != nullptr && before->status == MessageStatus::unknown) state.unknown_messages.erase(id);
        if (after != nullptr && after->status == MessageStatus::unknown) state.unknown_messages.insert(id);
    });
}

template <class Row>
auto watch_owners(Owned& of_person, Owned& of_cart) {
    return both<Row>(follows<Row>(of_person, [](Row const& row) -> std::string const& { return row.person_id; }),
                     follows<Row>(of_cart, [](Row const& row) -> std::string const& { return row.cart_id; }));
}

template <class Row>
auto watch_person(Owned& of_person) {
    return follows<Row>(of_person, [](Row const& row) -> std::string const& { return row.person_id; });
}

}  // namespace

State::State(Journal& journal)
    : shops(journal),
      sequences(journal),
      persons(journal),
      person_keys(journal, keys_follow(keys_of_person)),
      carts(journal, watch_carts(*this)),
      cart_keys(journal, keys_follow(keys_of_cart)),
      orders(journal, watch_owners<Order>(orders_of_person, orders_of_cart)),
      payments(journal, watch_person<Payment>(payments_of_person)),
      order_marks(journal),
      variants(journal),
      coupons(journal),
      stock(journal),
      inbox(journal, watch_owners<InboxEntry>(inbox_of_person, inbox_of_cart)),
      dead_letters(journal),
      letter_ends(journal),
      tries(journal),
      positions(journal),
      erasures(journal),
      exports(journal, watch_person<ExportRow>(exports_of_person)),
      suppressions(journal),
      enrollments(journal, watch_enrollments(*this)),
      steps(journal, watch_steps(*this)),
      messages(journal, watch_messages(*this)),
      decisions(journal, watch_owners<Decision>(decisions_of_person, decisions_of_cart)) {}

std::vector<std::string> owned_by(Owned const& index, std::string const& shop_id, std::string const& owner) {
    auto const held = index.find({shop_id, owner});
    if (held == index.end()) return {};
    return {held->second.begin(), held->second.end()};
}

Instant marked_at(State const& state, std::string const& shop_id, std::string const& mark) {
    Instant newest{};
    for (auto it = state.order_marks.lower_bound({shop_id, mark, {}});
         it != state.order_marks.end() && std::get<0>(it->first) == shop_id && std::get<1>(it->first) == mark; ++it)
        newest = std::max(newest, *it->second);
    return newest;
}

Enrollment with_any_sent(State const& state, std::string const& shop_id, Enrollment enrollment) {
    auto const it = state.message_of_step.lower_bound({shop_id, enrollment.id, 0});
    enrollment.any_sent = it != state.message_of_step.end() && std::get<0>(it->first) == shop_id &&
                          std::get<1>(it->first) == enrollment.id;
    return enrollment;
}

std::vector<Cart> carts_beside(State const& state, std::string const& shop_id, Cart const& cart) {
    std::vector<Cart> out;
    for (auto const& id : owned_by(state.carts_of_person, shop_id, cart.person_id))
        if (auto const& other = state.carts.find({shop_id, id})->cart; id != cart.id && other.ordered_at == never) out.push_back(other);
    return out;
}

std::vector<Enrollment> active_enrollments(State const& state, std::string const& shop_id,
                                           std::vector<std::string> const& person_ids) {
    std::map<std::string, Enrollment> found;
    for (auto const& person_id : person_ids)
        for (auto const trigger : every_trigger)
            if (auto const it = state.active_enrollment.find({shop_id, person_id, trigger}); it != state.active_enrollment.end())
                found.emplace(it->second, with_any_sent(state, shop_id, *state.enrollments.find({shop_id, it->second})));
    std::vector<Enrollment> out;
    for (auto& [id, enrollment] : found) out.push_back(std::move(enrollment));
    return out;
}

Result<void> insert_enrollments(State& state, std::string const& shop_id, std::vector<Enrollment> const& enrollments) {
    for (auto enrollment : enrollments) {
        if (state.enrollments.contains({shop_id, enrollment.id})) continue;
        if (state.active_enrollment.contains({shop_id, enrollment.person_id, lane(enrollment.trigger)}))
            return error(Errc::conflict, "the person has another active enrollment for this trigger");
        enrollment.active = true;
        state.enrollments.put({shop_id, enrollment.id}, enrollment);
    }
    return {};
}

void replan_enrollment(State& state, std::string const& shop_id, Enrollment const& enrollment) {
    auto const* held = state.enrollments.find({shop_id, enrollment.id});
    if (held != nullptr && held->active)
        state.enrollments.change({shop_id, enrollment.id}, [&](Enrollment& row) {
            row.plan = enrollment.plan;
            row.anchor_at = enrollment.anchor_at;
            row.value_minor = enrollment.value_minor;
            row.currency = enrollment.currency;
        });
    std::vector<StepId> stale;
    for (auto it = state.steps.lower_bound({shop_id, enrollment.id, 0, 0});
         it != state.steps.end() && it->first < StepId{shop_id, enrollment.id, enrollment.plan, 0}; ++it)
        if (it->second->state == StepState::planned) stale.push_back(it->first);
    for (auto const& id : stale) state.steps.change(id, [](StepRow& row) { row.state = StepState::dropped; });
}

void end_enrollment(State& state, std::string const& shop_id, std::string const& enrollment_id, Reason reason, Instant now) {
    auto const* held = state.enrollments.find({shop_id, enrollment_id});
    if (held == nullptr || !held->active) return;
    state.enrollments.change({shop_id, enrollment_id}, [&](Enrollment& row) {
        row.active = false;
        row.end_reason = reason;
        row.ended_at = now;
    });
}

void drop_steps(State& state, std::string const& shop_id, std::string const& enrollment_id) {
    std::vector<StepId> planned;
    for (auto it = state.steps.lower_bound({shop_id, enrollment_id, 0, 0});
         it != state.steps.end() && it->first.shop_id == shop_id && it->first.enrollment_id == enrollment_id; ++it)
        if (it->second->state == StepState::planned) planned.push_back(it->first);
    for (auto const& id : planned) state.steps.change(id, [](StepRow& row) { row.state = StepState::dropped; });
}

void insert_steps(State& state, std::string const& shop_id, std::vector<PlannedStep> const& steps) {
    for (auto const& step : steps) {
        StepId const id{shop_id, step.enrollment_id, step.plan, step.step};
        if (state.steps.contains(id)) continue;
        StepRow row;
        row.step = step;
        state.steps.put(id, std::move(row));
    }
}

bool may_have_left(MessageRow const& row) {
    return row.status == MessageStatus::sent || row.status == MessageStatus::unknown || row.status == MessageStatus::sending;
}

Instant left_at(MessageRow const& row) {
    return row.sent_at != never ? row.sent_at : row.attempted_at != never ? row.attempted_at : row.created_at;
}

void insert_decision(State& state, std::string const& shop_id, Decision decision) {
    if (Id const id{shop_id, decision.id}; !state.decisions.contains(id)) state.decisions.put(id, std::move(decision));
}

void insert_decisions(State& state, std::string const& shop_id, std::vector<Decision> const& decisions) {
    for (auto const& decision : decisions) insert_decision(state, shop_id, decision);
}

void complete(State& state, std::string const& shop_id, std::string const& enrollment_id, Instant now) {
    auto const* held = state.enrollments.find({shop_id, enrollment_id});
    if (held == nullptr || !held->active) return;
    for (auto it = state.steps.lower_bound({shop_id, enrollment_id, held->plan, 0});
         it != state.steps.end() && it->first < StepId{shop_id, enrollment_id, held->plan + 1, 0}; ++it)
        if (it->second->state == StepState::planned || it->second->state == StepState::sending) return;
    end_enrollment(state, shop_id, enrollment_id, Reason::completed, now);
}

std::int64_t count_abandonments(State const& state, std::string const& shop_id, std::int64_t up_to) {
    auto const it = state.cart_enrollments.find(shop_id);
    return it == state.cart_enrollments.end() ? 0 : std::clamp<std::int64_t>(it->second, 0, std::max<std::int64_t>(up_to, 0));
}

}  // namespace recoup::memory
