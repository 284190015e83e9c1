#include "service/delivery/dispatcher.hpp"

#include "core/plan/plan.hpp"
#include "core/policy/incentive.hpp"
#include "core/send/resolve.hpp"

#include "recoup/base/digest.hpp"
#include "recoup/domain/world.hpp"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace recoup::service {
namespace {

constexpr std::chrono::milliseconds gathered{50};   // outcomes that are saved together
constexpr Seconds fresh{1};   // from a decision to the call
constexpr Seconds between_look_ups{10}, longest_look_up{2};   // what is due waits meanwhile

core::SendFacts facts_of(DueStep const& due, SequenceStep const& config, core::Policy const& policy, bool adapter_configured, Instant now) {
    core::SendFacts facts;
    facts.now = now;
    facts.shop = due.shop;
    facts.enrollment = due.enrollment;
    facts.step = due.step;
    facts.config = config;
    facts.sequence = due.sequence;
    facts.cart = due.cart;
    facts.payment = due.payment;
    facts.person = due.person;
    for (auto const& sent : due.history)
        facts.history.push_back(core::SentMessage{sent.channel, sent.cart_id, sent.enrollment_id, sent.at, sent.step, sent.opened, sent.clicked});
    facts.suppressed = due.suppressed;
    facts.goods = due.goods;
    facts.coupons = due.coupons;
    facts.adapter_configured = adapter_configured;
    facts.paused = due.paused;
    facts.shop_left = due.shop_left;
    facts.marked_at = due.marked_at;
    facts.on_sale = due.on_sale;
    facts.failures_around = due.failures_around;
    facts.other_cart_open = due.cart && core::open_beside(*due.cart, due.others, due.person, policy);
    return facts;
}

SequenceStep const* config_of(DueStep const& due) {
    auto const index = static_cast<std::size_t>(due.step.step);
    return index < due.sequence->steps.size() ? &due.sequence->steps[index] : nullptr;
}

bool unknown_before(DueStep const& due) { return due.tried && due.tried->status == MessageStatus::unknown; }

/// What may have left is repeated only to the provider that may have it, under the key by which it knows.
bool may_repeat(DueStep const& due, ChannelAdapter const& adapter) {
    return !unknown_before(due) || (adapter.idempotent() && due.tried->adapter == adapter.name());
}

Decision decision_of(DueStep const& due, Instant now) {
    Decision decision;
    decision.id = stable_id("dec", {due.shop->id, due.enrollment.id, std::to_string(due.step.plan),
                                    std::to_string(due.step.step), std::to_string(due.attempt), to_rfc3339(now)});
    decision.subject = "step";
    decision.at = now;
    decision.enrollment_id = due.enrollment.id;
    decision.person_id = due.enrollment.person_id;
    decision.cart_id = due.enrollment.cart_id;
    decision.step = due.step.step;
    decision.sequence_version = due.enrollment.sequence_version;
    return decision;
}

}  // namespace

Dispatcher::Dispatcher(ScheduleStore& store, Channels channels, Composer const& composer, Clock const& clock,
                       Metrics& metrics, Scorer scorer, Settings settings)
    : store_(store), channels_(std::move(channels)), composer_(composer), clock_(clock), metrics_(metrics),
      scorer_(std::move(scorer)), settings_(std::move(settings)), gates_(settings_.gates, metrics) {}

Result<std::size_t> Dispatcher::recover(Instant now, Millis early) {
    if (auto saved = save_outcomes(); !saved) return saved.error();   // before somebody calls them unknown
    auto const recovered = store_.recover_leases(
        now, {adapters_that(&ChannelAdapter::idempotent), adapters_that(&ChannelAdapter::can_look_up), between_look_ups, early});
    if (!recovered) return recovered;
    if (*recovered > 0 || clock_.ticks() >= look_up_at_)
        if (auto done = look_up_unknown(now); !done) return done.error();
    return recovered;
}

