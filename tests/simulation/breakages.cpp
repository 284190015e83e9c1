#include "simulation/breakages.hpp"

namespace recoup::simulation {
namespace {

using Decide = std::function<std::vector<StepWrite>(std::vector<DueStep> const&)>;

class Forwarding : public ScheduleStore {
public:
    explicit Forwarding(ScheduleStore& inner) : inner_(inner) {}
    Result<std::optional<Instant>> next_due() override { return inner_.next_due(); }
    Result<std::int64_t> due_count(Instant now) override { return inner_.due_count(now); }
    Result<std::size_t> open_idle(Instant now, OpenSize const& size,
                                  std::function<std::vector<OpenWrite>(std::vector<IdleCart> const&)> const& decide) override {
        return inner_.open_idle(now, size, decide);
    }
    Result<Claimed> claim_steps(Instant now, Instant lease_until, ClaimSize const& size, Decide const& decide) override {
        return inner_.claim_steps(now, lease_until, size, decide);
    }
    Result<void> finish(std::vector<SendResult> const& results, Instant now) override { return inner_.finish(results, now); }
    Result<std::size_t> recover_leases(Instant now, LeaseRecovery const& how) override {
        return inner_.recover_leases(now, how);
    }
    Result<std::vector<UnknownMessage>> unknown_messages(std::vector<std::string> const& adapters, std::string const& after,
                                                         std::size_t max) override {
        return inner_.unknown_messages(adapters, after, max);
    }
    Result<std::size_t> settle_found(std::vector<FoundMessage> const& found, Instant now) override { return inner_.settle_found(found, now); }

protected:
    ScheduleStore& inner_;
};

/// Reads what is due and the truth about it, lets time pass, and then takes those steps whatever has become of them.
class OrderCheckOutside final : public Forwarding {
public:
    OrderCheckOutside(Scene& scene, ScheduleStore& inner, std::function<void(Millis)> wait)
        : Forwarding(inner), scene_(scene), wait_(std::move(wait)) {}

    Result<Claimed> claim_steps(Instant now, Instant lease_until, ClaimSize const& size, Decide const& decide) override {
        std::map<std::string, DueStep> seen;   // by enrollment
        struct OnlyLooked {};
        try {
            (void)inner_.claim_steps(now, lease_until, size, [&](std::vector<DueStep> const& due) -> std::vector<StepWrite> {
                for (auto const& step : due) seen.emplace(step.enrollment.id, step);
                throw OnlyLooked{};
            });
        } catch (OnlyLooked const&) {
        }
        if (seen.empty()) return inner_.claim_steps(now, lease_until, size, decide);
        wait_(Millis{500});
        (void)scene_.database.run([&](memory::State& state) { take_back(state, seen); });
        return inner_.claim_steps(now, lease_until, size, [&](std::vector<DueStep> const& due) {
            auto stale = due;
            for (auto& step : stale)
                if (auto const it = seen.find(step.enrollment.id); it != seen.end()) {
                    step.cart = it->second.cart;
                    step.person = it->second.person;
                    step.payment = it->second.payment;
                }
            return decide(stale);
        });
    }

private:
    /// An update without a condition on the state takes also what was cancelled meanwhile.
    static void take_back(memory::State& state, std::map<std::string, DueStep> const& seen) {
        for (auto const& [enrollment_id, due] : seen) {
            memory::StepId const id{due.shop->id, enrollment_id, due.step.plan, due.step.step};
            auto const* step = state.steps.find(id);
            if (step == nullptr || step->state != StepState::dropped) continue;
            state.steps.change(id, [](memory::StepRow& row) { row.state = StepState::planned; });
            state.enrollments.change({due.shop->id, enrollment_id}, [](Enrollment& row) { row.active = true; });
        }
    }

    Scene& scene_;
    std::function<void(Millis)> wait_;
};

class NoFencing final : public Forwarding {
public:
    NoFencing(Scene& scene, ScheduleStore& inner) : Forwarding(inner), scene_(scene) {}

