#include "contract/store_diary.hpp"

#include "adapter/memory/memory_log.hpp"
#include "core/codec/event_codec.hpp"
#include "recoup/base/digest.hpp"
#include "service/scheduler/engine.hpp"
#include "simulation/stand_ins.hpp"

#include <gtest/gtest.h>

namespace recoup::test {
namespace {

using Diary = std::vector<std::string>;

std::string at(Instant when) { return when == never ? "never" : to_rfc3339(when); }

std::string facts_of(DueStep const& due) {
    std::string text = due.enrollment.id + " plan " + std::to_string(due.step.plan) + " step " + std::to_string(due.step.step) +
                       " try " + std::to_string(due.attempt) + " waited " + std::string(name(due.step.wait)) + " planned " + at(due.step.planned_at) + " person " + due.person.id +
                       (due.enrollment.any_sent ? " sent before" : "") + " arm " + std::string(name(due.enrollment.arm)) +
                       " of " + due.sequence->name + "/" + std::to_string(due.sequence->version);
    if (due.cart) text += " cart " + due.cart->id + " of " + due.cart->person_id + " ordered " + at(due.cart->ordered_at);
    if (due.payment) text += " payment " + due.payment->id + " paid " + at(due.payment->paid_at);
    std::vector<std::string> parts;
    for (auto const& sent : due.history) parts.push_back(" after " + std::string(name(sent.channel)) + " " + at(sent.at) + " " + sent.cart_id +
                                                         (sent.opened ? " opened" : "") + (sent.clicked ? " clicked" : ""));
    std::sort(parts.begin(), parts.end());
    for (auto const& part : parts) text += part;
    if (due.shop_left) text += " left " + std::to_string(*due.shop_left);
    for (auto const& address : due.suppressed) text += " not " + address;
    for (auto const& [id, variant] : due.goods) {
        auto const& left = variant.value.available;
        text += " " + id + (left ? "=" + std::to_string(*left) : "=?") + " for " + std::to_string(variant.value.price_minor);
    }
    for (auto const& [key, coupon] : due.coupons) text += " coupon " + key + (coupon.active ? " works" : " is off");
    text += " marked " + at(due.marked_at) + " among " + std::to_string(due.failures_around) + (due.on_sale ? " on sale" : "");
    return text;
}

/// Writes down what is asked and decided; loses some completions, so that leases end.
class DiaryStore final : public ScheduleStore {
public:
    DiaryStore(ScheduleStore& inner, Diary& diary) : inner_(inner), diary_(diary) {}
    Result<std::optional<Instant>> next_due() override { return inner_.next_due(); }
    Result<std::int64_t> due_count(Instant now) override { return inner_.due_count(now); }
    Result<std::size_t> open_idle(Instant now, OpenSize const& size,
                                  std::function<std::vector<OpenWrite>(std::vector<IdleCart> const&)> const& decide) override {
        return inner_.open_idle(now, size, [&](std::vector<IdleCart> const& carts) {
            auto writes = decide(carts);
            for (std::size_t i = 0; i < carts.size(); ++i)
                diary_.push_back(at(now) + " open " + carts[i].cart.id + " of " + carts[i].person.id +
                                 (carts[i].active ? " active " + carts[i].active->id : "") + " beside " +
                                 std::to_string(carts[i].others.size()) + (carts[i].running ? " on an older version" : "") + " opened before " +
                                 std::to_string(carts[i].abandonments) +
                                 (carts[i].first_arm ? " first " + std::string(name(*carts[i].first_arm)) : "") + " marked " + at(carts[i].marked_at) + " -> " +
                                 (writes[i].opened ? writes[i].opened->id + " plan " + std::to_string(writes[i].opened->plan) : "no"));
            return writes;
        });
    }
    Result<Claimed> claim_steps(Instant now, Instant lease_until, ClaimSize const& size,
                                std::function<std::vector<StepWrite>(std::vector<DueStep> const&)> const& decide) override {
        return inner_.claim_steps(now, lease_until, size, [&](std::vector<DueStep> const& due) {
            auto writes = decide(due);
            for (std::size_t i = 0; i < due.size(); ++i)
                diary_.push_back(at(now) + " decide " + facts_of(due[i]) + " -> " + std::string(name(writes[i].verdict)) + " " +
                                 std::string(name(writes[i].reason)) + " " + at(writes[i].move_to));
            return writes;
        });
    }
    Result<void> finish(std::vector<SendResult> const& results, Instant now) override {
        std::vector<SendResult> kept;
        for (auto const& result : results) {
            bool const lost = stable_hash("lost/" + result.message_id + at(now)) % 8 == 0;
            diary_.push_back(at(now) + " finish " + result.message_id + " token " + std::to_string(result.lease_token) + " " +
                             std::string(name(result.outcome.kind)) + (lost ? " lost" : ""));
            if (!lost) kept.push_back(result);
            last_message_ = result.message_id;
        }
        return inner_.finish(kept, now);
    }
    Result<std::size_t> recover_leases(Instant now, LeaseRecovery const& how) override {
        auto recovered = inner_.recover_leases(now, how);
        if (recovered && *recovered > 0) diary_.push_back(at(now) + " recovers " + std::to_string(*recovered));
        return recovered;
    }
    Result<std::vector<UnknownMessage>> unknown_messages(std::vector<std::string> const& adapters, std::string const& after,
                                                         std::size_t max) override {
        auto unknown = inner_.unknown_messages(adapters, after, max);
        for (auto const& message : *unknown) diary_.push_back("looks up " + message.message_id + " at " + message.adapter);
        return unknown;
    }
    Result<std::size_t> settle_found(std::vector<FoundMessage> const& found, Instant now) override {
        auto settled = inner_.settle_found(found, now);
        diary_.push_back(at(now) + " finds " + std::to_string(*settled) + " of " + std::to_string(found.size()));
        return settled;
    }
    std::string const& last_message() const { return last_message_; }

private:
    ScheduleStore& inner_;
    Diary& diary_;
    std::string last_message_;
};

/// Answers by the message's id, so that every life hears the same.
class FatefulAdapter final : public ChannelAdapter {
public:
    explicit FatefulAdapter(bool keyed) : keyed_(keyed) {}
    std::string_view name() const override { return keyed_ ? "keyed" : "keyless"; }
    bool serves(Channel) const override { return true; }
    bool idempotent() const override { return keyed_; }
    Outcome send(Message const& message) override {
        switch (stable_hash(message.id + "/" + std::to_string(message.attempt)) % 8) {
            case 0: return Outcome::retry("busy");
            case 1: return Outcome::rejected("no such address", stable_hash(message.to) % 2 == 0);
            case 2: return Outcome::unknown("timeout");   // it has it all the same
            default: return Outcome::sent("p-" + message.id);
        }
    }