/// Before anything is claimed, and before others claim what this one took over, so that what is found is not decided once more. Who cannot be found does not keep the others waiting.
Result<void> Dispatcher::look_up_unknown(Instant now) {
    auto const began = clock_.ticks();
    look_up_at_ = began + between_look_ups;
    auto const adapters = adapters_that(&ChannelAdapter::can_look_up);
    if (adapters.empty()) return {};
    auto const unknown = store_.unknown_messages(adapters, looked_up_to_, settings_.batch);
    if (!unknown) return unknown.error();
    std::vector<FoundMessage> found;
    std::size_t asked = 0;
    for (; asked < unknown->size() && clock_.ticks() < began + longest_look_up; ++asked) {
        auto const& message = (*unknown)[asked];
        if (auto const id = adapter_named(message.adapter)->look_up(message.message_id))
            found.push_back({message.shop_id, message.message_id, *id});
    }
    bool const more = asked < unknown->size() || asked == settings_.batch;
    looked_up_to_ = more ? (*unknown)[asked - 1].message_id : std::string{};
    if (more) look_up_at_ = clock_.ticks() + longest_look_up;
    if (found.empty()) return {};
    auto const settled = store_.settle_found(found, now);
    return settled ? Result<void>{} : settled.error();
}

std::vector<std::string> Dispatcher::adapters_that(bool (ChannelAdapter::*can)() const) const {
    std::vector<std::string> names;
    for (auto const& [kind, adapter] : channels_)
        if ((adapter->*can)()) names.emplace_back(adapter->name());
    return names;
}

ChannelAdapter* Dispatcher::adapter_named(std::string_view wanted) const {
    auto const it = std::find_if(channels_.begin(), channels_.end(), [&](auto const& one) { return one.second->name() == wanted; });
    return it->second;
}

Result<std::size_t> Dispatcher::run_once(Instant now, core::Policy const& policy, StillKnown const& still_known) {
    if (auto saved = save_outcomes(); !saved) return saved.error();
    auto const leased_until = clock_.ticks() + settings_.lease;   // counted from before the claim, on the clock that never jumps
    auto const most = batch();
    auto claimed = store_.claim_steps(now, now + settings_.lease, {most, policy.shop_cap},
                                      [&](std::vector<DueStep> const& due) { return decide(due, policy, now); });
    if (!claimed) return claimed.error();
    more_ = claimed->decided >= most;
    auto const began = clock_.ticks();
    if (claimed->sends.empty()) {
        if (claimed->decided > 0) note_pace(0, {});
        return claimed->decided;
    }

    unsaved_ = {{}, now, leased_until};
    auto const hear = [&](std::size_t i, std::optional<Answer> answer) {
        if (!answer) return;
        auto const& [draft, token] = claimed->sends[i];
        if (answer->called) metrics_.add(Metric::messages, name(answer->outcome.kind));
        unsaved_.results.push_back(result_of(draft, claimed->facts[i], token, std::move(*answer), policy, now));
    };
    if (still_known()) send_all(*claimed, leased_until, hear);
    else hold_all(*claimed, hear);
    note_pace(claimed->sends.size(), clock_.ticks() - began);
    if (auto saved = save_outcomes(); !saved) return saved.error();
    return claimed->decided;
}

std::size_t Dispatcher::batch() const {
    auto const rounds = std::max<std::int64_t>(fresh / round_, 1);
    return std::min(settings_.batch, static_cast<std::size_t>(rounds) * settings_.concurrency);
}

/// Slower counts at once, quicker is believed by halves.
void Dispatcher::note_pace(std::size_t sends, std::chrono::nanoseconds taken) {
    auto const rounds = (sends + settings_.concurrency - 1) / settings_.concurrency;
    auto const round = rounds == 0 ? taken : taken / static_cast<std::int64_t>(rounds);
    round_ = std::max({round, round_ / 2, std::chrono::nanoseconds{1}});
}