    Result<void> finish(std::vector<SendResult> const& results, Instant now) override {
        auto unfenced = results;
        for (auto& result : unfenced)
            if (auto const* step = scene_.database.state().steps.find({result.shop_id, result.enrollment_id, result.plan, result.step});
                step != nullptr)
                result.lease_token = step->lease_token;
        return inner_.finish(unfenced, now);
    }

private:
    Scene& scene_;
};

/// Decides on something else than the truth.
class OtherTruth final : public Forwarding {
public:
    OtherTruth(ScheduleStore& inner, std::function<void(DueStep&)> change) : Forwarding(inner), change_(std::move(change)) {}

    Result<Claimed> claim_steps(Instant now, Instant lease_until, ClaimSize const& size, Decide const& decide) override {
        return inner_.claim_steps(now, lease_until, size, [&](std::vector<DueStep> const& due) {
            auto changed = due;
            for (auto& step : changed) change_(step);
            return decide(changed);
        });
    }

private:
    std::function<void(DueStep&)> change_;
};

void live_in_the_shops_zone(DueStep& step) { step.person.timezone.value = step.shop->timezone; }

void live_in_the_shops_country(DueStep& step) {
    Version const newest{Instant::max(), 0, 1};
    step.person.country.offer(step.shop->country, newest);
    if (step.cart) step.cart->country.offer(step.shop->country, newest);
}

void forget_the_pause(DueStep& step) { step.paused.reset(); }

void forget_who_read(DueStep& step) {
    for (auto& sent : step.history) sent.opened = sent.clicked = false;
}

class RetryOnUnknown final : public ChannelAdapter {
public:
    explicit RetryOnUnknown(ChannelAdapter& inner) : inner_(inner) {}
    std::string_view name() const override { return inner_.name(); }
    bool serves(Channel channel) const override { return inner_.serves(channel); }
    bool idempotent() const override { return inner_.idempotent(); }
    bool can_look_up() const override { return inner_.can_look_up(); }
    std::optional<std::string> look_up(std::string const& message_id) override { return inner_.look_up(message_id); }
    Outcome send(Message const& message) override {
        auto outcome = inner_.send(message);
        return outcome.kind == OutcomeKind::unknown ? Outcome::retry("once more") : outcome;
    }

private:
    ChannelAdapter& inner_;
};

}  // namespace

std::unique_ptr<ScheduleStore> broken_store(Scene& scene, ScheduleStore& inner, std::function<void(Millis)> wait) {
    switch (scene.options.breakage) {
        case Breakage::order_check_outside: return std::make_unique<OrderCheckOutside>(scene, inner, std::move(wait));
        case Breakage::no_fencing: return std::make_unique<NoFencing>(scene, inner);
        case Breakage::wrong_zone: return std::make_unique<OtherTruth>(inner, live_in_the_shops_zone);
        case Breakage::law_of_the_shop: return std::make_unique<OtherTruth>(inner, live_in_the_shops_country);
        case Breakage::ignored_pause: return std::make_unique<OtherTruth>(inner, forget_the_pause);
        case Breakage::unseen_opening: return std::make_unique<OtherTruth>(inner, forget_who_read);
        case Breakage::rate_of_another:
        case Breakage::none:
        case Breakage::cap_off_by_one:
        case Breakage::retry_on_unknown: return nullptr;
    }
    return nullptr;
}

std::unique_ptr<ChannelAdapter> broken_channel(Options const& options, ChannelAdapter& inner) {
    if (options.breakage != Breakage::retry_on_unknown) return nullptr;
    return std::make_unique<RetryOnUnknown>(inner);
}

core::Policy broken_policy(Options const& options) {
    auto policy = options.policy;
    if (options.breakage == Breakage::cap_off_by_one) ++policy.person_cap.max;
    return policy;
}

}  // namespace recoup::simulation
