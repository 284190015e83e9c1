#include "simulation/simulation.hpp"

#include "simulation/instance.hpp"
#include "simulation/replay.hpp"

#include "adapter/memory/outbox_store.hpp"
#include "core/codec/event_codec.hpp"
#include "recoup/base/digest.hpp"

#include <algorithm>
#include <memory>
#include <set>

namespace recoup::simulation {
namespace {

class Run {
public:
    explicit Run(Options const& options)
        : scene_(drawn(options)),
          judge_(scene_),
          email_(scene_, judge_, !scene_.options.keyed_sms),
          sms_(scene_, judge_, scene_.options.keyed_sms),
          log_(scene_.log) {
        if (auto added = scene_.database.add_shop(scene_.script.shop); !added) scene_.violate("the world begins", added.error().message);
        for (auto const& sequence : scene_.script.sequences) scene_.database.apply_sequence(shop_id, sequence);
        Instance::World const world{scene_, judge_, email_, sms_};
        for (char const* name : {"north", "south"}) instances_.push_back(std::make_unique<Instance>(world, name, true));
        for (int i = 0; i < scene_.options.trackers; ++i)
            instances_.push_back(std::make_unique<Instance>(world, "tracker", false));
        next_hour_ = scene_.now + std::chrono::hours{1};
    }

    Report report() {
        while (!scene_.violation && step()) {}
        if (!scene_.violation) judge_.world_over();
        if (!scene_.violation)
            if (auto difference = replay_difference(scene_); !difference.empty())
                scene_.violate("replaying the log gives the same state", difference);
        instances_.clear();
        return summed_up();
    }

private:
    /// One actor does one step, or time moves on. False when nothing is left to do.
    bool step() {
        for (; heard_of_ < scene_.arrivals.size(); ++heard_of_) expect(scene_.arrivals[heard_of_].at, heard_of_);
        runnable_.clear();
        for (std::size_t i = 0; i < instances_.size(); ++i)
            if (instances_[i]->ready()) runnable_.push_back(i);
        bool const arrives = !expected_.empty() && expected_.begin()->first <= scene_.now;
        auto const count = runnable_.size() + (arrives ? 1 : 0);
        if (count == 0) return move_time();
        auto const chosen = scene_.chance.below(count);
        if (chosen < runnable_.size()) instances_[runnable_[chosen]]->step();
        else take_in();
        return true;
    }

    bool move_time() {
        judge_.instant_over();
        std::optional<Instant> next;
        auto const offer = [&](Instant at) {
            if (!next || at < *next) next = at;
        };
        if (!expected_.empty()) offer(expected_.begin()->first);
        for (auto const& instance : instances_)
            if (auto const at = instance->ready_at()) offer(*at);
        if (!next) return false;
        scene_.now = std::max(scene_.now, *next);
        for (; next_hour_ <= scene_.now; next_hour_ += std::chrono::hours{1}) {
            jump_clocks();
            if (scene_.options.operators) operate();
        }
        if (scene_.now > scene_.script.start + std::chrono::hours{scene_.options.hours + 24 * 30})
            scene_.violate("the world comes to rest", "still busy a month later");
        return true;
    }

    void jump_clocks() {
        for (auto const& instance : instances_) {
            if (!scene_.chance.hit(scene_.options.faults.clock_jump)) continue;
            auto const reach = scene_.clock_error();
            instance->clock().set_error(scene_.chance.hit(0.3) ? Millis{0} : scene_.chance.millis(-reach, reach));
            scene_.note("time", "sets a clock");
        }
    }

