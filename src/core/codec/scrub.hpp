#pragma once
// What stays of an event on the log when its person was erased: enough to count, nothing that names anybody. Pure.

#include "recoup/domain/event.hpp"

#include <map>
#include <optional>

namespace recoup::core {

/// When each was erased: by shop, then by key_hash; the hash "shop" stands for everybody of the shop.
using ErasedHashes = std::map<std::string, std::map<std::string, Instant, std::less<>>, std::less<>>;

/// The event without its person, when it is about somebody who was erased after it happened; nullopt: it stays as it is. An order
/// keeps its id and its money, everything else becomes `unknown` of the same id and topic.
std::optional<Event> scrubbed(Event const& event, ErasedHashes const& erased);

}  // namespace recoup::core
