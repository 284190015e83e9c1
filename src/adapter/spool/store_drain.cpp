// Reading closed segments, and what becomes of them.
#include "adapter/spool/store.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

namespace recoup::spool {
namespace {

constexpr int reads_of_a_segment = 5;   // then it is set aside

std::size_t bytes_of(LogRecord const& record) { return record.key.size() + record.value.size(); }

}  // namespace

Result<Store::Batch> Store::next(std::size_t max_records, std::size_t max_bytes) {
    for (;;) {
        if (!reading_) {
            auto const front = close_front();
            if (!front) return Batch{};
            if (auto loaded = load(*front); !loaded) return loaded.error();
        }
        auto batch = slice(max_records, max_bytes);
        if (!batch.records.empty()) return batch;
        finish_reading();
    }
}

/// Whoever writes begins a new segment then.
std::optional<Store::Segment> Store::close_front() {
    {
        std::lock_guard const lock(mutex_);
        if (segments_.empty()) return std::nullopt;
        if (!segments_.front().open) return segments_.front();
    }
    std::lock_guard const writing(writing_);
    std::lock_guard const lock(mutex_);
    if (segments_.front().open) file_.reset();
    segments_.front().open = false;
    return segments_.front();
}

Result<void> Store::load(Segment const& segment) {
    auto const content = folder_->read(segment_name(segment.id));
    if (!content) {
        if (++failed_reads_ == reads_of_a_segment) {
            spdlog::error("spool: segment={} cannot be read: {}", segment.id, content.error().message);
            set_aside(segment.id);
        }
        return content.error();
    }
    failed_reads_ = 0;
    auto scan = scan_segment(*content);
    Reading reading;
    reading.id = segment.id;
    reading.keep = scan.damaged_places > 0 && (segment.inherited || scan.records.size() < segment.acknowledged);
    if (reading.keep) {
        metrics_.add(Metric::spool_damaged, {}, static_cast<double>(scan.damaged_places));
        spdlog::error("spool: damaged places={} bytes={} readable={} segment={}; it is kept as damaged-{:016x}",
                      scan.damaged_places, scan.damaged_bytes, scan.records.size(), segment.id, segment.id);
    }
    std::erase_if(scan.records, [&](auto const& record) { return record.sequence < position_; });
    reading.records = std::move(scan.records);
    reading_ = std::move(reading);
    return {};
}

Store::Batch Store::slice(std::size_t max_records, std::size_t max_bytes) const {
    Batch batch;
    std::size_t taken = 0;
    for (auto i = reading_->next; i < reading_->records.size() && batch.records.size() < max_records; ++i) {
        auto const& [sequence, record] = reading_->records[i];
        if (!batch.records.empty() && taken + bytes_of(record) > max_bytes) break;
        taken += bytes_of(record);
        batch.records.push_back(record);
        batch.last_sequence = sequence;
    }
    return batch;
}

void Store::drained(Batch const& batch) {
    metrics_.add(Metric::spool_drained, {}, static_cast<double>(batch.records.size()));
    advance(batch);
}

Result<void> Store::refuse(Batch const& batch) {
    SegmentHeader header;
    header.created_at = clock_.now();
    random_.fill(header.salt);
    auto content = encode_header(header);
    for (auto const& record : batch.records) encode_record(content, header, batch.last_sequence, record);
    auto const name = fmt::format("refused-{:016x}", batch.last_sequence);
    if (auto kept = replace(name, content); !kept) return kept;
    if (auto kept = folder_->sync(); !kept) return kept;
    metrics_.add(Metric::spool_damaged);
    spdlog::error("spool: the event log refuses an event for good; it is kept as {}", name);
    advance(batch);
    return {};
}

void Store::advance(Batch const& batch) {
    position_ = batch.last_sequence + 1;
    reading_->next += batch.records.size();
    if (auto kept = replace("position", encode_position(position_)); !kept)
        spdlog::warn("spool: the position is not kept, a restart would drain some events twice: {}", kept.error().message);
    std::lock_guard const lock(mutex_);
    auto& left = segments_.front().records;
    left -= std::min(left, batch.records.size());
}

void Store::finish_reading() {
    auto const id = reading_->id;
    bool const keep = reading_->keep;
    reading_.reset();
    if (keep) return set_aside(id);
    if (auto removed = folder_->remove(segment_name(id)); !removed)
        spdlog::warn("spool: the drained segment={} stays: {}", id, removed.error().message);
    drop_front();
}

void Store::set_aside(std::uint64_t id) {
    if (auto renamed = folder_->rename(segment_name(id), fmt::format("damaged-{:016x}", id)); !renamed)
        spdlog::error("spool: segment={} cannot be set aside: {}", id, renamed.error().message);
    failed_reads_ = 0;
    drop_front();
}

void Store::drop_front() {
    std::lock_guard const lock(mutex_);
    segments_.pop_front();
}

}  // namespace recoup::spool
