#include "adapter/postgres/log_queue.hpp"

#include "adapter/postgres/log_payload.hpp"

#include <utility>

namespace recoup::postgres {
namespace {

constexpr std::size_t kept_bytes = 1024 * 1024;   // memory that a group may hold while it is not used

void empty(LogQueue::Group& group) {
    group.plain.clear();
    if (group.plain.capacity() > kept_bytes) group.plain.shrink_to_fit();
    group.records = group.bytes = 0;
    group.stops.clear();
    group.done.clear();
}

}  // namespace

Result<void> LogQueue::push(std::vector<LogRecord> const& records, EventLog::Done& done) {
    std::size_t bytes = 0;
    for (auto const& record : records) bytes += record.key.size() + record.value.size();
    if (records.size() > all_.records || bytes > all_.bytes)
        return error(Errc::too_large, "one append is larger than the whole queue of the event log");
    {
        std::lock_guard lock(mutex_);
        if (closed_) return error(Errc::overloaded, "the event log is closed");
        if (records_ + records.size() > all_.records || bytes_ + bytes > all_.bytes)
            return error(Errc::overloaded, "the queue of the event log is full; try again later");
        records_ += records.size();
        bytes_ += bytes;
        auto& group = gathering(records.size(), bytes);
        group.records += records.size();
        group.bytes += bytes;
        group.done.push_back(std::move(done));
        for (auto const& record : records) {
            add_record(group.plain, record);
            group.stops.insert(group.stops.end(), record.stops.begin(), record.stops.end());
        }
    }
    changed_.notify_one();
    return {};
}

/// Under the mutex: the group that takes so much more.
LogQueue::Group& LogQueue::gathering(std::size_t records, std::size_t bytes) {
    auto const fits = [&](Group const& group) {
        return group.records + records <= of_group_.records && group.bytes + bytes <= of_group_.bytes;
    };
    if (groups_.empty() || !fits(groups_.back())) groups_.push_back(std::exchange(spare_, {}));
    return groups_.back();
}

LogQueue::Group LogQueue::take(Group used) {
    empty(used);
    std::unique_lock lock(mutex_);
    spare_ = std::move(used);
    changed_.wait(lock, [&] { return closed_ || !groups_.empty(); });
    if (groups_.empty()) return {};
    auto group = std::move(groups_.front());
    groups_.pop_front();
    records_ -= group.records;
    bytes_ -= group.bytes;
    return group;
}

void LogQueue::close() {
    {
        std::lock_guard lock(mutex_);
        closed_ = true;
    }
    changed_.notify_all();
}

}  // namespace recoup::postgres
