#pragma once
// TrackStore in memory, the model of adapter/postgres/track_store: what one does the other does, call for call.

#include "adapter/memory/database.hpp"

#include "recoup/port/track_store.hpp"

namespace recoup::memory {

class MemoryTrackStore final : public TrackStore {
public:
    explicit MemoryTrackStore(Database& database) : database_(database) {}

    Result<std::int64_t> position(std::string_view log, int partition) override;
    Result<LogPositions> positions(std::string_view log) override;
    Result<void> apply(std::vector<ShopWork>& work, std::string_view log, LogPositions const& from, LogPositions const& to,
                       Instant now) override;

private:
    Database& database_;
};

/// Loads what `want` mentions into `world` and the answer.
TrackState load_state(State const& state, TrackWant const& want, World& world);

/// Errc::conflict when somebody else took a key meanwhile.
Result<void> save_state(State& state, World const& world, Changes const& changes, TrackWrite const& write);
Result<void> save_effects(State& state, std::string const& shop_id, TrackWrite const& write);
/// Carts of persons that can now be reached, and the arms of their enrollments.
void save_reached(State& state, std::string const& shop_id, TrackWrite const& write);
/// Errc::conflict when an event was folded meanwhile.
Result<void> save_inbox(State& state, std::string const& shop_id, std::vector<InboxRow> const& rows);

/// Moves every row of merged persons and carts to their survivors.
void save_merges(State& state, std::string const& shop_id, Changes const& changes);
/// Enrollments of merged persons; after those that end have ended. Errc::conflict when two active ones meet.
Result<void> save_merged_enrollments(State& state, std::string const& shop_id, Changes const& changes);
void save_erasures(State& state, World const& world, Changes const& changes, Instant now);

}  // namespace recoup::memory
