#pragma once
// KeyHints: whose key that was when it was seen last, so that a person who comes again is found by one look-up of its row
// instead of one for each of its keys. A hint may be wrong; the row that it leads to says itself which keys it has.

#include "recoup/domain/identity.hpp"

#include <array>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace recoup::postgres {

inline constexpr std::string_view person_keys = "person", cart_keys = "cart";   // kinds of owners

/// Thread-safe. A table of fixed size, 48 bytes a place, two places a key, of which a newer key takes the older one's.
class KeyHints {
public:
    /// `places` is a power of two.
    explicit KeyHints(std::size_t places) : mask_(places - 1) {}

    /// Empty = not known. `what` is the kind of owner.
    std::string find(std::string_view shop_id, std::string_view what, IdentityKey const& key) const;
    /// Owners with long ids are not kept.
    void learn(std::string_view shop_id, std::string_view what, IdentityKey const& key, std::string_view owner);

private:
    struct Place {
        std::uint64_t hash = 0;
        std::uint8_t size = 0;
        std::array<char, 39> owner{};
    };

    std::size_t const mask_;
    mutable std::mutex mutex_;
    std::vector<Place> places_;   // none until the first is learned
};

}  // namespace recoup::postgres
