#pragma once
// An event log that does not stall: what the log behind it does not make durable in time goes to the spool on this machine,
// and from there to the log, in order, before anything newer.
//
//   direct         appends go to the log; one that is late or refused takes all that wait with it into the spool
//   spooling       appends go to the spool; the drain moves them to the log in large batches
//   handing_over   little is left: appends are held for a moment, until the last of the spool is on the log; then direct
//
// Order holds within a key for whoever waits for answers, and for appends that the log refuses at once. Appends that were under
// way together when the log refused one of them later may change places. An append that the log answers after the spool took it
// may be on the log twice; readers dedupe by event id.

#include "adapter/spool/raiser.hpp"
#include "adapter/spool/writer.hpp"

namespace recoup::spool {

class SpooledLog final : public EventLog {
public:
    struct Options {
        Millis after{300};                    // the log has this long to answer
        Millis answer_within{900};            // then Errc::unavailable, whatever the disk does
        Millis board_patience{200};           // at most this long is spent on telling other instances
        Millis close_drain{2'000};            // at most this long is drained in close(); the rest waits for the next start
        std::size_t drain_records = 2'000;
        std::size_t drain_bytes = 4 * 1024 * 1024;
        std::size_t record_bytes = 4 * 1024 * 1024 - 1024;   // the largest that the log takes
    };

    /// `board` may be null. Everything given by reference outlives it.
    SpooledLog(Options options, std::unique_ptr<EventLog> log, std::unique_ptr<Store> store, DetourBoard* board,
               Clock const& clock, Metrics& metrics);
    ~SpooledLog() override;

    void append(std::vector<LogRecord> records, Done done) override;
    /// Leaves on the disk what cannot be drained soon.
    void close() override;

    /// Something acknowledged may not be on the log.
    bool holding() const;
    /// Neither the log nor the spool takes events.
    bool refusing() const { return writer_.refusing(); }
    /// holding() is over, at the latest after `patience`: whether it is.
    bool wait_drained(Millis patience) const;
    /// How many batches with stops were ever acknowledged from the spool.
    std::uint64_t detours() const { return detours_; }
    Store const& store() const { return *store_; }
    /// Sets the gauges.
    void measure() const;

private:
    enum class Mode : unsigned char { direct, spooling, handing_over };

    Result<void> check(Waiting const& append) const;
    void send(WaitingAppend const& append);
    void to_spool(WaitingAppend const& append);
    void all_to_spool();
    void forget_answered();

    void watch_until_stopped();
    std::chrono::nanoseconds watch();
    void wake_watch();

    void drain_until_stopped();
    bool drain_some();
    Result<void> append_and_wait(std::vector<LogRecord> records);
    void refused_batch(Store::Batch const& batch, Error const& failure);
    void hand_over();
    bool finish();
    void wait_for_close();

    Options const options_;
    std::unique_ptr<EventLog> const log_;
    std::unique_ptr<Store> const store_;
    Clock const& clock_;
    Metrics& metrics_;
    std::atomic<std::uint64_t> detours_{0};
    Raiser raiser_;
    Writer writer_;

    mutable std::mutex mutex_;
    mutable std::condition_variable changed_;
    Mode mode_ = Mode::direct;
    std::deque<WaitingAppend> open_;          // in the order of append(); the first is not answered
    std::atomic<bool> refused_{false};        // an append waits for the watch to take it to the spool
    bool closed_ = false, stopping_ = false;
    bool drain_works_ = false;                // the log has taken a batch since events went to the spool
    std::size_t drain_limit_;                 // records; less after the log refused a batch for good

    std::mutex watch_mutex_;                  // taken after mutex_
    std::condition_variable watch_changed_;
    bool watch_woken_ = false, watch_stopping_ = false;

    std::once_flag closing_;
    std::thread watch_, drain_;  // the last members: they use all others
};

}  // namespace recoup::spool