    bool can_look_up() const override { return !keyed_; }
    std::optional<std::string> look_up(std::string const& message_id) override {
        if (stable_hash("found/" + message_id) % 2 == 0) return std::nullopt;
        return "p-" + message_id;
    }

private:
    bool keyed_;
};

service::Dispatcher::Settings few_at_a_time() {
    service::Dispatcher::Settings settings;
    settings.lease = Seconds{60};
    settings.batch = 5;
    settings.concurrency = 1;
    settings.gates.rates[Channel::sms] = core::Rate{1.0 / 600, 2};
    return settings;
}

/// What an operator does now and then, by the event that arrives: pauses, resumes, and has an opinion on what is unknown.
void operate(OutboxStore& outbox, Event const& event, Instant now, Diary& diary) {
    Pause sms;
    sms.channel = Channel::sms;
    sms.since = now;
    auto const whim = stable_hash("operator/" + event.id) % 12;
    if (whim == 0) (void)outbox.pause(sms).value();
    if (whim == 1) {
        auto const steps = outbox.resume(sms, now, Seconds{600});
        diary.push_back(at(now) + " resumes " + (steps ? std::to_string(*steps) : steps.error().message));
    }
    auto const unknown = outbox.unknown({{}, {}, {}, 100}).value();
    diary.push_back(at(now) + " unknown " + std::to_string(unknown.size()));
    if (whim > 5 || unknown.empty()) return;
    auto const& chosen = unknown[whim % unknown.size()];
    auto const word = outbox.resolve(chosen.message_id, whim == 2, now);
    diary.push_back(at(now) + " says of " + chosen.message_id + " planned " + at(chosen.planned_at) + ": " +
                    (word ? std::string(name(word->status)) + " " + std::string(name(word->reason)) : word.error().message));
}

/// Somebody, or some machine, touches the message that left last.
void touch(memory::MemoryLog& log, std::string const& message_id, Event const& event) {
    auto const whim = stable_hash("touch/" + event.id) % 8;
    if (message_id.empty() || whim > 4) return;
    MessageFeedback feedback;
    feedback.kind = whim % 2 == 0 ? FeedbackKind::opened : FeedbackKind::clicked;
    feedback.message_id = message_id;
    feedback.machine = whim == 3 || whim == 4;
    Event touched = event;
    touched.id = "touch-" + event.id;
    touched.occurred_at = event.received_at;
    touched.keys.clear();
    touched.consents.clear();
    touched.body = feedback;
    log.append({{touched.log_key(), core::encode_event(touched)}}, [](Result<void> const&) {});
}

}  // namespace

Diary live_through(StoreWorld& world, simulation::Script const& script, simulation::Options const& options) {
    Diary diary;
    EXPECT_TRUE(world.add_shop(script.shop));
    for (auto const& sequence : script.sequences) EXPECT_TRUE(world.apply_sequence(sequence, simulation::shop_id));
    memory::LogStorage storage;
    memory::MemoryLog log(storage);
    memory::MemoryLogReader reader(storage, [&](int partition) { return world.track().position("memory", partition); });
    ManualClock clock(script.start);
    simulation::NoMetrics metrics;
    simulation::PlainTemplates const templates;
    DiaryStore store(world.schedule(), diary);
    FatefulAdapter email(true), sms(false);
    service::Composer const composer(templates, {"https://recoup.example", core::LinkKey{1, Bytes(32, 7)}});
    service::Tracker tracker(reader, {world.track(), world.letters(), world.probation()}, clock, metrics, {}, {"memory", 500, options.policy});
    service::Opener opener(store, metrics, {});
    service::Dispatcher dispatcher(store, {{Channel::email, &email}, {Channel::sms, &sms}}, composer, clock, metrics, {}, few_at_a_time());
    service::Engine engine({&reader, &tracker, &opener, &dispatcher, &store, &metrics, &clock}, options.policy);
    auto const advance = [&](Instant to) {
        auto const lived = engine.advance(clock.now(), to, [&](Instant next) -> Result<void> {
            clock.set(next);
            return {};
        });
        EXPECT_TRUE(lived) << lived.error().message;
    };
    for (std::size_t i = 0; i < script.arrivals.size(); ++i) {
        auto event = script.arrivals[i].event;
        event.received_at = std::max(script.arrivals[i].at, event.occurred_at);
        log.append({{event.log_key(), core::encode_event(event)}}, [](Result<void> const&) {});
        touch(log, store.last_message(), event);
        operate(world.outbox(), event, clock.now(), diary);
        bool const batch_goes_on = i + 1 < script.arrivals.size() && stable_hash(event.id) % 3 == 0;
        if (!batch_goes_on) advance(std::max(clock.now(), script.arrivals[i].at));
    }
    advance(clock.now() + std::chrono::hours{140});
    return diary;
}

}  // namespace recoup::test