/// What could not be saved is tried again as long as the lease lasts: a database that is back by then makes nothing unknown.
Result<void> Dispatcher::save_outcomes() {
    if (unsaved_.results.empty()) return {};
    auto saved = store_.finish(unsaved_.results, unsaved_.decided_at);
    if (saved || clock_.ticks() >= unsaved_.leased_until) unsaved_.results.clear();   // the lease tells the rest
    return saved;
}

std::vector<StepWrite> Dispatcher::decide(std::vector<DueStep> const& due, core::Policy const& policy, Instant now) {
    std::map<std::pair<std::string, std::string>, std::vector<core::SentMessage>> sent;   // by shop and person
    std::map<std::string, int> sent_by;                                                    // by shop
    std::map<std::pair<std::string, std::string>, Reason> ended;                          // by shop and enrollment
    std::vector<StepWrite> writes;
    for (auto const& step : due) {
        auto& before = sent[{step.shop->id, step.enrollment.person_id}];
        auto write = decide_one(step, before, sent_by[step.shop->id], policy, now);
        auto const enrollment = std::pair(step.shop->id, step.enrollment.id);
        if (auto const it = ended.find(enrollment); it != ended.end()) {   // an earlier step of the batch ended it
            write.verdict = Verdict::skip;
            write.reason = write.decision.reason = it->second;
            write.decision.verdict = Verdict::skip;
            write.draft.reset();
            write.told_before = false;
        }
        if (write.verdict == Verdict::end) ended.emplace(enrollment, write.reason);
        if (write.verdict == Verdict::send) {
            ++sent_by[step.shop->id];
            before.push_back(core::SentMessage{step.step.channel, step.enrollment.cart_id, step.enrollment.id, now, step.step.step});
        }
        metrics_.add(Metric::decisions, name(write.reason));
        metrics_.observe(Metric::schedule_lateness, std::chrono::duration<double>(now - step.step.due_at).count());
        writes.push_back(std::move(write));
    }
    return writes;
}

/// Without a call: put back, which is no attempt. What may have left at an earlier try is for the recovery to say.
std::optional<Dispatcher::Answer> Dispatcher::held_back(DueStep const& due, std::string why, Millis wait) const {
    if (unknown_before(due)) return std::nullopt;
    return Answer{Outcome::retry(std::move(why), wait), false};
}

void Dispatcher::hold_all(ScheduleStore::Claimed const& claimed, Hear const& hear) const {
    for (std::size_t i = 0; i < claimed.sends.size(); ++i)
        hear(i, held_back(claimed.facts[i], "an order or a withdrawal may have come in meanwhile"));
}

/// What stands before the account: put back with a time, and dropped when that is too late to be useful.
void Dispatcher::ask_gates(DueStep const& due, SequenceStep const& config, core::StepVerdict& verdict, Instant now) {
    auto const gate = gates_.ask(due.step.channel, due.step.wait, due.enrollment.id + "/" + std::to_string(due.step.step), now);
    if (gate.reason == Reason::ok) return;
    bool const useful = gate.at <= core::useful_until(due.step, config);
    verdict.trace.push_back(TraceEntry{gate.reason == Reason::rate_limited ? "rate_of_account" : "provider_is_up",
                                       false, "again at " + to_rfc3339(gate.at)});
    verdict.verdict = useful ? Verdict::move : Verdict::skip;
    verdict.reason = useful ? gate.reason : Reason::too_late;
    verdict.move_to = useful ? gate.at : Instant{};
}

/// After an outage everything is due at once: each gets a moment of its own, once, while it is useful.
void Dispatcher::spread_overdue(DueStep const& due, SequenceStep const& config, core::StepVerdict& verdict, Instant now) const {
    if (due.step.wait != StepWait::none || due.tried || now - due.step.due_at <= settings_.overdue_after) return;
    auto const key = due.enrollment.id + "/" + std::to_string(due.step.step);
    auto const at = core::spread_out(now, settings_.spread, core::useful_until(due.step, config), key);
    if (at <= now) return;
    verdict.trace.push_back(TraceEntry{"in_time", false, "due at " + to_rfc3339(due.step.due_at) + ", goes at " + to_rfc3339(at)});
    verdict.verdict = Verdict::move;
    verdict.reason = Reason::overdue;
    verdict.move_to = at;
}

