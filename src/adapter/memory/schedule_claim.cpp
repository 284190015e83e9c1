// Claiming due steps and opening idle carts.
#include "adapter/memory/schedule_store.hpp"

#include "recoup/base/assert.hpp"

#include <algorithm>

namespace recoup::memory {
namespace {

/// Persons are claimed first, as many as the steps that are due first belong to; then the due steps of theirs. Steps of
/// persons that are gone (erased) are claimed too, so that they end.
std::vector<StepId> claimable(State const& state, Instant now, std::size_t max) {
    std::set<Id> persons;
    std::size_t seen = 0;
    auto const person_of = [&](StepId const& id) {
        return Id{id.shop_id, state.enrollments.find({id.shop_id, id.enrollment_id})->person_id};
    };
    for (auto it = state.due_steps.begin(); it != state.due_steps.end() && it->first <= now && seen < max; ++it, ++seen)
        persons.insert(person_of(it->second));
    std::vector<StepId> ids;
    for (auto it = state.due_steps.begin(); it != state.due_steps.end() && it->first <= now && ids.size() < max; ++it) {
        auto const person = person_of(it->second);
        if (persons.contains(person) || !state.persons.contains(person)) ids.push_back(it->second);
    }
    return ids;
}

/// Most are on the version in force.
void add_running(State const& state, IdleCart& item) {
    auto const& active = *item.active;
    auto const* row = state.sequences.find({item.shop.id, active.sequence, active.sequence_version});
    if (row != nullptr && !row->active) item.running = row->sequence;
}

std::optional<Arm> first_arm(State const& state, std::string const& shop_id, std::string const& person_id) {
    Enrollment const* first = nullptr;
    for (auto const& id : owned_by(state.enrollments_of_person, shop_id, person_id)) {
        auto const* one = state.enrollments.find({shop_id, id});
        if (first == nullptr || one->opened_at < first->opened_at) first = one;   // of the same time the first by id
    }
    return first == nullptr ? std::nullopt : std::optional(first->arm);
}

IdleCart idle_cart(State const& state, Id const& id, CartRow const& row, Person const& person, std::int64_t abandonments_up_to) {
    IdleCart item;
    item.shop.id = id.first;
    item.cart = row.cart;
    item.person = person;
    item.abandonments = count_abandonments(state, id.first, abandonments_up_to);
    if (auto const* shop = state.shops.find(id.first); shop != nullptr) item.shop = *shop;
    for (auto const& [sequence_id, sequence] : state.sequences)
        if (std::get<0>(sequence_id) == id.first && sequence->active && lane(sequence->sequence.trigger) == Trigger::cart)
            item.sequences.push_back(sequence->sequence);
    if (row.cart.address_mark.known()) item.marked_at = marked_at(state, id.first, row.cart.address_mark.value);
    item.first_arm = first_arm(state, id.first, person.id);
    for (auto const& enrollment : active_enrollments(state, id.first, {person.id}))
        if (lane(enrollment.trigger) == Trigger::cart) item.active = enrollment;
    if (item.active && item.active->cart_id == item.cart.id) add_running(state, item);
    if (item.cart.browsed()) item.others = carts_beside(state, id.first, item.cart);
    return item;
}

std::vector<IdleCart> idle_carts(State const& state, Instant now, OpenSize const& size) {
    std::set<Id> persons;
    std::size_t seen = 0;
    auto const person_of = [&](Id const& cart) { return Id{cart.first, state.carts.find(cart)->cart.person_id}; };
    for (auto it = state.idle_carts.begin(); it != state.idle_carts.end() && it->first <= now && seen < size.carts; ++it, ++seen)
        if (auto const person = person_of(it->second); state.persons.contains(person)) persons.insert(person);
    std::vector<IdleCart> idle;
    for (auto it = state.idle_carts.begin(); it != state.idle_carts.end() && it->first <= now && idle.size() < size.carts; ++it)
        if (auto const person = person_of(it->second); persons.contains(person))
            idle.push_back(idle_cart(state, it->second, *state.carts.find(it->second), *state.persons.find(person),
                                     size.abandonments_up_to));
    return idle;
}

Result<void> write_open(State& state, OpenWrite const& write, Instant now) {
    state.carts.change({write.shop_id, write.cart_id}, [&](CartRow& row) {
        row.idle_at = write.watch_again.value_or(never);
        if (write.score) row.score = write.score;
    });
    if (write.ended) {
        end_enrollment(state, write.shop_id, write.ended->first, write.ended->second, now);
        drop_steps(state, write.shop_id, write.ended->first);
    }
    if (write.opened && write.replanned) replan_enrollment(state, write.shop_id, *write.opened);
    if (write.opened && !write.replanned)
        if (auto inserted = insert_enrollments(state, write.shop_id, {*write.opened}); !inserted) return inserted;
    insert_steps(state, write.shop_id, write.steps);
    insert_decisions(state, write.shop_id, write.decisions);
    return {};
}

void add_shop_left(State const& state, std::vector<LeasedStep>& claimed, Instant now, Cap const& cap) {
    if (cap.none()) return;
    std::map<std::string, int> left;
    for (auto const& leased : claimed) left.emplace(leased.due.shop->id, cap.max);
    for (auto const& [id, row] : state.messages) {
        auto const shop = left.find(id.first);
        if (shop != left.end() && may_have_left(*row) && left_at(*row) > now - cap.window && shop->second > 0) --shop->second;
    }
    for (auto& leased : claimed) leased.due.shop_left = left.at(leased.due.shop->id);
}

}  // namespace

std::vector<LeasedStep> claim_due(State& state, Instant now, ClaimSize const& size) {
    std::vector<LeasedStep> claimed;
    for (auto const& id : claimable(state, now, size.steps)) {
        LeasedStep leased;
        leased.due.shop.own().id = id.shop_id;
        leased.due.step = state.steps.find(id)->step;
        leased.state = send_state(state, id);
        leased.due.attempt = leased.state.attempt;
        if (auto const it = state.message_of_step.find({id.shop_id, id.enrollment_id, id.step}); it != state.message_of_step.end()) {
            auto const& row = *state.messages.find({id.shop_id, it->second});
            leased.message_id = it->second;
            leased.due.tried = DueStep::Tried{row.status, row.draft.adapter, row.draft.request_hash};
        }
        claimed.push_back(std::move(leased));
    }
    core::order_claimed(claimed);
    for (auto& leased : claimed) gather(state, leased.due, now);
    add_shop_left(state, claimed, now, size.shop);
    std::erase_if(claimed, [&](LeasedStep const& leased) {
        auto const& step = leased.due.step;
        auto const& enrollment = leased.due.enrollment;
        auto const event = core::without_a_decision(leased.state, enrollment.active && enrollment.plan == step.plan);
        if (!event) return false;
        StepId const id{leased.due.shop->id, step.enrollment_id, step.plan, step.step};
        auto const next = core::next(leased.state, *event).value();
        save_step(state, id, next);
        if (next.message == MessageStatus::sent) {
            save_status(state, id, next, core::reason_of(next), now);
            complete(state, id.shop_id, id.enrollment_id, now);
        }
        return true;
    });
    return claimed;
}

core::SendState send_state(State const& state, StepId const& id) {
    auto const& row = *state.steps.find(id);
    core::SendState out;
    out.step = row.state;
    out.due_at = row.step.due_at;
    out.attempt = row.attempt;
    out.lease_token = row.lease_token;
    out.lease_until = row.lease_until;
    auto const it = state.message_of_step.find({id.shop_id, id.enrollment_id, id.step});
    if (it == state.message_of_step.end()) return out;
    auto const& message = *state.messages.find({id.shop_id, it->second});
    out.message = message.status;
    out.came_back = message.feedback.has_value();
    return out;
}

void save_step(State& state, StepId const& id, core::SendState const& send) {
    state.steps.change(id, [&](StepRow& row) {
        row.state = send.step;
        row.step.due_at = send.due_at;
        row.attempt = send.attempt;
        row.lease_token = send.lease_token;
        row.lease_until = send.lease_until;
    });
}

void save_status(State& state, StepId const& id, core::SendState const& send, Reason reason, Instant now) {
    auto const it = state.message_of_step.find({id.shop_id, id.enrollment_id, id.step});
    if (it == state.message_of_step.end() || !send.message) return;
    auto const message_id = it->second;
    state.messages.change({id.shop_id, message_id}, [&](MessageRow& row) {
        row.status = *send.message;
        row.reason = reason;
        if (row.status == MessageStatus::sent) row.sent_at = row.attempted_at != never ? row.attempted_at : now;
    });
}

std::optional<StepId> step_of_message(State const& state, std::string const& shop_id, MessageRow const& row) {
    std::optional<StepId> newest;
    for (auto it = state.steps.lower_bound(StepId{shop_id, row.draft.enrollment_id, 0, 0});
         it != state.steps.end() && it->first.shop_id == shop_id && it->first.enrollment_id == row.draft.enrollment_id; ++it)
        if (it->first.step == row.draft.step) newest = it->first;
    return newest;
}

Result<std::size_t> MemoryScheduleStore::open_idle(
    Instant now, OpenSize const& size, std::function<std::vector<OpenWrite>(std::vector<IdleCart> const&)> const& decide) {
    return database_.run([&](State& state) -> Result<std::size_t> {
        auto const idle = idle_carts(state, now, size);
        if (idle.empty()) return std::size_t{0};
        for (auto const& write : decide(idle))
            if (auto written = write_open(state, write, now); !written) return written.error();
        return idle.size();
    });
}

}  // namespace recoup::memory
