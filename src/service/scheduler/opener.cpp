#include "service/scheduler/opener.hpp"

#include "core/plan/plan.hpp"

#include "recoup/base/digest.hpp"
#include "recoup/base/limits.hpp"

#include <algorithm>
#include <map>

namespace recoup::service {
namespace {

Decision open_decision(IdleCart const& idle, core::Opening& opening, Instant now) {
    Decision decision;
    auto const subject = opening.enrollment.id.empty() ? idle.cart.id : opening.enrollment.id;
    decision.id = stable_id("dec", {subject, opening.replan ? "replan" : "open", to_rfc3339(idle.cart.last_activity_at),
                                    name(opening.reason), to_rfc3339(now)});
    decision.subject = opening.replan ? "replan" : "open";
    decision.verdict = opening.open || opening.replan ? Verdict::open : Verdict::hold;
    decision.reason = opening.reason;
    decision.at = now;
    decision.enrollment_id = opening.enrollment.id;
    decision.person_id = idle.person.id;
    decision.cart_id = idle.cart.id;
    decision.sequence_version = opening.enrollment.sequence_version;
    decision.trace = std::move(opening.trace);
    return decision;
}

std::pair<bool, Instant> rank(Cart const& cart) { return {!cart.browsed(), cart.last_activity_at}; }

}  // namespace

OpenWrite Opener::decide(IdleCart const& idle, core::Policy const& policy, Instant now) const {
    OpenWrite write;
    write.shop_id = idle.shop.id;
    write.cart_id = idle.cart.id;
    auto const* sequence = core::sequence_for(idle.cart.stage, idle.sequences);
    if (sequence == nullptr) return write;

    core::OpenFacts facts;
    facts.now = now;
    facts.shop = idle.shop;
    facts.cart = idle.cart;
    facts.person = idle.person;
    facts.active = idle.active;
    facts.sequence = *sequence;
    facts.running = idle.running;
    facts.other_cart_open = core::open_beside(idle.cart, idle.others, idle.person, policy);
    facts.predicted = !idle.cart.browsed() && core::model_acts(policy, idle.abandonments);
    facts.marked_at = idle.marked_at;
    facts.first_arm = idle.first_arm;
    auto opening = core::open_for_cart(facts, policy);
    if (opening.reason == Reason::idle && !opening.open && !opening.replan) {
        write.watch_again = idle.cart.last_activity_at + policy.idle;   // activity moved on since the watch was set
        return write;
    }
    auto decision = open_decision(idle, opening, now);
    if (scorer_ && !idle.cart.browsed() && policy.risk_mode != core::RiskMode::off) {
        decision.score = scorer_(idle.cart, idle.person, now, true);
        write.score = decision.score;
        write.score->contributions.clear();
    }
    write.decisions.push_back(std::move(decision));
    if (!opening.open && !opening.replan) return write;
    if (opening.supersedes) {
        write.ended.emplace(idle.active->id, Reason::superseded);
        Decision ended;
        ended.id = stable_id("dec", {idle.active->id, "end", "superseded", to_rfc3339(now)});
        ended.subject = "enrollment";
        ended.verdict = Verdict::end;
        ended.reason = Reason::superseded;
        ended.at = now;
        ended.enrollment_id = idle.active->id;
        ended.person_id = idle.person.id;
        ended.cart_id = idle.active->cart_id;
        ended.sequence_version = idle.active->sequence_version;
        write.decisions.push_back(std::move(ended));
    }
    write.replanned = opening.replan;
    write.opened = std::move(opening.enrollment);
    write.steps = std::move(opening.steps);
    return write;
}

Result<std::size_t> Opener::run_once(Instant now, core::Policy const& policy) {
    auto const counted = policy.risk_mode == core::RiskMode::automatic ? policy.risk_min_abandonments : 0;
    return store_.open_idle(now, {limits::claim_batch, counted}, [&](std::vector<IdleCart> const& carts) {
        // One active enrollment a person: of several intents that fell idle together, the newest opens first, carts before
        // what was browsed, and the others are looked at again, then knowing of it.
        std::vector<OpenWrite> writes;
        std::map<std::pair<std::string, std::string>, std::size_t> newest;
        for (std::size_t i = 0; i < carts.size(); ++i) {
            auto const [it, fresh] = newest.try_emplace({carts[i].shop.id, carts[i].person.id}, i);
            if (!fresh && rank(carts[it->second].cart) < rank(carts[i].cart)) it->second = i;
        }
        for (std::size_t i = 0; i < carts.size(); ++i) {
            auto const& idle = carts[i];
            if (newest.at({idle.shop.id, idle.person.id}) != i) {
                OpenWrite again;
                again.shop_id = idle.shop.id;
                again.cart_id = idle.cart.id;
                again.watch_again = now;
                writes.push_back(std::move(again));
                continue;
            }
            writes.push_back(decide(carts[i], policy, now));
            if (writes.back().opened && !writes.back().replanned)
                metrics_.add(Metric::enrollments_opened, name(writes.back().opened->reason));
        }
        return writes;
    });
}

}  // namespace recoup::service
