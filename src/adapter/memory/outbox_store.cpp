#include "adapter/memory/outbox_store.hpp"

#include "adapter/memory/schedule_store.hpp"
#include "core/send/resolve.hpp"

#include <algorithm>
#include <tuple>

namespace recoup::memory {
namespace {

UnknownSend unknown_of(State const& state, Id const& id, MessageRow const& row) {
    UnknownSend out;
    out.shop_id = id.first;
    out.message_id = id.second;
    out.enrollment_id = row.draft.enrollment_id;
    out.adapter = row.draft.adapter;
    out.sequence = row.draft.sequence;
    out.step_name = row.draft.step_name;
    out.provider_code = row.provider_code;
    out.channel = row.draft.message.channel;
    out.step = row.draft.step;
    out.attempt = row.attempt;
    out.planned_at = row.draft.planned_at;
    out.created_at = row.created_at;
    auto const step = step_of_message(state, id.first, row);
    out.repeated = step && state.steps.find(*step)->state == StepState::planned;
    return out;
}

auto place_of(UnknownSend const& send) { return std::tie(send.planned_at, send.message_id); }

core::UnknownFacts facts_of(State const& state, StepId const& id, Enrollment const& enrollment) {
    core::UnknownFacts facts;
    facts.state = send_state(state, id);
    facts.active = enrollment.active;
    facts.end_reason = enrollment.end_reason;
    facts.newest_plan = enrollment.plan == id.plan;
    auto const active = state.active_enrollment.find({id.shop_id, enrollment.person_id, lane(enrollment.trigger)});
    facts.another_active = active != state.active_enrollment.end() && active->second != enrollment.id;
    auto const* row = state.sequences.find({id.shop_id, enrollment.sequence, enrollment.sequence_version});
    if (auto const index = static_cast<std::size_t>(id.step); row != nullptr && index < row->sequence.steps.size())
        facts.useful_until = state.steps.find(id)->step.planned_at + row->sequence.steps[index].useful_for;
    return facts;
}

Error no_unknown_message() {
    return error(Errc::not_found, "There is no message of this id whose outcome is unknown; GET /v1/messages?status=unknown lists them.");
}

Error no_sale() { return error(Errc::not_found, "there is no pause of incentives for this scope"); }

}  // namespace

Result<std::vector<UnknownSend>> MemoryOutboxStore::unknown(UnknownQuery const& query) {
    return database_.run([&](State& state) {
        std::vector<UnknownSend> out;
        for (auto const& id : state.unknown_messages)
            if (query.shop_id.empty() || query.shop_id == id.first) out.push_back(unknown_of(state, id, *state.messages.find(id)));
        std::erase_if(out, [&](UnknownSend const& send) { return place_of(send) <= std::tie(query.after_at, query.after_id); });
        std::sort(out.begin(), out.end(), [](auto const& a, auto const& b) { return place_of(a) < place_of(b); });
        if (out.size() > query.limit) out.resize(query.limit);
        return out;
    });
}

Result<std::int64_t> MemoryOutboxStore::unknown_count() {
    return database_.run([](State& state) { return static_cast<std::int64_t>(state.unknown_messages.size()); });
}

Result<Resolution> MemoryOutboxStore::resolve(std::string const& message_id, bool sent, Instant now) {
    return database_.run([&](State& state) -> Result<Resolution> {
        auto const found = std::find_if(state.unknown_messages.begin(), state.unknown_messages.end(),
                                        [&](Id const& id) { return id.second == message_id; });
        if (found == state.unknown_messages.end()) return no_unknown_message();
        auto const& row = *state.messages.find(*found);
        auto const id = step_of_message(state, found->first, row);
        if (!id) return no_unknown_message();
        auto const enrollment = *state.enrollments.find({id->shop_id, id->enrollment_id});
        auto const facts = facts_of(state, *id, enrollment);
        auto const weighed = core::weigh(facts, sent, now);
        auto const next = core::next(facts.state, weighed.event);
        if (!next) return core::cannot_be_resolved(facts.state);
        if (weighed.reopen)
            state.enrollments.change({id->shop_id, id->enrollment_id}, [](Enrollment& again) {
                again.active = true;
                again.end_reason = Reason::ok;
                again.ended_at = never;
            });
        save_step(state, *id, *next);
        save_status(state, *id, *next, weighed.reason, now);
        Resolution resolution{id->shop_id, message_id, next->message.value(), next->step == StepState::planned, weighed.reason};
        insert_decision(state, id->shop_id,
                        core::resolution_decision(resolution, id->enrollment_id, enrollment.person_id, enrollment.cart_id, id->step, sent, now));
        if (!resolution.planned_again) complete(state, id->shop_id, id->enrollment_id, now);
        return resolution;
    });
}

Result<std::vector<Pause>> MemoryOutboxStore::pauses() {
    return database_.run([](State& state) { return state.pauses; });
}

Result<void> MemoryOutboxStore::pause(Pause const& pause) {
    return database_.run([&](State& state) {
        auto const place = [](Pause const& one) {
            return std::tuple(one.shop_id, one.channel ? std::string(name(*one.channel)) : std::string{}, one.sequence);
        };
        for (auto& held : state.pauses)
            if (held.same_scope(pause)) {
                held.note = pause.note;
                return;
            }
        state.pauses.push_back(pause);
        std::sort(state.pauses.begin(), state.pauses.end(), [&](Pause const& a, Pause const& b) { return place(a) < place(b); });
    });
}

Result<std::size_t> MemoryOutboxStore::resume(Pause const& scope, Instant now, Millis spread) {
    return database_.run([&](State& state) -> Result<std::size_t> {
        if (std::erase_if(state.pauses, [&](Pause const& held) { return held.same_scope(scope); }) == 0)
            return error(Errc::not_found, "there is no pause of " + scope_text(scope));
        std::vector<StepId> held;
        for (auto const& [due, id] : state.due_steps) {
            auto const& step = state.steps.find(id)->step;
            auto const& sequence = state.enrollments.find({id.shop_id, id.enrollment_id})->sequence;
            if (step.wait == StepWait::paused && scope.covers(id.shop_id, step.channel, sequence)) held.push_back(id);
        }
        for (auto const& id : held)
            state.steps.change(id, [&](StepRow& row) {
                row.step.wait = StepWait::resumed;
                row.step.due_at = core::resumed_at(row.step.due_at, now, spread, id.enrollment_id, id.step);
            });
        return held.size();
    });
}

Result<std::vector<Sale>> MemoryOutboxStore::sales() {
    return database_.run([](State& state) {
        std::vector<Sale> open;
        for (auto const& sale : state.sales)
            if (sale.until == never) open.push_back(sale);
        std::sort(open.begin(), open.end(), [](Sale const& a, Sale const& b) { return a.shop_id < b.shop_id; });
        return open;
    });
}

Result<void> MemoryOutboxStore::begin_sale(Sale const& sale) {
    return database_.run([&](State& state) {
        for (auto& held : state.sales)
            if (held.shop_id == sale.shop_id && held.until == never) {
                held.note = sale.note;
                return;
            }
        state.sales.push_back(sale);
    });
}

Result<void> MemoryOutboxStore::end_sale(std::string const& shop_id, Instant now) {
    return database_.run([&](State& state) -> Result<void> {
        for (auto& held : state.sales)
            if (held.shop_id == shop_id && held.until == never) {
                held.until = now;
                return {};
            }
        return no_sale();
    });
}

}  // namespace recoup::memory
