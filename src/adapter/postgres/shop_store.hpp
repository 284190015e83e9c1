#pragma once
// Shops, their secrets and sequences, and facts of this installation.

#include "adapter/postgres/connection.hpp"

#include "recoup/domain/sequence.hpp"
#include "recoup/port/shop_directory.hpp"

#include <atomic>
#include <map>
#include <memory>
#include <optional>

namespace recoup::postgres {

class ShopStore {
public:
    explicit ShopStore(Pool& pool) : pool_(pool) {}

    /// Errc::conflict when the id is taken.
    Result<void> add(Shop const& shop, Instant now);
    /// Fields of its document by name (domain/shop.hpp), all texts. Errc::not_found without such a shop.
    Result<void> change(std::string const& shop_id, std::map<std::string, std::string> const& fields);
    Result<std::vector<Shop>> list();
    Result<std::vector<ShopSecret>> secrets();
    /// A secret that is there already lives until the new `not_after`. Errc::not_found when the shop is not.
    Result<void> add_secret(ShopSecret const& secret, Instant now);
    /// Every other secret of that shop, source and kind ends at `now`.
    Result<void> revoke_others(ShopSecret const& kept, Instant now);
    /// Moves each key's last_used_at forward to the one given.
    Result<void> note_uses(std::vector<ShopSecret> const& used);

    /// Applies a sequence: a new version when it differs from the active one of its trigger, which it replaces.
    /// Returns the version in force.
    Result<int> apply_sequence(std::string const& shop_id, Sequence const& sequence, Instant now);
    Result<std::vector<Sequence>> active_sequences(std::string const& shop_id);

    /// A fact by name; nullopt when never set.
    Result<std::optional<std::string>> fact(std::string const& name);
    /// Sets it when absent and answers what it is then: the first caller wins.
    Result<std::string> fact_or(std::string const& name, std::string const& value);
    Result<void> set_fact(std::string const& name, std::string const& value);

private:
    Pool& pool_;
};

/// Reads all shops on refresh() and answers from memory.
class CachedShopDirectory final : public ShopDirectory {
public:
    explicit CachedShopDirectory(ShopStore& store) : store_(store) {}

    std::shared_ptr<ShopAccess const> find(std::string_view shop_id) const override;
    Result<void> refresh();

private:
    using Shops = std::map<std::string, std::shared_ptr<ShopAccess const>, std::less<>>;

    ShopStore& store_;
    std::atomic<std::shared_ptr<Shops const>> shops_;
};

}  // namespace recoup::postgres
