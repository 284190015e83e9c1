#include "adapter/memory/schedule_store.hpp"

#include "recoup/base/assert.hpp"

#include <algorithm>

namespace recoup::memory {
namespace {

StepId id_of(StepWrite const& write) { return {write.shop_id, write.enrollment_id, write.plan, write.step}; }

void write_message(State& state, MessageDraft const& draft, Instant now, int attempt) {
    Id const id{draft.message.shop_id, draft.message.id};
    auto const again = state.messages.change(id, [&](MessageRow& row) {
        row.status = MessageStatus::sending;
        row.reason = Reason::ok;
        row.draft.adapter = draft.adapter;
        row.draft.message = draft.message;
        row.draft.target_url = draft.target_url;
        row.attempt = attempt;
    });
    if (again) return;
    MessageRow row;
    row.draft = draft;
    row.created_at = now;
    row.attempt = attempt;
    state.messages.put(id, std::move(row));
}

void close_step(State& state, StepId const& id, StepState to) {
    state.steps.change(id, [&](StepRow& row) {
        row.state = to;
        row.lease_until = never;
    });
}

void write_step(State& state, StepWrite const& write, DueStep const& due, Instant now) {
    switch (write.verdict) {
        case Verdict::send:
            RECOUP_ASSERT(write.draft.has_value());
            write_message(state, *write.draft, now, due.attempt + 1);
            break;
        case Verdict::move:   // asked again later: not an attempt
            state.steps.change(id_of(write), [&](StepRow& row) {
                row.state = StepState::planned;
                row.step.due_at = write.move_to;
                row.lease_until = never;
                row.attempt = std::max(row.attempt - 1, 0);
            });
            break;
        case Verdict::end:
            close_step(state, id_of(write), StepState::skipped);
            end_enrollment(state, write.shop_id, write.enrollment_id, write.reason, now);
            drop_steps(state, write.shop_id, write.enrollment_id);
            break;
        case Verdict::skip:
        case Verdict::open:
        case Verdict::hold:
            close_step(state, id_of(write), StepState::skipped);
            complete(state, write.shop_id, write.enrollment_id, now);
            break;
    }
}

MessageStatus status_of(SendResult const& result) {
    switch (result.outcome.kind) {
        case OutcomeKind::sent: return MessageStatus::sent;
        case OutcomeKind::retry_later: return result.retry_at ? MessageStatus::retry : MessageStatus::rejected;
        case OutcomeKind::rejected: return MessageStatus::rejected;
        case OutcomeKind::unknown: return MessageStatus::unknown;
    }
    return MessageStatus::unknown;
}

void finish_one(State& state, SendResult const& result, Instant now) {
    StepId const id{result.shop_id, result.enrollment_id, result.plan, result.step};
    auto const* held = state.steps.find(id);
    bool const ours = held != nullptr && held->lease_token == result.lease_token && held->state == StepState::sending;
    if (!ours) return;   // the lease was lost; whoever holds it now tells the story
    bool const again = result.outcome.kind == OutcomeKind::retry_later && result.retry_at;
    state.steps.change(id, [&](StepRow& row) {
        row.state = again ? StepState::planned : StepState::done;
        if (again) row.step.due_at = *result.retry_at;
        row.lease_until = never;
    });
    state.messages.change({result.shop_id, result.message_id}, [&](MessageRow& row) {
        row.status = status_of(result);
        row.reason = result.decision ? result.decision->reason : Reason::ok;
        row.provider_id = result.outcome.provider_id;
        row.provider_code = result.outcome.code;
        if (row.status == MessageStatus::sent) row.sent_at = now;
    });
    if (result.outcome.suppress) {
        SuppressionId const who{result.shop_id, result.channel, result.address_hash};
        auto const* known = state.suppressions.find(who);
        if (known == nullptr || can_be_lifted(*known)) state.suppressions.put(who, SuppressionRow{"provider", now});
    }
    if (result.decision) insert_decision(state, result.shop_id, *result.decision);
    if (!again) complete(state, result.shop_id, result.enrollment_id, now);
}

void mark_unknown(MessageRow& row) {
    row.status = MessageStatus::unknown;
    row.reason = Reason::outcome_unknown;
}

void give_up(State& state, StepId const& id, Instant now) {
    close_step(state, id, StepState::done);
    auto const it = state.message_of_step.find({id.shop_id, id.enrollment_id, id.step});
    if (it == state.message_of_step.end()) return;
    auto const message_id = it->second;
    if (state.messages.find({id.shop_id, message_id})->status != MessageStatus::sending) return;
    state.messages.change({id.shop_id, message_id}, mark_unknown);
    auto const& draft = state.messages.find({id.shop_id, message_id})->draft;
    insert_decision(state, id.shop_id,
                    core::outcome_unknown(message_id, id.enrollment_id, draft.person_id, draft.cart_id, id.step, now));
    complete(state, id.shop_id, id.enrollment_id, now);
}

bool can_repeat(State const& state, StepId const& id, std::vector<std::string> const& idempotent_adapters) {
    auto const it = state.message_of_step.find({id.shop_id, id.enrollment_id, id.step});
    if (it == state.message_of_step.end()) return false;
    auto const& message = *state.messages.find({id.shop_id, it->second});
    return message.status == MessageStatus::sending &&
           std::find(idempotent_adapters.begin(), idempotent_adapters.end(), message.draft.adapter) != idempotent_adapters.end();
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
    Instant now, Instant lease_until, std::size_t max,
    std::function<std::vector<StepWrite>(std::vector<DueStep> const&)> const& decide) {
    return database_.run([&](State& state) -> Claimed {
        auto leased = claim_due(state, now, lease_until, max);
        std::vector<DueStep> due;
        for (auto& step : leased) due.push_back(std::move(step.due));
        Claimed claimed;
        claimed.decided = due.size();
        if (due.empty()) return claimed;
        auto writes = decide(due);
        RECOUP_ASSERT(writes.size() == due.size());
        for (std::size_t i = 0; i < due.size(); ++i) {
            write_step(state, writes[i], due[i], now);
            insert_decision(state, writes[i].shop_id, std::move(writes[i].decision));
            if (writes[i].verdict != Verdict::send) continue;
            claimed.sends.emplace_back(std::move(*writes[i].draft), leased[i].lease_token);
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

Result<std::size_t> MemoryScheduleStore::recover_leases(Instant now, std::vector<std::string> const& idempotent_adapters) {
    return database_.run([&](State& state) -> std::size_t {
        std::vector<StepId> expired;
        for (auto it = state.leased_steps.begin(); it != state.leased_steps.end() && it->first <= now; ++it)
            expired.push_back(it->second);
        for (auto const& id : expired) {
            if (!can_repeat(state, id, idempotent_adapters)) {
                give_up(state, id, now);
                continue;
            }
            state.steps.change(id, [&](StepRow& row) {
                row.state = StepState::planned;
                row.step.due_at = now;
                row.lease_until = never;
                row.attempt = std::max(row.attempt - 1, 0);
            });
            // Until it is sent again, nobody knows whether the message left.
            state.messages.change({id.shop_id, state.message_of_step.at({id.shop_id, id.enrollment_id, id.step})}, mark_unknown);
        }
        return expired.size();
    });
}

}  // namespace recoup::memory
