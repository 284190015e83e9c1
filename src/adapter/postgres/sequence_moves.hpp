#pragma once
// Moves running enrollments to another version of their sequence (core/plan/move), a few at a time, while the daemon runs.

#include "adapter/postgres/connection.hpp"
#include "core/plan/move.hpp"

#include <array>

namespace recoup::postgres {

/// Enrollments by what became of them, core::MoveKind being the index; what others held all the time counts as busy.
struct Moved {
    std::array<std::int64_t, 4> enrollments{};
    std::int64_t steps = 0;      // planned anew
    int version = 0;             // to which
};

/// `version` 0 = the one in force. Errc::not_found: the shop has no such version. With `dry_run` nothing is written.
Result<Moved> move_enrollments(Pool& pool, std::string const& shop_id, std::string const& sequence, int version, bool dry_run,
                               Instant now);

}  // namespace recoup::postgres
