#include "adapter/postgres/log_queue.hpp"

namespace recoup::postgres {

Result<void> LogQueue::push(Append& append) {
    append.bytes = 0;
    for (auto const& record : append.records) append.bytes += record.key.size() + record.value.size();
    if (append.records.size() > max_records_ || append.bytes > max_bytes_)
        return error(Errc::too_large, "one append is larger than the whole queue of the event log");
    {
        std::lock_guard lock(mutex_);
        if (closed_) return error(Errc::overloaded, "the event log is closed");
        if (records_ + append.records.size() > max_records_ || bytes_ + append.bytes > max_bytes_)
            return error(Errc::overloaded, "the queue of the event log is full; try again later");
        records_ += append.records.size();
        bytes_ += append.bytes;
        waiting_.push_back(std::move(append));
    }
    changed_.notify_one();
    return {};
}

std::vector<LogQueue::Append> LogQueue::take(std::size_t records, std::size_t bytes) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return closed_ || !waiting_.empty(); });
    std::vector<Append> taken;
    std::size_t taken_records = 0, taken_bytes = 0;
    while (!waiting_.empty()) {
        auto& next = waiting_.front();
        bool const fits = taken_records + next.records.size() <= records && taken_bytes + next.bytes <= bytes;
        if (!taken.empty() && !fits) break;
        taken_records += next.records.size();
        taken_bytes += next.bytes;
        taken.push_back(std::move(next));
        waiting_.pop_front();
    }
    records_ -= taken_records;
    bytes_ -= taken_bytes;
    return taken;
}

void LogQueue::close() {
    {
        std::lock_guard lock(mutex_);
        closed_ = true;
    }
    changed_.notify_all();
}

}  // namespace recoup::postgres