StepWrite Dispatcher::decide_one(DueStep const& due, std::vector<core::SentMessage> const& sent_in_batch, int sent_by_shop,
                                 core::Policy const& policy, Instant now) {
    StepWrite write;
    write.shop_id = due.shop->id;
    write.enrollment_id = due.enrollment.id;
    write.plan = due.step.plan;
    write.step = due.step.step;
    write.decision = decision_of(due, now);

    auto const* config = config_of(due);
    auto const adapter = channels_.find(due.step.channel);
    auto facts = facts_of(due, config == nullptr ? SequenceStep{} : *config, policy, adapter != channels_.end(), now);
    facts.history.insert(facts.history.end(), sent_in_batch.begin(), sent_in_batch.end());
    if (facts.shop_left) *facts.shop_left -= sent_by_shop;
    auto verdict = core::decide_step(std::move(facts), policy);
    if (config == nullptr && verdict.verdict != Verdict::end) {
        verdict.verdict = Verdict::skip;
        verdict.reason = Reason::superseded;
    }
    if (verdict.verdict == Verdict::send) spread_overdue(due, *config, verdict, now);
    if (verdict.verdict == Verdict::send) ask_gates(due, *config, verdict, now);
    if (verdict.verdict == Verdict::send) {
        auto draft = composer_.compose(due, *config, verdict, now);
        if (draft && !may_repeat(due, *adapter->second)) {
            verdict.trace.push_back(TraceEntry{"no_earlier_try_may_have_left", false, "adapter: " + due.tried->adapter});
            verdict.verdict = Verdict::skip;
            verdict.reason = Reason::outcome_unknown;
        } else if (draft) {
            write.may_repeat = true;
            if (unknown_before(due))
                verdict.trace.push_back(TraceEntry{"same_request_as_before", due.tried->request_hash == draft->request_hash,
                                                   draft->request_hash.substr(0, 12)});
            draft->adapter = adapter->second->name();
            draft->message.attempt = due.attempt + 1;
            core::ask_message(verdict, draft->message, due.shop);
            if (verdict.verdict == Verdict::send) {
                write.decision.message_id = draft->message.id;
                write.draft = std::move(*draft);
            }
        } else {
            verdict.trace.push_back(TraceEntry{"template_renders", false, draft.error().message});
            verdict.verdict = Verdict::skip;
            verdict.reason = Reason::template_error;
        }
    }
    write.verdict = write.decision.verdict = verdict.verdict;
    write.reason = write.decision.reason = verdict.reason;
    write.move_to = write.decision.move_to = verdict.move_to;
    write.decision.trace = std::move(verdict.trace);
    write.decision.law = std::move(verdict.law);
    write.told_before = write.verdict == Verdict::move && wait_for(write.reason) == due.step.wait;
    if (scorer_ && due.cart && !due.cart->browsed() && policy.risk_mode != core::RiskMode::off)
        write.decision.score = scorer_(*due.cart, due.person, now, true);
    return write;
}

/// No call begins after the lease: whoever took the step over may have decided otherwise. Nor does one to a provider that
/// proved to be down since the decision.
std::optional<Dispatcher::Answer> Dispatcher::send_one(Message const& message, DueStep const& due, std::chrono::nanoseconds leased_until) {
    auto const started = clock_.ticks();
    if (started >= leased_until) return held_back(due, "the lease ended before the call");
    auto const now = clock_.now();
    if (auto const open = gates_.still_open(message.channel, now); open > now)
        if (auto held = held_back(due, "the provider kept failing", open - now)) return held;
    auto outcome = channels_.at(message.channel)->send(message);
    metrics_.observe(Metric::send_duration, std::chrono::duration<double>(clock_.ticks() - started).count());
    gates_.hear(message.channel, outcome, clock_.now());
    return Answer{std::move(outcome), true};
}

