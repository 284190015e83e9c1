#pragma once
// A step's row as core/send knows it: read under its lock, written as the function says.

#include "adapter/postgres/statement.hpp"
#include "core/send/send.hpp"

#include <string>
#include <vector>

namespace recoup::postgres {

/// Columns that every statement reading a SendState selects, in this order, from `lease s` and its `message m`.
#define SEND_STATE_COLUMNS                                                                                             \
    "s.shop_id, s.enrollment_id, s.plan, s.step, s.state, ms_of(s.due_at), s.lease_token, ms_of(s.lease_until), "      \
    "s.attempt, m.status, m.feedback is not null, m.message_id, s.wait, ms_of(s.planned_at)"
inline constexpr int send_state_columns = 14;

struct SendRow {
    std::string shop_id, enrollment_id;
    int plan = 1, step = 0;
    core::SendState state;
    std::string message_id;   // empty = nothing was ever tried
    StepWait wait = StepWait::none;
    Instant planned_at{};
    bool goes_on = false;     // known: a later step of the plan is due behind `edges.until`
    bool in_lease = true;     // false: it was taken out of `step`, and whoever saves it writes its row
    Channel channel = Channel::email;   // of those that are not in `lease`
};

SendRow send_row(pqxx::row const& row);

/// The steps' own columns, in a transaction that shares the edges; what a message's status becomes is written with the rest
/// of the message. Steps that are over leave `lease`, but for those whose outcome is unknown.
void save_steps(pqxx::work& tx, std::vector<SendRow> const& rows);
/// Only the status, for a message of which nothing else changes; it was sent when it was last tried.
void save_status(pqxx::work& tx, SendRow const& row, Reason reason, Instant now);
/// Enrollments of these steps end as completed when nothing of theirs is planned or being sent; what goes on is not looked at.
void complete_enrollments(pqxx::work& tx, std::vector<SendRow> const& rows, Instant now);

}  // namespace recoup::postgres
