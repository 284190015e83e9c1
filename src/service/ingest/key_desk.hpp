#pragma once
// KeyDesk: what a key may send, and when each was last used.

#include "recoup/domain/shop.hpp"
#include "recoup/port/source.hpp"

#include <map>
#include <mutex>
#include <vector>

namespace recoup::service::ingest {

/// Refuses (Errc::forbidden) the items that the key's scopes do not name. True when nothing but such items is left.
bool keep_to_scopes(ShopSecret const& key, Delivery& delivery);

/// Thread-safe. Holds as many keys as there are.
class KeyDesk {
public:
    void note(ShopSecret const& key, Instant now);
    /// The keys used since the last call, each with its last use; forgets them.
    std::vector<ShopSecret> take();

private:
    std::mutex mutex_;
    std::map<std::string, ShopSecret> used_;   // by shop, source and secret
};

}  // namespace recoup::service::ingest
