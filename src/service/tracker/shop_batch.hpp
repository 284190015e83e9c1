#pragma once
// One shop's events of a batch and what they lead to. Pure but for the scorer: the tracker gives it time and state.

#include "core/fold/fold.hpp"
#include "core/plan/plan.hpp"
#include "core/policy/facts.hpp"
#include "service/scorer.hpp"

#include "recoup/port/track_store.hpp"

#include <memory>

namespace recoup::service {

class ShopBatch {
public:
    ShopBatch(std::string shop_id, core::Policy const& policy, Scorer const& scorer, Instant now);

    void add(Event event);

    /// What the store must load; call once after the last add.
    TrackWant want() const;

    /// Folds the events not seen yet and plans what follows.
    TrackWrite fold(TrackState const& state);

    World& world() { return world_; }
    Changes const& changes() const { return fold_.changes(); }
    std::vector<Event> const& events() const { return events_; }
    std::size_t duplicates() const { return duplicates_; }
    /// Orders first heard of more than an hour after they were placed.
    std::size_t learned_late() const { return learned_late_; }
    /// One for each order that the cart mail of another tool brought: the tool (core/statistics/other_mail).
    std::vector<std::string_view> const& other_mail() const { return other_mail_; }

private:
    void apply_events(TrackState const& state, TrackWrite& write);
    void note_order(Event const& event);
    void watch_carts(TrackState const& state, TrackWrite& write);
    void note_reached(TrackState const& state, TrackWrite& write);
    void end_enrollments(TrackState const& state, TrackWrite& write);
    void open_payments(TrackState const& state, TrackWrite& write);
    void open_cancelled(TrackState const& state, TrackWrite& write);
    void open(core::Opening opening, std::optional<Enrollment> const& active, TrackWrite& write);
    void supersede(Enrollment const& gone, TrackWrite& write);
    bool outgrown(TrackState const& state, Enrollment const& enrollment) const;
    std::optional<Enrollment> active_of(std::string const& person_id, Trigger trigger) const;
    std::string survivor_person(std::string id) const;
    std::string survivor_cart(std::string id) const;

    core::Policy const& policy_;
    Scorer const& scorer_;
    Instant now_;
    World world_;
    core::Fold fold_;
    std::vector<Event> events_;
    std::vector<std::string> mute_;        // persons without an address before the batch
    std::vector<Enrollment> active_;       // of the state, with ids after merges, without those that end
    std::size_t duplicates_ = 0, learned_late_ = 0;
    std::vector<std::string_view> other_mail_;
};

}  // namespace recoup::service
