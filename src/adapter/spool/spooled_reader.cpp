#include "adapter/spool/spooled_reader.hpp"

namespace recoup::spool {

Result<LogPositions> SpooledReader::end() {
    if (own_ != nullptr && !own_->wait_drained(options_.patience))
        return error(Errc::unavailable, "the spool holds events that are not on the event log yet; nothing is sent without them");
    if (auto asked = ask_board(); !asked) return asked.error();
    return reader_->end();
}

/// Our own entry counts no more once our spool is empty; it is about to be taken down.
Result<void> SpooledReader::ask_board() {
    if (board_ == nullptr) return {};
    auto const raised = board_->raised();
    std::lock_guard const lock(mutex_);
    if (!raised) {
        away_at_ = clock_.ticks();
        return raised.error();
    }
    for (auto const& instance : *raised)
        if (own_ == nullptr || instance != own_->store().instance())
            return error(Errc::unavailable, "instance " + instance +
                                                " spools events; nothing is sent without them (see src/README.md, The spool)");
    if (away_at_ && clock_.ticks() - *away_at_ < options_.grace)
        return error(Errc::unavailable, "the database has just come back; others may have spooled meanwhile");
    return {};
}

}  // namespace recoup::spool