    /// People: they pause and resume, and say what became of messages that were unknown an hour ago already.
    void operate() {
        auto const pauses = outbox_.pauses().value();
        for (auto const& pause : pauses)
            if (scene_.chance.hit(0.2)) {
                scene_.note("operator", "resumes", scope_text(pause));
                (void)outbox_.resume(pause, scene_.now, std::chrono::minutes{10});
            }
        if (scene_.chance.hit(0.05)) {
            Pause pause;
            if (scene_.chance.hit(0.5)) pause.shop_id = shop_id;
            if (scene_.chance.hit(0.5)) pause.channel = scene_.chance.hit(0.5) ? Channel::email : Channel::sms;
            if (scene_.chance.hit(0.3)) pause.sequence = scene_.script.sequences.front().name;
            pause.since = scene_.now;
            scene_.note("operator", "pauses", scope_text(pause));
            (void)outbox_.pause(pause);
        }
        std::set<std::string> unknown;
        for (auto const& send : outbox_.unknown({{}, {}, {}, 1000}).value()) {
            unknown.insert(send.message_id);
            if (!unknown_before_.contains(send.message_id) || send.repeated || !scene_.chance.hit(0.3)) continue;
            scene_.note("operator", "looks up", send.message_id);
            (void)outbox_.resolve(send.message_id, judge_.has_left(send.message_id), scene_.now);
        }
        unknown_before_ = std::move(unknown);
    }

    /// The front door: answers only what is durable; whoever gets no answer sends again.
    void take_in() {
        auto const arrival = expected_.begin()->second;
        expected_.erase(expected_.begin());
        auto const& faults = scene_.options.faults;
        auto const again = [&] { expect(scene_.now + scene_.chance.millis(Millis{1'000}, Millis{60'000}), arrival); };
        if (scene_.chance.hit(faults.append_refused)) return again();
        auto event = scene_.arrivals[arrival].event;
        event.received_at = std::max(scene_.now, event.occurred_at);
        std::vector<LogRecord> records;
        records.push_back({event.log_key(), core::encode_event(event)});
        Result<void> stored = error(Errc::internal, "never answered");
        log_.append(std::move(records), [&](Result<void> done) { stored = done; });
        if (!stored) return again();
        ++scene_.appended;
        judge_.durable(arrival);
        scene_.note("door", "takes in", event.id);
        if (scene_.chance.hit(faults.append_lost)) return again();
        if (scene_.chance.hit(faults.duplicate)) again();
    }

    void expect(Instant at, std::size_t arrival) { expected_.emplace(at, arrival); }

    Report summed_up() {
        Report report;
        report.options = scene_.options;
        report.violation = scene_.violation;
        for (auto const& step : scene_.trace)
            report.trace += to_rfc3339(step.at) + "  " + step.actor + "  " + step.what + (step.detail.empty() ? "" : "  " + step.detail) + "\n";
        report.steps = scene_.steps;
        report.events = scene_.appended;
        report.effects = judge_.effects();
        report.browse_effects = judge_.browse_effects();
        report.readings = judge_.readings();
        report.calls = scene_.calls;
        report.crashes = scene_.crashes;
        report.conflicts = scene_.conflicts;
        report.decisions = scene_.database.state().decisions.size();
        report.enrollments = scene_.database.state().enrollments.size();
        report.lived = scene_.now - scene_.script.start;
        report.fingerprint = to_hex(sha256(report.summary() + report.trace)).substr(0, 16);
        return report;
    }

    Scene scene_;
    Judge judge_;
    Provider email_, sms_;
    memory::MemoryLog log_;
    std::multimap<Instant, std::size_t> expected_;
    std::size_t heard_of_ = 0;             // arrivals
    std::vector<std::unique_ptr<Instance>> instances_;
    std::vector<std::size_t> runnable_;
    Instant next_hour_{};
    memory::MemoryOutboxStore outbox_{scene_.database};
    std::set<std::string> unknown_before_;
};

}  // namespace

std::string Report::failure() const {
    if (!violation) return {};
    return "seed " + std::to_string(options.seed) + " breaks: " + violation->invariant + "\n  " + violation->detail +
           "\nthe last steps:\n" + trace + "replay with: " + command(options) + "\n";
}

std::string Report::summary() const {
    return std::to_string(events) + " events, " + std::to_string(enrollments) + " enrollments, " + std::to_string(decisions) +
           " decisions, " + std::to_string(calls) + " calls, " + std::to_string(effects) + " messages, " + std::to_string(crashes) +
           " crashes, " + std::to_string(conflicts) + " conflicts, " + std::to_string(steps) + " steps, " +
           std::to_string(std::chrono::duration_cast<std::chrono::hours>(lived).count()) + " h";
}

Report simulate(Options const& options) { return Run(options).report(); }

}  // namespace recoup::simulation
