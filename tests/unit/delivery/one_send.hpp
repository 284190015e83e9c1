#pragma once
// A schedule in which one step is due, and a channel that counts.

#include "service/delivery/dispatcher.hpp"

#include <atomic>
#include <functional>
#include <nlohmann/json.hpp>
#include <utility>

namespace recoup::service {

struct NoTemplates final : TemplateEngine {
    Result<Content> render(std::string_view, Channel, nlohmann::json const&) const override { return error(Errc::not_found, "none"); }
};

/// One step is due and was decided to be sent.
struct OneSend final : ScheduleStore {
    Result<std::optional<Instant>> next_due() override { return std::optional<Instant>{}; }
    Result<std::size_t> open_idle(Instant, std::size_t,
                                  std::function<std::vector<OpenWrite>(std::vector<IdleCart> const&)> const&) override {
        return 0;
    }
    Result<Claimed> claim_steps(Instant, Instant, ClaimSize const&,
                                std::function<std::vector<StepWrite>(std::vector<DueStep> const&)> const&) override {
        if (meanwhile) meanwhile();
        Claimed claimed;
        if (std::exchange(claimed_once, true)) return claimed;
        MessageDraft draft;
        draft.message.id = "m";
        draft.message.channel = Channel::email;
        claimed.decided = 1;
        claimed.sends.emplace_back(draft, 7);
        DueStep due;
        due.sequence.steps.emplace_back();
        due.sequence.steps.back().useful_for = std::chrono::hours{24};
        claimed.facts.push_back(due);
        return claimed;
    }
    Result<void> finish(std::vector<SendResult> const& results, Instant) override {
        finished = results;
        return {};
    }
    Result<std::size_t> recover_leases(Instant, std::vector<std::string> const&) override { return 0; }
    Result<std::int64_t> due_count(Instant) override { return 0; }

    std::vector<SendResult> finished;
    std::function<void()> meanwhile;   // runs while a claim is open
    bool claimed_once = false;
};

struct CountingChannel final : ChannelAdapter {
    std::string_view name() const override { return "counting"; }
    bool serves(Channel) const override { return true; }
    bool idempotent() const override { return with_keys; }
    Outcome send(Message const&) override {
        ++sent;
        return Outcome::sent("x");
    }

    bool with_keys = false;
    std::atomic<int> sent = 0;
};

}  // namespace recoup::service
