// From the spool to the log, and the way back to direct appends.
#include "adapter/spool/spooled_log.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <future>

namespace recoup::spool {
namespace {

constexpr Millis first_pause{50}, longest_pause{1'000};
constexpr Millis pause_when_refused{500};
constexpr Millis look_again{5};   // the spool's writer is at work

}  // namespace

void SpooledLog::drain_until_stopped() {
    auto pause = first_pause;
    for (;;) {
        {
            std::unique_lock lock(mutex_);
            changed_.wait(lock, [&] { return stopping_ || mode_ != Mode::direct; });
            if (stopping_) return;
        }
        bool const drained = drain_some();
        std::unique_lock lock(mutex_);
        if (!drained) changed_.wait_for(lock, pause, [&] { return stopping_; });
        pause = drained ? first_pause : std::min(2 * pause, longest_pause);
    }
}

/// False when the log or the disk does not let it.
bool SpooledLog::drain_some() {
    hand_over();
    auto const batch = store_->next(drain_limit_, options_.drain_bytes);
    if (!batch) return false;
    if (batch->records.empty()) {
        bool const refused = writer_.refusing();   // then the log is asked again now and then, not for every append
        if (!refused && finish()) return true;
        {
            std::unique_lock lock(mutex_);
            changed_.wait_for(lock, refused ? pause_when_refused : look_again, [&] { return stopping_; });
        }
        return !refused || finish();
    }
    auto const appended = append_and_wait(batch->records);
    if (appended) {
        store_->drained(*batch);
        drain_limit_ = std::min(2 * drain_limit_, options_.drain_records);
        std::lock_guard const lock(mutex_);
        drain_works_ = true;
        return true;
    }
    refused_batch(*batch, appended.error());
    std::lock_guard const lock(mutex_);
    if (mode_ == Mode::handing_over) all_to_spool();
    return false;
}

Result<void> SpooledLog::append_and_wait(std::vector<LogRecord> records) {
    auto const answer = std::make_shared<std::promise<Result<void>>>();
    log_->append(std::move(records), [answer](Result<void> result) { answer->set_value(std::move(result)); });
    return answer->get_future().get();
}

/// One record that the log never takes must not hold up the rest: smaller batches find it.
void SpooledLog::refused_batch(Store::Batch const& batch, Error const& failure) {
    spdlog::debug("spool: not drained: {}", failure.message);
    if (failure.code != Errc::too_large && failure.code != Errc::invalid) return;
    drain_limit_ = std::max<std::size_t>(batch.records.size() / 2, 1);
    if (batch.records.size() > 1) return;
    if (auto kept = store_->refuse(batch); !kept) spdlog::error("spool: {}", kept.error().message);
}

/// Only while the log takes batches, and when one more will do.
void SpooledLog::hand_over() {
    std::lock_guard const lock(mutex_);
    bool const little = store_->records() + writer_.queued() <= options_.drain_records;
    if (mode_ == Mode::spooling && little && drain_works_) mode_ = Mode::handing_over;
}

/// Appends are pushed to the writer under the mutex only: an idle writer and an empty store mean that everything
/// acknowledged is on the log.
bool SpooledLog::finish() {
    std::lock_guard const lock(mutex_);
    if (!writer_.idle() || !store_->empty()) return false;
    mode_ = Mode::direct;
    for (auto const& append : open_) {
        if (append->place != Place::held || append->answered) continue;
        send(append);
        if (!refused_) continue;
        all_to_spool();   // with those that were to follow it
        return true;
    }
    spdlog::info("the spool is drained; events go to the event log again");
    raiser_.lower();
    changed_.notify_all();
    return true;
}

void SpooledLog::close() {
    std::call_once(closing_, [&] {
        wait_for_close();
        log_->close();   // also ends a batch of the drain that is under way
        drain_.join();
        writer_.stop();
        raiser_.stop();
        {
            std::lock_guard const lock(watch_mutex_);
            watch_stopping_ = true;
        }
        watch_changed_.notify_all();
        watch_.join();
    });
}

void SpooledLog::wait_for_close() {
    std::unique_lock lock(mutex_);
    closed_ = true;
    for (forget_answered(); !open_.empty(); forget_answered()) changed_.wait_for(lock, look_again);
    changed_.wait_for(lock, options_.close_drain, [&] { return mode_ == Mode::direct; });
    stopping_ = true;
    changed_.notify_all();
}

}  // namespace recoup::spool
