// Taking appends and watching over their answers; spooled_log_drain.cpp moves the spool to the log.
#include "adapter/spool/spooled_log.hpp"

#include "recoup/base/limits.hpp"

#include <pthread.h>
#include <spdlog/spdlog.h>

#include <algorithm>

namespace recoup::spool {
namespace {

/// The log may take it later; anything else is about the records.
bool passes(Error const& failure) { return failure.code == Errc::unavailable || failure.code == Errc::overloaded; }

}  // namespace

SpooledLog::SpooledLog(Options options, std::unique_ptr<EventLog> log, std::unique_ptr<Store> store, DetourBoard* board,
                       Clock const& clock, Metrics& metrics)
    : options_(options),
      log_(std::move(log)),
      store_(std::move(store)),
      clock_(clock),
      metrics_(metrics),
      raiser_(board, store_->instance(), clock, options_.board_patience),
      writer_(*store_, clock_,
              [this](bool stops) {
                  if (stops) ++detours_;   // before the answer: a claim that is open now must not send
                  raiser_.settle();
              }),
      mode_(store_->empty() ? Mode::direct : Mode::spooling),
      drain_limit_(options_.drain_records) {
    if (mode_ == Mode::spooling) raiser_.raise();
    watch_ = std::thread([this] { watch_until_stopped(); });
    pthread_setname_np(watch_.native_handle(), "spool-watch");
    drain_ = std::thread([this] { drain_until_stopped(); });
    pthread_setname_np(drain_.native_handle(), "spool-drain");
}

SpooledLog::~SpooledLog() { close(); }

void SpooledLog::append(std::vector<LogRecord> records, Done done) {
    if (records.empty()) return done({});
    auto const append = std::make_shared<Waiting>();
    append->records = std::move(records);
    append->done = std::move(done);
    append->since = clock_.ticks();
    for (auto const& record : append->records) {
        append->bytes += record.key.size() + record.value.size();
        append->stops = append->stops || !record.stops.empty();
    }
    if (auto const fits = check(*append); !fits) return append->answer(fits);
    std::lock_guard const lock(mutex_);
    if (closed_) return append->answer(error(Errc::overloaded, "the event log is closed"));
    forget_answered();
    if (refused_) all_to_spool();   // it comes first
    open_.push_back(append);
    switch (mode_) {
        case Mode::direct: return send(append);
        case Mode::spooling: return to_spool(append);
        case Mode::handing_over: append->place = Place::held; return;
    }
}

/// What the spool takes must pass into the log later.
Result<void> SpooledLog::check(Waiting const& append) const {
    bool const large = std::ranges::any_of(append.records, [&](auto const& record) {
        return record.key.size() + record.value.size() > options_.record_bytes;
    });
    if (large) return error(Errc::too_large, "a record is larger than the event log takes");
    if (append.records.size() > limits::append_queue_records || append.bytes > limits::append_queue_bytes)
        return error(Errc::too_large, "one append is larger than the whole queue of the event log");
    return {};
}

/// Under the mutex, so that the log sees appends in their order. The log may answer inside append(), hence no lock on it there.
void SpooledLog::send(WaitingAppend const& append) {
    append->place = Place::direct;
    auto records = append->records;
    log_->append(std::move(records), [this, append](Result<void> const& result) {
        if (result && writer_.refusing()) writer_.forget_refusal();
        if (result || !passes(result.error())) return append->answer(result);
        append->refused = true;
        refused_ = true;
        wake_watch();
    });
}

void SpooledLog::to_spool(WaitingAppend const& append) {
    append->place = Place::spool;
    if (auto pushed = writer_.push(append); !pushed) append->answer(pushed);
}

/// In their order, so that what came first is first on the spool too.
void SpooledLog::all_to_spool() {
    if (mode_ == Mode::direct) {
        spdlog::warn("the event log does not answer; events go to the spool");
        raiser_.raise();
    }
    refused_ = false;
    drain_works_ = false;
    mode_ = Mode::spooling;
    for (auto const& append : open_)
        if (append->place != Place::spool && !append->answered) to_spool(append);
    changed_.notify_all();
}

void SpooledLog::forget_answered() {
    while (!open_.empty() && open_.front()->answered) open_.pop_front();
}

void SpooledLog::wake_watch() {
    {
        std::lock_guard const lock(watch_mutex_);
        watch_woken_ = true;
    }
    watch_changed_.notify_one();
}

void SpooledLog::watch_until_stopped() {
    for (;;) {
        auto const rest = watch();
        std::unique_lock lock(watch_mutex_);
        watch_changed_.wait_for(lock, rest, [&] { return watch_woken_ || watch_stopping_; });
        watch_woken_ = false;
        if (watch_stopping_) return;
    }
}

/// Returns how long nothing can fall due.
std::chrono::nanoseconds SpooledLog::watch() {
    std::lock_guard const lock(mutex_);
    forget_answered();
    auto const now = clock_.ticks();
    bool const late = std::ranges::any_of(open_, [&](auto const& append) {
        return append->place != Place::spool && !append->answered && (append->refused || now - append->since >= options_.after);
    });
    if (late) all_to_spool();
    std::chrono::nanoseconds rest = options_.after;   // whatever comes meanwhile has at least that long
    for (auto const& append : open_) {
        if (append->answered) continue;
        auto const age = now - append->since;
        if (age >= options_.answer_within) append->answer(error(Errc::unavailable, "neither the event log nor the spool answers"));
        auto const limit = append->place == Place::spool ? options_.answer_within : options_.after;
        rest = std::min(rest, std::max<std::chrono::nanoseconds>(limit - age, Millis{1}));
    }
    return rest;
}

bool SpooledLog::holding() const {
    std::lock_guard const lock(mutex_);
    return mode_ != Mode::direct;
}

bool SpooledLog::wait_drained(Millis patience) const {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, patience, [&] { return mode_ == Mode::direct || stopping_; }) &&
           mode_ == Mode::direct;
}

void SpooledLog::measure() const {
    auto const since = store_->oldest();
    metrics_.set(Metric::spool_state, refusing() ? 2 : (holding() ? 1 : 0));
    metrics_.set(Metric::spool_bytes, static_cast<double>(store_->bytes()));
    metrics_.set(Metric::spool_events, static_cast<double>(store_->records()));
    metrics_.set(Metric::spool_oldest_age,
                 since == never ? 0 : std::chrono::duration<double>(clock_.now() - since).count());
}

}  // namespace recoup::spool