/// At most `concurrency` at once; each adapter call has its own deadline. Outcomes are saved while others are still awaited.
void Dispatcher::send_all(ScheduleStore::Claimed const& claimed, std::chrono::nanoseconds leased_until, Hear const& hear) {
    auto const& sends = claimed.sends;
    auto const answer_to = [&](std::size_t i) { return send_one(sends[i].first.message, claimed.facts[i], leased_until); };
    // Captured messages are a row written already: no reason to start threads for them.
    bool const remote = std::any_of(sends.begin(), sends.end(), [](auto const& send) { return send.first.adapter != "capture"; });
    auto const senders = remote ? std::min(settings_.concurrency, sends.size()) : 1;
    if (senders == 1) {
        for (std::size_t i = 0; i < sends.size(); ++i) hear(i, answer_to(i));
        return;
    }
    std::mutex mutex;
    std::condition_variable answered;
    std::vector<std::pair<std::size_t, std::optional<Answer>>> answers;
    std::atomic<std::size_t> next{0};
    auto const work = [&] {
        for (std::size_t i = next++; i < sends.size(); i = next++) {
            auto answer = answer_to(i);
            std::lock_guard const lock(mutex);
            answers.emplace_back(i, std::move(answer));
            answered.notify_one();
        }
    };
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < senders; ++i) threads.emplace_back(work);
    for (std::size_t heard = 0; heard < sends.size();) {
        std::unique_lock lock(mutex);
        answered.wait_for(lock, gathered, [&] { return heard + answers.size() == sends.size(); });
        auto const came = std::exchange(answers, {});
        lock.unlock();
        for (auto const& [i, answer] : came) hear(i, answer);
        heard += came.size();
        if (heard < sends.size()) (void)save_outcomes();   // what fails is tried again with the next
    }
}

SendResult Dispatcher::result_of(MessageDraft const& draft, DueStep const& due, std::int64_t lease_token, Answer answer,
                                 core::Policy const& policy, Instant now) const {
    auto& outcome = answer.outcome;
    SendResult result;
    result.called = answer.called;
    result.shop_id = due.shop->id;
    result.message_id = draft.message.id;
    result.enrollment_id = due.enrollment.id;
    result.plan = due.step.plan;
    result.step = due.step.step;
    result.lease_token = lease_token;
    result.idempotent = channels_.at(draft.message.channel)->idempotent();
    result.channel = draft.message.channel;
    if (outcome.suppress) result.address_hash = address_hash(due.shop->id, draft.message.channel, draft.message.to);

    auto decision = decision_of(due, now);
    decision.id = stable_id("dec", {decision.id, "outcome"});
    decision.subject = "outcome";
    decision.verdict = Verdict::skip;
    decision.message_id = draft.message.id;
    decision.trace.push_back(TraceEntry{"provider_accepted_it", false, outcome.code});
    auto const again_at = [&] {
        auto const* config = config_of(due);
        auto const facts = facts_of(due, config == nullptr ? SequenceStep{} : *config, policy, true, now);
        // Held back is no attempt, so that attempts never run out over it.
        return core::retry_at(facts, policy, answer.called ? due.attempt + 1 : 1, outcome.retry_after, draft.message.id);
    };
    switch (outcome.kind) {
        case OutcomeKind::sent: break;
        case OutcomeKind::retry_later:
            result.retry_at = again_at();
            if (result.retry_at) break;
            decision.reason = Reason::retry_exhausted;
            result.decision = std::move(decision);
            break;
        case OutcomeKind::rejected:
            decision.reason = Reason::rejected;
            result.decision = std::move(decision);
            break;
        case OutcomeKind::unknown:
            if (result.idempotent) result.retry_at = again_at();   // with the same key, so that it has one effect
            if (result.retry_at) break;
            decision.reason = Reason::outcome_unknown;
            result.decision = std::move(decision);
            break;
    }
    result.outcome = std::move(outcome);
    return result;
}

}  // namespace recoup::service
