#include "adapter/postgres/key_hints.hpp"

#include <algorithm>
#include <functional>

namespace recoup::postgres {
namespace {

std::uint64_t hash_of(std::string_view shop_id, std::string_view what, IdentityKey const& key) {
    std::uint64_t hash = static_cast<std::uint64_t>(key.kind) + 1;
    for (auto const part : {shop_id, what, std::string_view(key.value)}) {
        hash = (hash << 7 | hash >> 57) * 0x9E3779B97F4A7C15;
        hash ^= std::hash<std::string_view>{}(part);
    }
    return hash;
}

}  // namespace

std::string KeyHints::find(std::string_view shop_id, std::string_view what, IdentityKey const& key) const {
    auto const hash = hash_of(shop_id, what, key);
    std::lock_guard const lock(mutex_);
    if (places_.empty()) return {};
    auto const first = hash & mask_;
    for (auto const at : {first, first ^ 1})
        if (auto const& place = places_[at]; place.hash == hash) return {place.owner.data(), place.size};
    return {};
}

void KeyHints::learn(std::string_view shop_id, std::string_view what, IdentityKey const& key, std::string_view owner) {
    auto const hash = hash_of(shop_id, what, key);
    std::lock_guard const lock(mutex_);
    if (places_.empty()) places_.resize(mask_ + 1);
    auto const first = hash & mask_;
    auto& place = places_[first];
    if (owner.size() > place.owner.size()) return;
    if (place.hash != hash) places_[first ^ 1] = place;
    place.hash = hash;
    place.size = static_cast<std::uint8_t>(owner.size());
    std::copy(owner.begin(), owner.end(), place.owner.begin());
}

}  // namespace recoup::postgres
