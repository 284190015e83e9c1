#include "adapter/memory/schedule_store.hpp"

#include "recoup/base/assert.hpp"

#include <algorithm>

namespace recoup::memory {
namespace {

StepId id_of(StepWrite const& write) { return {write.shop_id, write.enrollment_id, write.plan, write.step}; }

void write_message(State& state, MessageDraft const& draft, core::SendState const& send, Instant now) {
    Id const id{draft.message.shop_id, draft.message.id};
    auto const again = state.messages.change(id, [&](MessageRow& row) {
        row.status = send.message.value();
        row.reason = Reason::ok;
        row.draft.adapter = draft.adapter;
        row.draft.request_hash = draft.request_hash;
        row.draft.message = draft.message;
        row.draft.target_url = draft.target_url;
        row.attempt = send.attempt;
        row.attempted_at = now;
    });
    if (again) return;
    MessageRow row;
    row.draft = draft;
    row.status = send.message.value();
    row.created_at = row.attempted_at = now;
    row.attempt = send.attempt;
    state.messages.put(id, std::move(row));
}

/// What follows from a batch of decisions, in one order: steps, messages, ended enrollments, completed ones, decisions.
void write_decided(State& state, std::vector<StepWrite> const& writes, std::vector<core::SendState> const& sends, Instant now) {
    for (std::size_t i = 0; i < writes.size(); ++i) {
        save_step(state, id_of(writes[i]), sends[i]);
        if (auto const wait = wait_for(writes[i].reason); wait && writes[i].verdict == Verdict::move)
            state.steps.change(id_of(writes[i]), [&](StepRow& row) { row.step.wait = *wait; });
    }
    for (std::size_t i = 0; i < writes.size(); ++i)
        if (writes[i].draft) write_message(state, *writes[i].draft, sends[i], now);
    for (auto const& write : writes)
        if (write.verdict == Verdict::end) {
            end_enrollment(state, write.shop_id, write.enrollment_id, write.reason, now);
            drop_steps(state, write.shop_id, write.enrollment_id);
        }
    for (std::size_t i = 0; i < writes.size(); ++i) {
        if (sends[i].step == StepState::skipped) complete(state, writes[i].shop_id, writes[i].enrollment_id, now);
        if (!writes[i].told_before) insert_decision(state, writes[i].shop_id, writes[i].decision);
    }
}

void finish_one(State& state, SendResult const& result, Instant now) {
    StepId const id{result.shop_id, result.enrollment_id, result.plan, result.step};
    if (state.steps.find(id) == nullptr) return;
    auto const next = core::next(send_state(state, id), core::finished_event(result));
    if (!next) return;   // the lease was lost; whoever holds it now tells the story
    save_step(state, id, *next);
    bool const as_heard = next->message != MessageStatus::sent || result.outcome.kind == OutcomeKind::sent;
    auto const* decision = as_heard && result.decision ? &*result.decision : nullptr;
    state.messages.change({result.shop_id, result.message_id}, [&](MessageRow& row) {
        row.status = next->message.value();
        row.reason = decision != nullptr ? decision->reason : core::reason_of(*next);
        row.provider_id = result.outcome.provider_id;
        row.provider_code = result.outcome.code;
        if (row.status == MessageStatus::sent) row.sent_at = now;
    });
    if (result.outcome.suppress) {
        SuppressionId const who{result.shop_id, result.channel, result.address_hash};
        auto const* known = state.suppressions.find(who);
        if (known == nullptr || can_be_lifted(*known)) state.suppressions.put(who, SuppressionRow{"provider", now});
    }
    if (decision != nullptr) insert_decision(state, result.shop_id, *decision);
    if (next->step != StepState::planned) complete(state, result.shop_id, result.enrollment_id, now);
}

MessageRow const* message_row(State const& state, StepId const& id) {
    auto const it = state.message_of_step.find({id.shop_id, id.enrollment_id, id.step});
    return it == state.message_of_step.end() ? nullptr : state.messages.find({id.shop_id, it->second});
}

/// False when the event does not count.
bool settle(State& state, StepId const& id, core::SendEvent const& event, Instant now) {
    auto const next = core::next(send_state(state, id), event);
    if (!next) return false;
    save_step(state, id, *next);
    save_status(state, id, *next, core::reason_of(*next), now);
    if (next->step != StepState::planned) complete(state, id.shop_id, id.enrollment_id, now);
    return true;
}

void tell_unknown(State& state, StepId const& id, Instant now) {
    auto const* row = message_row(state, id);
    if (row == nullptr || row->status != MessageStatus::unknown || state.steps.find(id)->state == StepState::planned) return;
    insert_decision(state, id.shop_id,
                    core::outcome_unknown(row->draft.message.id, id.enrollment_id, row->draft.person_id, row->draft.cart_id, id.step, now));
}

}  // namespace

Result<std::optional<Instant>> MemoryScheduleStore::next_due() {
    return database_.run([](State& state) -> std::optional<Instant> {
        std::optional<Instant> next;
        auto const offer = [&](auto const& index) {
            if (!index.empty() && (!next || index.begin()->first < *next)) next = index.begin()->first;
        };
        offer(state.idle_carts);
        offer(state.due_steps);
        offer(state.leased_steps);
        return next;
    });
}

Result<std::int64_t> MemoryScheduleStore::due_count(Instant now) {
    return database_.run([&](State& state) -> std::int64_t {
        std::int64_t count = 0;
        for (auto it = state.due_steps.begin(); it != state.due_steps.end() && it->first <= now; ++it) ++count;
        return count;
    });
}

Result<ScheduleStore::Claimed> MemoryScheduleStore::claim_steps(
    Instant now, Instant lease_until, ClaimSize const& size,
    std::function<std::vector<StepWrite>(std::vector<DueStep> const&)> const& decide) {
    return database_.run([&](State& state) -> Claimed {
        auto leased = claim_due(state, now, size);
        std::vector<DueStep> due;
        for (auto& step : leased) due.push_back(std::move(step.due));
        Claimed claimed;
        claimed.decided = due.size();
        if (due.empty()) return claimed;
        auto writes = decide(due);
        RECOUP_ASSERT(writes.size() == due.size());
        std::vector<core::SendState> sends;
        for (std::size_t i = 0; i < due.size(); ++i) {
            auto const next = core::next(leased[i].state, core::decided_event(writes[i], now, lease_until));
            RECOUP_ASSERT(next && writes[i].draft.has_value() == (writes[i].verdict == Verdict::send));
            sends.push_back(*next);
        }
        write_decided(state, writes, sends, now);
        for (std::size_t i = 0; i < due.size(); ++i) {
            if (!writes[i].draft) continue;
            claimed.sends.emplace_back(std::move(*writes[i].draft), sends[i].lease_token);
            claimed.facts.push_back(std::move(due[i]));
        }
        return claimed;
    });
}

Result<void> MemoryScheduleStore::finish(std::vector<SendResult> const& results, Instant now) {
    return database_.run([&](State& state) {
        for (auto const& result : results) finish_one(state, result, now);
    });
}

Result<std::size_t> MemoryScheduleStore::recover_leases(Instant now, LeaseRecovery const& how) {
    return database_.run([&](State& state) -> std::size_t {
        std::vector<StepId> expired, spoken_of;
        for (auto it = state.leased_steps.begin(); it != state.leased_steps.end() && it->first <= now + how.early; ++it)
            expired.push_back(it->second);
        std::size_t settled = 0;
        for (auto const& id : expired) {
            auto const* row = message_row(state, id);
            if (!settle(state, id, core::ended_event(how, row == nullptr ? std::string{} : row->draft.adapter, now), now)) continue;
            tell_unknown(state, id, now);
            ++settled;
        }
        for (auto const& message : state.unknown_messages)
            if (auto const& row = *state.messages.find(message); row.feedback)
                if (auto const id = step_of_message(state, message.first, row)) spoken_of.push_back(*id);
        for (auto const& id : spoken_of)
            if (settle(state, id, core::Resolved{true, std::nullopt}, now)) ++settled;
        return settled;
    });
}

Result<std::vector<UnknownMessage>> MemoryScheduleStore::unknown_messages(std::vector<std::string> const& adapters,
                                                                          std::string const& after, std::size_t max) {
    return database_.run([&](State& state) {
        std::vector<UnknownMessage> out;
        for (auto const& id : state.unknown_messages)
            if (auto const& adapter = state.messages.find(id)->draft.adapter;
                id.second > after && std::find(adapters.begin(), adapters.end(), adapter) != adapters.end())
                out.push_back({id.first, id.second, adapter});
        std::sort(out.begin(), out.end(), [](UnknownMessage const& a, UnknownMessage const& b) { return a.message_id < b.message_id; });
        if (out.size() > max) out.resize(max);
        return out;
    });
}

Result<std::size_t> MemoryScheduleStore::settle_found(std::vector<FoundMessage> const& found, Instant now) {
    return database_.run([&](State& state) -> std::size_t {
        std::size_t settled = 0;
        for (auto const& message : found) {
            auto const* row = state.messages.find({message.shop_id, message.message_id});
            if (row == nullptr || row->status != MessageStatus::unknown) continue;
            auto const id = step_of_message(state, message.shop_id, *row);
            if (!id || !settle(state, *id, core::Resolved{true, std::nullopt}, now)) continue;
            state.messages.change({message.shop_id, message.message_id}, [&](MessageRow& kept) { kept.provider_id = message.provider_id; });
            ++settled;
        }
        return settled;
    });
}

}  // namespace recoup::memory
