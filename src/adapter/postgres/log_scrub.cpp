#include "adapter/postgres/log_scrub.hpp"

#include "adapter/postgres/log_payload.hpp"
#include "adapter/postgres/statement.hpp"
#include "core/codec/event_codec.hpp"

namespace recoup::postgres {
namespace {

constexpr std::int64_t batches_at_once = 32;

constexpr Statement lock_run{"scrub_lock",
                             "select run, next_offset, until_offset from log_scrub where shard = $1 for update skip locked"};

// What is not folded yet must stay whole: a wish not to be contacted outlives its person.
constexpr Statement begin_run{
    "scrub_begin",
    "update log_scrub set run = run + 1, next_offset = 0, until_offset = coalesce((select next_offset from tracked_position "
    "where log = $2 and partition = 0), 0) where shard = $1 and exists (select 1 from erasure where not scrubbed) returning run"};
constexpr Statement join_run{"scrub_join", "update erasure set scrub_run = $1 where not scrubbed"};
constexpr Statement end_run{"scrub_end", "update erasure set scrubbed = true where scrub_run = $1 and not scrubbed"};
constexpr Statement move_run{"scrub_move", "update log_scrub set next_offset = $2 where shard = $1"};

constexpr Statement load_erasures{"scrub_load_erasures",
                                  "select shop_id, key_hash, ms_of(erased_at) from erasure where scrub_run = $1 and not scrubbed"};

constexpr Statement fetch_some{
    "scrub_fetch",
    "select base_offset, record_count, codec, payload from log_batch where shard = $1 and base_offset >= $2 and base_offset < $3 "
    "order by base_offset limit $4"};

constexpr Statement rewrite{"scrub_rewrite",
                            "update log_batch set codec = $3, payload = $4 where shard = $1 and base_offset = $2"};

/// The records without the erased, when that changes any.
std::optional<std::vector<LogRecord>> without(std::vector<LogRecord> records, core::ErasedHashes const& erased) {
    bool changed = false;
    for (auto& record : records) {
        auto const event = core::decode_event(record.value);
        if (!event) continue;   // of another version, or damaged: the tracker put it aside
        auto const bare = core::scrubbed(*event, erased);
        if (!bare) continue;
        record = {bare->log_key(), core::encode_event(*bare)};
        changed = true;
    }
    return changed ? std::optional(std::move(records)) : std::nullopt;
}

/// Where the next step goes on.
std::int64_t scrub_some(pqxx::work& tx, std::int64_t from, std::int64_t until, core::ErasedHashes const& erased) {
    std::int64_t next = until;
    std::int64_t seen = 0;
    for (auto const& row : exec(tx, fetch_some, shard, from, until, batches_at_once)) {
        auto const base = row[0].as<std::int64_t>(), count = row[1].as<std::int64_t>();
        if (++seen == batches_at_once) next = base + count;
        pqxx::binarystring const payload(row[3]);
        std::string_view const bytes(reinterpret_cast<char const*>(payload.data()), payload.size());
        auto records = unpack_records(row[2].as<int>(), bytes, static_cast<std::size_t>(count));
        if (!records) continue;
        auto const bare = without(std::move(*records), erased);
        if (!bare) continue;
        auto const packed = pack_records(*bare);
        tx.conn().prepare(rewrite.name, rewrite.sql);   // its payload goes in binary
        tx.exec_prepared(rewrite.name, shard, base, payload_codec_zstd, pqxx::binarystring(packed.data(), packed.size()));
    }
    return next;
}

}  // namespace

Result<bool> LogScrubber::run_once() {
    return run(pool_, [&](pqxx::work& tx) -> bool {
        auto const held = exec(tx, lock_run, shard);
        if (held.empty()) return false;   // another instance is at it
        auto const current = held[0][0].as<std::int64_t>(), next = held[0][1].as<std::int64_t>(), until = held[0][2].as<std::int64_t>();
        if (next >= until) {
            exec(tx, end_run, current);
            auto const begun = exec(tx, begin_run, shard, std::string(log_name));
            if (begun.empty()) return false;
            exec(tx, join_run, begun[0][0].as<std::int64_t>());
            return true;
        }
        if (run_ != current) {
            erased_.clear();
            for (auto const& row : exec(tx, load_erasures, current)) erased_[text(row[0])][text(row[1])] = instant(row[2]);
            run_ = current;
        }
        exec(tx, move_run, shard, scrub_some(tx, next, until, erased_));
        return true;
    });
}

}  // namespace recoup::postgres
