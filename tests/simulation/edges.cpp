#include "simulation/edges.hpp"

namespace recoup::simulation {
namespace {

enum class Fate : unsigned char { goes_well, lost_before, lost_after, conflict };

Fate draw_fate(Scene& scene) {
    auto const& faults = scene.options.faults;
    if (scene.chance.hit(faults.lost_before)) return Fate::lost_before;
    if (scene.chance.hit(faults.lost_after)) return Fate::lost_after;
    if (scene.chance.hit(faults.conflict)) return Fate::conflict;
    return Fate::goes_well;
}

Error lost() { return error(Errc::unavailable, "the connection was lost"); }

/// Taken back from inside the transaction.
struct Aborted {};

/// Runs `call` with its fate. `call` gets what to do at the end of the transaction's own work, before the commit.
template <class Answer, class Call>
Answer with_fate(Scene& scene, Edge const& edge, char const* before, char const* after, Call&& call) {
    edge.pass(before);
    auto const fate = draw_fate(scene);
    if (fate == Fate::lost_before && scene.chance.hit(0.5)) return lost();   // not even begun
    auto const at_commit = [&] {
        edge.risk("at the commit");
        if (fate == Fate::lost_before || fate == Fate::conflict) throw Aborted{};
    };
    std::optional<Answer> answer;
    try {
        answer.emplace(call(at_commit));
    } catch (Aborted const&) {
        answer.reset();
    }
    edge.pass(after);
    if (!answer || (fate == Fate::lost_after && *answer))
        return fate == Fate::conflict ? error(Errc::conflict, "another instance was first") : lost();
    return std::move(*answer);
}

}  // namespace

Result<LogPositions> EdgeReader::end() {
    barrier_ = scene_.appended;
    return inner_.end();
}

Result<void> EdgeTrackStore::apply(std::vector<ShopWork>& work, std::string_view log, LogPositions const& from,
                                   LogPositions const& to, Instant now) {
    return with_fate<Result<void>>(scene_, edge_, "before folding", "folded", [&](auto const& at_commit) {
        for (auto& shop : work) shop.fold = [&at_commit, fold = shop.fold](TrackState const& state) {
            auto write = fold(state);
            at_commit();
            return write;
        };
        auto done = inner_.apply(work, log, from, to, now);
        if (done)
            for (auto const& shop : work) judge_.folded(shop.want.event_ids);
        return done;
    });
}

Result<std::size_t> EdgeScheduleStore::open_idle(
    Instant now, OpenSize const& size, std::function<std::vector<OpenWrite>(std::vector<IdleCart> const&)> const& decide) {
    return with_fate<Result<std::size_t>>(scene_, edge_, "before opening", "opened", [&](auto const& at_commit) {
        return inner_.open_idle(now, size, [&](std::vector<IdleCart> const& carts) {
            auto writes = decide(carts);
            at_commit();
            return writes;
        });
    });
}

Result<ScheduleStore::Claimed> EdgeScheduleStore::claim_steps(
    Instant now, Instant lease_until, ClaimSize const& size,
    std::function<std::vector<StepWrite>(std::vector<DueStep> const&)> const& decide) {
    auto const barrier = reader_.barrier();
    claims_.clear();
    return with_fate<Result<Claimed>>(scene_, edge_, "before claiming", "claimed", [&](auto const& at_commit) {
        auto claimed = inner_.claim_steps(now, lease_until, size, [&](std::vector<DueStep> const& due) {
            auto writes = decide(due);
            at_commit();
            return writes;
        });
        if (!claimed) return claimed;
        auto const claimed_at = edge_.now();
        judge_claims(*claimed, now);
        for (std::size_t i = 0; i < claimed->sends.size(); ++i) {
            auto const& facts = claimed->facts[i];
            auto const index = static_cast<std::size_t>(facts.step.step);
            Claim claim;
            claim.barrier = barrier;
            claim.folds = judge_.folds();
            claim.step_of_run = scene_.steps;
            claim.enrollment_id = facts.enrollment.id;
            claim.step = facts.step.step;
            claim.trigger = facts.enrollment.trigger;
            if (facts.cart) claim.cart_tokens = facts.cart->tokens;
            claim.payment_id = facts.enrollment.payment_id;
            claim.cart_id = facts.enrollment.cart_id;
            claim.anchor_at = facts.enrollment.anchor_at;
            claim.planned_at = facts.step.planned_at;
            claim.useful_until = facts.step.planned_at + facts.sequence->steps.at(index).useful_for;
            claim.claimed_at = claimed_at;
            claim.lease_ends = scene_.now + (lease_until - claimed_at);
            claims_[claimed->sends[i].first.message.id] = std::move(claim);
        }
        return claimed;
    });
}

/// What was claimed is neither paused nor more than the account's rate allows.
void EdgeScheduleStore::judge_claims(Claimed const& claimed, Instant at) {
    for (std::size_t i = 0; i < claimed.sends.size(); ++i) {
        auto const& message = claimed.sends[i].first.message;
        for (auto const& pause : scene_.database.state().pauses)
            if (pause.covers(message.shop_id, message.channel, claimed.facts[i].enrollment.sequence))
                scene_.violate("nothing is claimed that is paused", message.id + " while " + scope_text(pause));
        if (!scene_.options.rate || scene_.options.faults.clock_jump > 0) continue;
        auto const& rate = *scene_.options.rate;
        auto& all = claimed_at_[message.channel];
        all.push_back(at);
        // Of any number of claims in a row: no more than the burst and what the rate gives in the time they took.
        for (std::size_t first = all.size() > 20 ? all.size() - 20 : 0; first < all.size(); ++first) {
            auto const allowed = rate.burst + rate.per_second * std::chrono::duration<double>(at - all[first]).count() + 0.01;
            if (static_cast<double>(all.size() - first) > allowed)
                return scene_.violate("an account keeps its rate", std::to_string(all.size() - first) + " since " + to_rfc3339(all[first]));
        }
    }
}

Result<void> EdgeScheduleStore::finish(std::vector<SendResult> const& results, Instant now) {
    return with_fate<Result<void>>(scene_, edge_, "before finishing", "finished", [&](auto const&) -> Result<void> {
        auto const& steps = scene_.database.state().steps;
        std::map<memory::StepId, memory::StepRow const*> of_others;   // rows are replaced, never changed in place
        for (auto const& result : results) {
            memory::StepId const id{result.shop_id, result.enrollment_id, result.plan, result.step};
            auto const* row = steps.find(id);
            if (row != nullptr && row->lease_token != result.lease_token) of_others.emplace(id, row);
        }
        auto finished = inner_.finish(results, now);
        for (auto const& [id, row] : of_others)
            if (steps.find(id) != row)
                scene_.violate("a completion counts for its own claim", id.enrollment_id + " was claimed anew meanwhile");
        if (finished) tell_refusals(results);
        return finished;
    });
}

/// What was recorded as refused for good must keep its address silent.
void EdgeScheduleStore::tell_refusals(std::vector<SendResult> const& results) {
    for (auto const& result : results) {
        auto const* message = scene_.database.state().messages.find({result.shop_id, result.message_id});
        if (result.outcome.suppress && message != nullptr && message->status == MessageStatus::rejected)
            judge_.suppressed(result.channel, message->draft.message.to);
    }
}

Result<std::size_t> EdgeScheduleStore::recover_leases(Instant now, LeaseRecovery const& how) {
    return with_fate<Result<std::size_t>>(scene_, edge_, "before recovering", "recovered",
                                          [&](auto const&) { return inner_.recover_leases(now, how); });
}

Result<std::size_t> EdgeScheduleStore::settle_found(std::vector<FoundMessage> const& found, Instant now) {
    return with_fate<Result<std::size_t>>(scene_, edge_, "before settling what was found", "settled",
                                          [&](auto const&) { return inner_.settle_found(found, now); });
}

}  // namespace recoup::simulation
