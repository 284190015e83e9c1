#include "adapter/memory/track_store.hpp"

namespace recoup::memory {

Result<std::int64_t> MemoryTrackStore::position(std::string_view log, int partition) {
    return database_.run([&](State& state) -> std::int64_t {
        auto const* held = state.positions.find({std::string(log), partition});
        return held == nullptr ? -1 : *held;
    });
}

Result<LogPositions> MemoryTrackStore::positions(std::string_view log) {
    return database_.run([&](State& state) -> LogPositions {
        LogPositions positions;
        for (auto const& [id, offset] : state.positions)
            if (id.first == log) positions[id.second] = *offset;
        return positions;
    });
}

Result<void> MemoryTrackStore::apply(std::vector<ShopWork>& work, std::string_view log, LogPositions const& from,
                                     LogPositions const& to, Instant now) {
    return database_.run([&](State& state) -> Result<void> {
        for (auto const& [partition, first] : from) {
            std::pair const id{std::string(log), partition};
            if (auto const* held = state.positions.find(id); held != nullptr && *held > first)
                return error(Errc::conflict, "another tracker is ahead on this partition");
            state.positions.put(id, to.at(partition));
        }
        for (auto& shop : work) {
            auto const found = load_state(state, shop.want, *shop.world);
            if (found.shop.id.empty()) continue;  // removed meanwhile: its events have nowhere to go
            auto const write = shop.fold(found);
            auto const& id = shop.want.shop_id;
            save_merges(state, id, *shop.changes);
            for (auto const& [enrollment_id, reason] : write.ended) {   // before merges: one active a person
                end_enrollment(state, id, enrollment_id, reason, now);
                drop_steps(state, id, enrollment_id);
            }
            if (auto moved = save_merged_enrollments(state, id, *shop.changes); !moved) return moved;
            if (auto saved = save_effects(state, id, write); !saved) return saved;
            if (auto saved = save_state(state, *shop.world, *shop.changes, write); !saved) return saved;
            save_reached(state, id, write);
            if (auto saved = save_inbox(state, id, write.inbox); !saved) return saved;
            save_erasures(state, *shop.world, *shop.changes, now);
        }
        return {};
    });
}

}  // namespace recoup::memory
