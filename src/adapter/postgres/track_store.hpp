#pragma once
// TrackStore on Postgres. Persons and carts that a batch touches are locked in the order of their ids, so that several
// trackers and the scheduler wait for each other instead of overwriting.

#include "adapter/postgres/connection.hpp"
#include "adapter/postgres/key_hints.hpp"

#include "recoup/port/track_store.hpp"

#include <atomic>
#include <optional>

namespace recoup::postgres {

class PostgresTrackStore final : public TrackStore {
public:
    explicit PostgresTrackStore(Pool& pool) : pool_(pool) {}

    Result<std::int64_t> position(std::string_view log, int partition) override;
    Result<LogPositions> positions(std::string_view log) override;
    Result<void> apply(std::vector<ShopWork>& work, std::string_view log, LogPositions const& from, LogPositions const& to,
                       Instant now) override;

private:
    Pool& pool_;
    KeyHints hints_{1 << 17};
    std::atomic<bool> careful_{false};   // the last batch met rows that it had not found: the next takes nothing for new
};

/// Loads what `want` mentions into `world` and the answer.
TrackState load_state(pqxx::work& tx, TrackWant const& want, World& world, KeyHints& hints);

/// Keys by their hashes.
class HeldKeys {
public:
    /// Any key may be among them.
    HeldKeys() = default;
    explicit HeldKeys(KeyOwners const& owner_of);
    bool may_contain(IdentityKey const& key) const;

private:
    std::optional<std::vector<std::size_t>> hashes_;   // in their order
};

/// What there was, and is held, before anything was folded into it.
struct Held {
    /// Nothing is known of what there is.
    Held() = default;
    explicit Held(World const& world);
    /// Rows of those that were merged into others are not there any more.
    void forget_merged(Changes const& changes);

    std::set<std::string> persons, carts;
    HeldKeys person_keys, cart_keys;
};

/// Errc::conflict when somebody else took a key meanwhile.
Result<void> save_people(pqxx::work& tx, World const& world, Changes const& changes, TrackWrite const& write, Held const& held);
/// Those and everything else that is state.
Result<void> save_state(pqxx::work& tx, World const& world, Changes const& changes, TrackWrite const& write, Held const& held,
                        Instant now);
void save_effects(pqxx::work& tx, std::string const& shop_id, TrackWrite const& write);
/// Carts of persons that can now be reached, and the arms of their enrollments.
void save_reached(pqxx::work& tx, std::string const& shop_id, TrackWrite const& write);
void save_inbox(pqxx::work& tx, std::string const& shop_id, std::vector<InboxRow> const& rows);

/// Moves every row of merged persons and carts to their survivors.
void save_merges(pqxx::work& tx, std::string const& shop_id, Changes const& changes);
/// Enrollments of merged persons; after those that end have ended.
void save_merged_enrollments(pqxx::work& tx, std::string const& shop_id, Changes const& changes);
void save_freed_keys(pqxx::work& tx, std::string const& shop_id, Changes const& changes);
void save_erasures(pqxx::work& tx, World const& world, Changes const& changes, Instant now);

}  // namespace recoup::postgres
