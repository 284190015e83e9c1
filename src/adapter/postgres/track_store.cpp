#include "adapter/postgres/track_store.hpp"

#include "adapter/postgres/enrollment_row.hpp"
#include "adapter/postgres/log_stop.hpp"
#include "adapter/postgres/edges.hpp"
#include "adapter/postgres/statement.hpp"

namespace recoup::postgres {
namespace {

constexpr Statement read_position{"track_read_position",
                                  "select next_offset from tracked_position where log = $1 and partition = $2"};

constexpr Statement read_positions{"track_read_positions",
                                   "select partition, next_offset from tracked_position where log = $1"};

constexpr Statement move_position{
    "track_move_position",
    "insert into tracked_position as p (log, partition, next_offset) values ($1, $2, $4) "
    "on conflict (log, partition) do update set next_offset = excluded.next_offset where p.next_offset <= $3"};

void learn(KeyHints& hints, std::string const& shop_id, std::string_view what, std::set<IdentityKey> const& changed,
           KeyOwners const& owner_of) {
    for (auto const& key : changed)
        if (auto const owner = owner_of.find(key); owner != owner_of.end()) hints.learn(shop_id, what, key, owner->second);
}

}  // namespace

Result<std::int64_t> PostgresTrackStore::position(std::string_view log, int partition) {
    return run(pool_, [&](pqxx::work& tx) -> std::int64_t {
        auto const rows = exec(tx, read_position, std::string(log), partition);
        return rows.empty() ? -1 : rows[0][0].as<std::int64_t>();
    });
}

Result<LogPositions> PostgresTrackStore::positions(std::string_view log) {
    return run(pool_, [&](pqxx::work& tx) -> LogPositions {
        LogPositions positions;
        for (auto const& row : exec(tx, read_positions, std::string(log)))
            positions[row[0].as<int>()] = row[1].as<std::int64_t>();
        return positions;
    });
}

Result<void> PostgresTrackStore::apply(std::vector<ShopWork>& work, std::string_view log, LogPositions const& from,
                                       LogPositions const& to, Instant now) {
    auto const applied = run_sharing_edges(pool_, [&](pqxx::work& tx) -> Result<void> {
        for (auto const& [partition, first] : from) {
            auto const moved = exec(tx, move_position, std::string(log), partition, first, to.at(partition));
            if (moved.affected_rows() != 1) return error(Errc::conflict, "another tracker is ahead on this partition");
            forget_stops(tx, std::string(log), partition, to.at(partition));
        }
        for (auto& shop : work) {
            auto const state = load_state(tx, shop.want, *shop.world, hints_);
            if (state.shop.id.empty()) continue;  // removed meanwhile: its events have nowhere to go
            auto held = careful_ ? Held{} : Held(*shop.world);
            auto const write = shop.fold(state);
            save_merges(tx, shop.want.shop_id, *shop.changes);
            held.forget_merged(*shop.changes);
            end_enrollments(tx, shop.want.shop_id, write.ended, now);   // before merges: one active a person
            save_merged_enrollments(tx, shop.want.shop_id, *shop.changes);
            save_effects(tx, shop.want.shop_id, write);
            save_freed_keys(tx, shop.want.shop_id, *shop.changes);      // before they belong to somebody new
            if (auto saved = save_state(tx, *shop.world, *shop.changes, write, held, now); !saved) return saved;
            save_reached(tx, shop.want.shop_id, write);
            save_inbox(tx, shop.want.shop_id, write.inbox);
            save_erasures(tx, *shop.world, *shop.changes, now);
        }
        return {};
    });
    careful_ = !applied && applied.error().code == Errc::conflict;
    if (applied)
        for (auto const& shop : work) {
            learn(hints_, shop.want.shop_id, person_keys, shop.changes->person_keys, shop.world->person_of);
            learn(hints_, shop.want.shop_id, cart_keys, shop.changes->cart_keys, shop.world->cart_of);
        }
    return applied;
}

}  // namespace recoup::postgres
