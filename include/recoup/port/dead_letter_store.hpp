#pragma once
// Dead letters at rest: bounded in size, number and age; their bytes are encrypted.

#include "recoup/base/limits.hpp"
#include "recoup/base/result.hpp"
#include "recoup/domain/letter.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace recoup {

struct LetterQuery {
    std::string shop_id{}, source{};  // empty = all
    std::string reason{};             // a kind's name, or a part of the reason; empty = all
    Instant since{};                  // received at or after
    Instant before{};                 // received before; never = no end
    Instant after_at{};               // only what follows this place in the order of received_at and id
    std::string after_id{};
    std::size_t limit = limits::page_items;
};

struct LetterStock {
    std::int64_t letters = 0, bytes = 0;
    Instant oldest{};                 // never = none
};

/// Thread-safe. Errors: Errc::unavailable, Errc::overloaded, Errc::internal.
class DeadLetterStore {
public:
    virtual ~DeadLetterStore() = default;

    /// Durable when it returns. Nothing is kept twice, of a shop that is not there, of an event already in the inbox,
    /// or of somebody who was erased after it came; `shop_id` empty is kept.
    virtual Result<void> keep(std::vector<Letter> const& letters) = 0;

    /// From oldest to newest, without their bytes.
    virtual Result<std::vector<Letter>> list(LetterQuery const& query) = 0;
    /// With its bytes. Errc::not_found; Errc::configuration when they were sealed with another key.
    virtual Result<Letter> find(std::string_view id) = 0;
    /// A replay failed: counts it and keeps why.
    virtual Result<void> tried(std::string_view id, std::string_view reason, Instant now) = 0;
    /// Deletes it and writes the audit row. Errc::not_found.
    virtual Result<void> end(std::string_view id, LetterEnd why, std::string_view note, Instant now) = 0;

    struct Trimmed {
        std::int64_t expired = 0, crowded_out = 0;
    };
    /// Ends what was received before `before` and, of each shop, the oldest beyond `most`.
    virtual Result<Trimmed> trim(Instant before, std::int64_t most, Instant now) = 0;
    virtual Result<LetterStock> stock() = 0;
};

}  // namespace recoup
