// Writing, and what all parts share. store_recovery.cpp opens, store_drain.cpp reads.
#include "adapter/spool/store.hpp"

#include <spdlog/spdlog.h>

#include <numeric>

namespace recoup::spool {

std::string segment_name(std::uint64_t id) { return fmt::format("segment-{:016x}", id); }

Store::Store(std::unique_ptr<Folder> folder, Options options, Clock const& clock, Random& random, Metrics& metrics)
    : folder_(std::move(folder)), options_(options), clock_(clock), random_(random), metrics_(metrics) {}

Result<void> Store::append(std::vector<LogRecord const*> const& records) {
    std::lock_guard const writing(writing_);
    if (clock_.ticks() < rest_until_) return error(Errc::unavailable, "the disk of the spool has just failed; it is tried again soon");
    close_full_segment();
    bool const fresh = !file_;
    if (fresh) begin_header();
    std::string buffer = fresh ? encode_header(header_) : std::string{};
    for (auto const* record : records) encode_record(buffer, header_, next_sequence_++, *record);
    if (bytes() + buffer.size() > options_.max_bytes)
        return error(Errc::overloaded, "the spool is full; the event log must come back, or give spool.bytes more");
    if (auto written = write(buffer); !written) {
        abandon_segment(written.error());
        return written;
    }
    acknowledge(records.size(), buffer.size());
    return {};
}

void Store::close_full_segment() {
    std::lock_guard const lock(mutex_);
    if (!file_ || segments_.back().bytes < options_.segment_bytes) return;
    segments_.back().open = false;
    file_.reset();
}

void Store::begin_header() {
    header_.id = next_id_++;
    header_.created_at = clock_.now();
    random_.fill(header_.salt);
}

/// A new file counts once its name is durable too.
Result<void> Store::write(std::string const& bytes) {
    bool const fresh = !file_;
    if (fresh) {
        auto created = folder_->create(segment_name(header_.id));
        if (!created) return created.error();
        file_ = std::move(*created);
    }
    if (auto done = file_->append(bytes); !done) return done;
    if (auto done = file_->sync(); !done) return done;
    return fresh ? folder_->sync() : Result<void>();
}

void Store::acknowledge(std::size_t records, std::size_t bytes) {
    metrics_.add(Metric::spool_appended, {}, static_cast<double>(records));
    std::lock_guard const lock(mutex_);
    if (segments_.empty() || segments_.back().id != header_.id)
        segments_.push_back({header_.id, header_.created_at, 0, 0, 0, true, false});
    auto& segment = segments_.back();
    segment.bytes += bytes;
    segment.records += records;
    segment.acknowledged += records;
}

/// What was acknowledged before the failure is looked for through a fresh descriptor. What was not is no loss; a file that
/// holds nothing else goes away.
void Store::abandon_segment(Error const& failure) {
    metrics_.add(Metric::spool_write_failures);
    rest_until_ = clock_.ticks() + options_.rest_after_fault;
    file_.reset();
    auto const content = folder_->read(segment_name(header_.id));
    auto const found = content ? scan_segment(*content).records.size() : 0;
    std::lock_guard const lock(mutex_);
    bool const listed = !segments_.empty() && segments_.back().id == header_.id;
    auto const acknowledged = listed ? segments_.back().acknowledged : 0;
    spdlog::warn("{}; segment={} is written no more, acknowledged={} readable={}", failure.message, header_.id, acknowledged, found);
    if (listed) {
        segments_.back().open = false;
        if (content) segments_.back().bytes = content->size();
        if (found < acknowledged) spdlog::error("spool: acknowledged events cannot be read back, segment={}", header_.id);
        return;
    }
    if (content && !folder_->remove(segment_name(header_.id)))
        segments_.push_back({header_.id, header_.created_at, content->size(), 0, 0, false, false});
}

bool Store::empty() const {
    std::lock_guard const lock(mutex_);
    return segments_.empty();
}

std::size_t Store::records() const {
    std::lock_guard const lock(mutex_);
    return std::accumulate(segments_.begin(), segments_.end(), std::size_t{0},
                           [](std::size_t sum, Segment const& segment) { return sum + segment.records; });
}

std::size_t Store::bytes() const {
    std::lock_guard const lock(mutex_);
    return std::accumulate(segments_.begin(), segments_.end(), std::size_t{0},
                           [](std::size_t sum, Segment const& segment) { return sum + segment.bytes; });
}

Instant Store::oldest() const {
    std::lock_guard const lock(mutex_);
    return segments_.empty() ? never : segments_.front().created_at;
}

}  // namespace recoup::spool
