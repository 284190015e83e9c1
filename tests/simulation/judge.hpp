#pragma once
// Judge: knows what shoppers did and what was durable when, and judges every message that left and the state at the end.
// It asks the events themselves, by rules written here once more and in other words than in src/core.

#include "simulation/scene.hpp"

#include "recoup/domain/message.hpp"
#include "recoup/port/schedule_store.hpp"

#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

namespace recoup::simulation {

/// What an instance knew when it claimed the step it sends.
struct Claim {
    std::uint64_t barrier = 0;             // events durable before its barrier: it must have known them,
    std::uint64_t folds = 0;               // and those of all folds committed before the claim
    std::uint64_t step_of_run = 0;         // when it was committed
    std::string enrollment_id;
    int step = 0;
    Trigger trigger = Trigger::cart;
    std::set<IdentityKey> cart_tokens;
    std::string payment_id, cart_id;
    Instant anchor_at{};
    Instant planned_at{}, useful_until{};
    Instant claimed_at{};                  // by the instance's clock
    Instant lease_ends{};                  // in the true time
};

class Judge {
public:
    explicit Judge(Scene& scene);

    /// The arrival is in the log from now on.
    void durable(std::size_t arrival);
    /// A fold of these events was committed.
    void folded(std::vector<std::string> const& event_ids);
    std::uint64_t folds() const { return folds_; }
    /// A request to a provider begins.
    void called(Message const& message, Claim const& claim);
    /// The provider took the message: the shopper will see it.
    void accepted(Message const& message, Claim const& claim);
    /// The provider refused it for good, and that was recorded.
    void suppressed(Channel channel, std::string const& address) { refused_.try_emplace({channel, address}, scene_.steps); }

    bool has_left(std::string const& message_id) const { return accepted_.contains(message_id); }

    /// Nothing can happen at this instant any more.
    void instant_over();
    /// Nothing will ever happen any more.
    void world_over();

    std::size_t effects() const { return effects_; }
    std::size_t browse_effects() const { return browse_effects_; }
    std::size_t readings() const { return touches_.size(); }

private:
    struct Effect {
        Channel channel = Channel::email;
        Instant decided_at{};
        std::string what, cart_id;
    };
    struct Left {
        std::string message_id;
        Instant at{};                      // in the true time
    };
    using Known = std::vector<Event const*>;

    bool was_known(std::uint64_t sequence, Event const& event, Claim const& claim) const;
    Known known(std::size_t shopper, Claim const& claim, std::set<IdentityKey> keys) const;
    void judge_wishes(Message const& message, Claim const& claim, Known const& events);
    void judge_cart(Message const& message, Claim const& claim, Known const& events);
    void judge_browse(Message const& message, Claim const& claim, Known const& events);
    void judge_reading(Message const& message, Claim const& claim);
    void judge_payment(Message const& message, Claim const& claim, Known const& events);
    void judge_hours(Message const& message, Shopper const& shopper);
    void judge_caps(Message const& message, std::vector<Effect> const& before);
    void judge_law(Message const& message, Claim const& claim, Known const& events, Shopper const& shopper, std::vector<Effect> const& before);
    void judge_confirmed(Message const& message, Known const& events);
    void judge_records();
    void violate(std::string invariant, Message const& message, std::string const& detail);

    Scene& scene_;
    std::unordered_map<std::string, std::size_t> shopper_of_;                       // by address
    std::vector<std::vector<std::pair<std::uint64_t, std::size_t>>> durable_;       // by shopper: sequence, arrival
    std::map<std::size_t, std::vector<Effect>> seen_by_;                            // by shopper
    std::vector<Instant> decided_;                                                  // of every effect of the shop
    std::map<std::pair<std::string, int>, std::vector<Left>> left_of_step_;         // enrollment, step
    std::unordered_map<std::string, std::vector<std::pair<std::uint64_t, std::size_t>>> touches_;   // by message: sequence, arrival
    std::set<std::string> accepted_;                                                // message ids
    std::map<std::pair<Channel, std::string>, std::uint64_t> refused_;              // the step at which it was recorded
    std::unordered_map<std::string, std::uint64_t> fold_of_;                        // by event id
    std::uint64_t folds_ = 0;
    std::size_t effects_ = 0, browse_effects_ = 0;
};

}  // namespace recoup::simulation
