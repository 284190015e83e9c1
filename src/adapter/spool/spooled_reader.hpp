#pragma once
// The barrier where there are spools: what was acknowledged from one is not on the log yet, so nobody may decide without it.

#include "adapter/spool/spooled_log.hpp"

#include <optional>

namespace recoup::spool {

class SpooledReader final : public LogReader {
public:
    struct Options {
        Millis patience{5'000};   // end() waits this long for a spool that is being drained
        Millis grace{2'000};      // after the board was away: others may have acknowledged and not yet been able to say so
    };

    /// `own` is the spool of this process; it and `board` may be null, and outlive the reader.
    SpooledReader(Options options, std::unique_ptr<LogReader> reader, SpooledLog const* own, DetourBoard* board,
                  Clock const& clock)
        : options_(options), reader_(std::move(reader)), own_(own), board_(board), clock_(clock) {}

    Result<std::vector<ReadRecord>> poll(std::size_t max, Millis wait) override { return reader_->poll(max, wait); }
    void rewind() override { reader_->rewind(); }
    /// Errc::unavailable while this or another instance holds events that are not on the log.
    Result<LogPositions> end() override;
    std::uint64_t detours() const override { return own_ == nullptr ? 0 : own_->detours(); }
    /// The end of the log alone.
    Result<LogPositions> end_of_log() { return reader_->end(); }

private:
    Result<void> ask_board();

    Options const options_;
    std::unique_ptr<LogReader> const reader_;
    SpooledLog const* const own_;
    DetourBoard* const board_;
    Clock const& clock_;
    std::mutex mutex_;
    std::optional<std::chrono::nanoseconds> away_at_;   // when the board last did not answer
};

}  // namespace recoup::spool
