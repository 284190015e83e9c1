#include "adapter/spool/writer.hpp"

#include "recoup/base/limits.hpp"

#include <pthread.h>

namespace recoup::spool {
namespace {

constexpr Millis news{5'000};
constexpr std::size_t batch_bytes = 4 * 1024 * 1024;   // more would make the first of them wait

}  // namespace

Writer::Writer(Store& store, Clock const& clock, BeforeAnswers before_answers)
    : store_(store), clock_(clock), before_answers_(std::move(before_answers)), thread_([this] { write_until_stopped(); }) {
    pthread_setname_np(thread_.native_handle(), "spool-writer");
}

Result<void> Writer::push(WaitingAppend append) {
    {
        std::lock_guard const lock(mutex_);
        bool const full = records_ + append->records.size() > limits::append_queue_records ||
                          bytes_ + append->bytes > limits::append_queue_bytes;
        if (stopping_ || full) return error(Errc::overloaded, "too much waits for the spool; try again later");
        records_ += append->records.size();
        bytes_ += append->bytes;
        waiting_.push_back(std::move(append));
    }
    changed_.notify_one();
    return {};
}

bool Writer::idle() const {
    std::lock_guard const lock(mutex_);
    return waiting_.empty() && !busy_;
}

std::size_t Writer::queued() const {
    std::lock_guard const lock(mutex_);
    return records_;
}

bool Writer::refusing() const {
    auto const at = refused_at_.load();
    return at != 0 && clock_.ticks() - std::chrono::nanoseconds{at} < news;
}

void Writer::stop() {
    {
        std::lock_guard const lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable()) thread_.join();
}

void Writer::write_until_stopped() {
    for (;;) {
        auto const appends = take();
        if (appends.empty()) return;
        write(appends);
        std::lock_guard const lock(mutex_);
        busy_ = false;
    }
}

std::vector<WaitingAppend> Writer::take() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return stopping_ || !waiting_.empty(); });
    std::vector<WaitingAppend> taken;
    for (std::size_t bytes = 0; !waiting_.empty() && (taken.empty() || bytes + waiting_.front()->bytes <= batch_bytes);) {
        bytes += waiting_.front()->bytes;
        bytes_ -= waiting_.front()->bytes;
        records_ -= waiting_.front()->records.size();
        taken.push_back(std::move(waiting_.front()));
        waiting_.pop_front();
    }
    busy_ = !taken.empty();
    return taken;
}

/// What was answered meanwhile, by the log or by the watch, needs no place.
void Writer::write(std::vector<WaitingAppend> const& appends) {
    std::vector<LogRecord const*> records;
    bool stops = false;
    for (auto const& append : appends) {
        if (append->answered) continue;
        stops = stops || append->stops;
        for (auto const& record : append->records) records.push_back(&record);
    }
    if (records.empty()) return;
    auto const written = store_.append(records);
    refused_at_ = written ? 0 : clock_.ticks().count();
    if (written) before_answers_(stops);
    for (auto const& append : appends) append->answer(written);
}

}  // namespace recoup::spool
