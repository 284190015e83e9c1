#pragma once
// Training rows from events, by the same fold and the same features that serve: a cart is looked at when it changes and
// when it has been idle for 5, 15 and 30 minutes, with what was known then. A row's label is what became of the cart in
// the day that followed. Carts that are ordered, emptied or deleted at that moment are not at risk and not looked at.

#include "core/policy/facts.hpp"
#include "core/risk/features.hpp"
#include "recoup/domain/event.hpp"
#include "recoup/domain/world.hpp"

#include <chrono>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace recoup::core {

inline constexpr Millis label_window = std::chrono::hours(24);
inline constexpr Millis idle_moments[] = {std::chrono::minutes(5), std::chrono::minutes(15), std::chrono::minutes(30)};

struct Snapshot {
    std::string person_id, cart_id;
    Instant at{};
    /// The first time this cart was idle for five minutes: the one row of a cart that evaluation looks at.
    bool first_idle = false;
    float label = 0;                 // 1 = neither the cart nor the person ordered in (at, at + label_window]
    std::vector<float> values;       // in the order of feature_list()
};

class SnapshotTaker {
public:
    /// `policy` says who is no customer and which carts are not recovered: nothing is learned from them.
    explicit SnapshotTaker(Policy policy = {}) : policy_(std::move(policy)) {}
    /// Events in order of arrival; received_at is the time at which each became known.
    void see(Event const& event);
    /// Labels everything whose window closed by the last event and returns it in order of time; the rest is dropped,
    /// because nobody knows yet.
    std::vector<Snapshot> finish();

    std::size_t events_seen() const { return events_; }

private:
    struct Appointment {
        std::string cart_id;
        Instant last_activity_at;
        bool first;                  // the five-minute one
    };

    void advance(Instant to);
    void look(std::string const& cart_id, bool first_idle);
    bool ordered(Snapshot const& snapshot) const;
    bool learns_from(Snapshot const& snapshot) const;
    std::string survivor(std::string cart_id) const;

    Policy policy_;
    World world_;
    Instant now_{};
    std::size_t events_ = 0;
    std::multimap<Instant, Appointment> appointments_;
    std::map<std::string, std::string> merged_into_;
    std::set<std::string> idled_;
    std::vector<Snapshot> snapshots_;
};

}  // namespace recoup::core
