#pragma once
// The spool on its folder: records go in at one end, durable when append() returns, and come out at the other in the same
// order. Segments are written once, read when they are closed, removed when they are drained; one in which anything is damaged
// is kept under the name damaged-*, for people. The position up to which everything is drained survives a restart.

#include "adapter/spool/folder.hpp"
#include "adapter/spool/segment.hpp"

#include "recoup/base/clock.hpp"
#include "recoup/base/random.hpp"
#include "recoup/port/metrics.hpp"

#include <deque>
#include <mutex>

namespace recoup::spool {

/// append() belongs to one thread, next() and drained() to another; the rest to everybody.
class Store {
public:
    struct Options {
        std::size_t max_bytes = 1024 * 1024 * 1024;     // of segments that are not drained
        std::size_t segment_bytes = 16 * 1024 * 1024;
        Millis rest_after_fault{1'000};                 // no write is tried for this long
    };
    struct Batch {
        std::vector<LogRecord> records;                 // empty: there is nothing to drain
        std::uint64_t last_sequence = 0;
    };

    /// Reads what an earlier process left.
    static Result<std::unique_ptr<Store>> open(std::unique_ptr<Folder> folder, Options options, Clock const& clock,
                                               Random& random, Metrics& metrics);

    /// All or none. Errc::overloaded: the spool or the disk is full; Errc::unavailable: the disk failed. The segment and the
    /// descriptor that failed are never used again; a new one is tried after the rest.
    Result<void> append(std::vector<LogRecord const*> const& records);

    /// The oldest records, the same ones until drained(). Errc::unavailable: the segment cannot be read now.
    Result<Batch> next(std::size_t max_records, std::size_t max_bytes);
    void drained(Batch const& batch);
    /// The log refuses the one record of `batch` for good: kept as refused-<sequence>, out of the way of the others.
    Result<void> refuse(Batch const& batch);

    /// Nothing is left to drain.
    bool empty() const;
    std::size_t records() const;
    std::size_t bytes() const;
    /// When the oldest segment was begun; never = empty.
    Instant oldest() const;
    /// Stays the same as long as the folder does.
    std::string const& instance() const { return instance_; }

private:
    struct Segment {
        std::uint64_t id = 0;
        Instant created_at{};
        std::size_t bytes = 0;
        std::size_t records = 0;        // acknowledged, or found at the start, and not drained
        std::size_t acknowledged = 0;   // by this process
        bool open = false;
        bool inherited = false;         // from an earlier process: how many it acknowledged is not known
    };
    struct Reading {
        std::uint64_t id = 0;
        std::vector<SpooledRecord> records;
        std::size_t next = 0;
        bool keep = false;              // something in it may have been acknowledged and cannot be read
    };

    Store(std::unique_ptr<Folder> folder, Options options, Clock const& clock, Random& random, Metrics& metrics);
    Result<void> recover();
    void recover_position(std::vector<Folder::Entry> const& entries);
    void recover_instance(std::vector<Folder::Entry> const& entries);
    void recover_segment(std::uint64_t id, std::size_t bytes);

    void close_full_segment();
    void begin_header();
    Result<void> write(std::string const& bytes);
    void acknowledge(std::size_t records, std::size_t bytes);
    void abandon_segment(Error const& failure);

    std::optional<Segment> close_front();
    Result<void> load(Segment const& segment);
    Batch slice(std::size_t max_records, std::size_t max_bytes) const;
    void advance(Batch const& batch);
    void finish_reading();
    void set_aside(std::uint64_t id);
    void drop_front();
    Result<void> replace(std::string const& name, std::string_view content);

    std::unique_ptr<Folder> const folder_;
    Options const options_;
    Clock const& clock_;
    Random& random_;
    Metrics& metrics_;
    std::string instance_;

    std::mutex writing_;                       // the next five; taken before mutex_
    std::unique_ptr<File> file_;
    SegmentHeader header_;                     // of file_, or of the one that is about to be made
    std::uint64_t next_id_ = 1, next_sequence_ = 1;
    std::chrono::nanoseconds rest_until_{0};

    std::uint64_t position_ = 1;               // everything below is drained; this and the next two are the draining thread's
    std::optional<Reading> reading_;
    int failed_reads_ = 0;

    mutable std::mutex mutex_;
    std::deque<Segment> segments_;             // the oldest first; only the last may be open
};

/// "segment-00000000000000ff".
std::string segment_name(std::uint64_t id);
/// Content of the file "position".
std::string encode_position(std::uint64_t position);

}  // namespace recoup::spool
