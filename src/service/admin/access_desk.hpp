#pragma once
// AccessDesk: keys and origins of a shop, as the command line and the admin API let people manage them.

#include "recoup/base/random.hpp"
#include "recoup/port/access_store.hpp"

#include <span>
#include <string>
#include <vector>

namespace recoup::service {

struct KeyWish {
    std::string source = "events";
    std::vector<std::string> scopes;   // empty = everything
    std::string label;
    Instant not_after = never;
};

struct NewKey {
    ShopSecret key;
    std::string shown;   // the key itself: nobody can show it again
};

/// Thread-safe as far as store and random are.
class AccessDesk {
public:
    /// `sources` are those that take keys of kind "bearer".
    AccessDesk(AccessStore& store, Random& random, std::vector<std::string> sources);

    /// Errc::invalid says what is wrong with the wish; Errc::conflict: too many active keys; Errc::not_found: no shop.
    Result<NewKey> create(std::string const& shop_id, KeyWish const& wish, Instant now);
    Result<std::vector<ShopSecret>> list(std::string const& shop_id);
    /// Ends the key of that id (core::key_id) at `now` and returns it. Errc::not_found.
    Result<ShopSecret> revoke(std::string const& shop_id, std::string_view key_id, Instant now);

    Result<std::vector<std::string>> origins(std::string const& shop_id);
    /// Replaces them all; the storefront's own needs no mention. Errc::invalid, Errc::too_large.
    Result<std::vector<std::string>> set_origins(std::string const& shop_id, std::vector<std::string> const& origins);

private:
    Result<void> check(KeyWish const& wish, Instant now) const;

    AccessStore& store_;
    Random& random_;
    std::vector<std::string> sources_;
};

}  // namespace recoup::service
