#pragma once
// A schedule in which one step is due, and a channel that counts.

#include "service/delivery/dispatcher.hpp"

#include <algorithm>
#include <atomic>
#include <functional>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

namespace recoup::service {

struct NoTemplates final : TemplateEngine {
    Result<Content> render(std::string_view, Channel, nlohmann::json const&) const override { return error(Errc::not_found, "none"); }
    bool exists(std::string_view, Channel) const override { return false; }
};

/// One step is due and was decided to be sent.
struct OneSend final : ScheduleStore {
    Result<std::optional<Instant>> next_due() override { return std::optional<Instant>{}; }
    Result<std::size_t> open_idle(Instant, OpenSize const&,
                                  std::function<std::vector<OpenWrite>(std::vector<IdleCart> const&)> const&) override {
        return 0;
    }
    Result<Claimed> claim_steps(Instant, Instant, ClaimSize const& size,
                                std::function<std::vector<StepWrite>(std::vector<DueStep> const&)> const&) override {
        if (meanwhile) meanwhile();
        asked_for.push_back(size.steps);
        Claimed claimed;
        if (std::exchange(claimed_once, true)) return claimed;
        MessageDraft draft;
        draft.message.id = "m";
        draft.message.channel = Channel::email;
        claimed.decided = 1;
        claimed.sends.emplace_back(draft, 7);
        DueStep due;
        due.tried = tried;
        due.sequence.own().steps.emplace_back();
        due.sequence.own().steps.back().useful_for = std::chrono::hours{24};
        claimed.facts.push_back(due);
        return claimed;
    }
    Result<void> finish(std::vector<SendResult> const& results, Instant) override {
        finished = results;
        return {};
    }
    Result<std::size_t> recover_leases(Instant, LeaseRecovery const&) override { return std::exchange(recovered, 0); }
    Result<std::vector<UnknownMessage>> unknown_messages(std::vector<std::string> const& adapters, std::string const& after,
                                                         std::size_t max) override {
        ++asked;
        std::vector<UnknownMessage> out;
        for (auto const& message : unknown)
            if (out.size() < max && message.message_id > after && std::count(adapters.begin(), adapters.end(), message.adapter) > 0)
                out.push_back(message);
        return out;
    }
    Result<std::size_t> settle_found(std::vector<FoundMessage> const& given, Instant) override {
        found.insert(found.end(), given.begin(), given.end());
        return given.size();
    }
    Result<std::int64_t> due_count(Instant) override { return 0; }

    std::vector<SendResult> finished;
    std::function<void()> meanwhile;   // runs while a claim is open
    bool claimed_once = false;
    std::vector<std::size_t> asked_for;   // by each claim
    std::optional<DueStep::Tried> tried;
    std::size_t recovered = 0;
    int asked = 0;
    std::vector<UnknownMessage> unknown;   // by id
    std::vector<FoundMessage> found;
};

struct CountingChannel final : ChannelAdapter {
    std::string_view name() const override { return "counting"; }
    bool serves(Channel) const override { return true; }
    bool idempotent() const override { return with_keys; }
    Outcome send(Message const&) override {
        ++sent;
        if (meanwhile) meanwhile();
        return Outcome::sent("x");
    }

    bool can_look_up() const override { return !has.empty(); }
    std::optional<std::string> look_up(std::string const& message_id) override {
        return has.contains(message_id) ? std::optional("x-" + message_id) : std::nullopt;
    }

    std::function<void()> meanwhile;   // runs during a call
    bool with_keys = false;
    std::set<std::string> has;   // what it says it has, on look-up
    std::atomic<int> sent = 0;
};

}  // namespace recoup::service
