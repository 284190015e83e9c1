#pragma once
// Access store: who may speak for a shop: its keys and the origins of its pages. What it changes is in force once the
// ShopDirectory was refreshed, within about a second.

#include "recoup/base/result.hpp"
#include "recoup/domain/shop.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace recoup {

/// Thread-safe; may block; one call, one transaction. Every method: Errc::not_found when there is no such shop.
class AccessStore {
public:
    virtual ~AccessStore() = default;

    /// Every secret that is a key (core/key/shop_key.hpp), ended ones too, the oldest first.
    virtual Result<std::vector<ShopSecret>> keys(std::string_view shop_id) = 0;
    /// Its created_at and last_used_at count for nothing.
    virtual Result<void> add_key(ShopSecret const& key, Instant now) = 0;
    /// The key ends at `now` unless it has ended before.
    virtual Result<void> end_key(ShopSecret const& key, Instant now) = 0;

    virtual Result<std::vector<std::string>> origins(std::string_view shop_id) = 0;
    virtual Result<void> set_origins(std::string_view shop_id, std::vector<std::string> const& origins) = 0;
};

}  // namespace recoup
