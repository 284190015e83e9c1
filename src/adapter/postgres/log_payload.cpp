#include "adapter/postgres/log_payload.hpp"

#include "core/codec/wire_writer.hpp"

#include "recoup/base/assert.hpp"
#include "recoup/base/limits.hpp"
#include "recoup/event/v1/event.pb.h"

#include <zstd.h>

#include <memory>

namespace recoup::postgres {
namespace {

// Half the time of level 1 for 1.4 times the bytes, of which the disk notices nothing; level 3 saves nothing more.
constexpr int level = -1;
constexpr std::size_t unpacked_bytes_limit = 4 * limits::append_queue_bytes;

Error damaged() { return error(Errc::invalid, "a batch of the event log is damaged; restore it from a backup"); }

}  // namespace

std::string pack_records(std::vector<LogRecord> const& records) {
    using Batch = event::v1::RecordBatch;
    using Record = event::v1::RecordBatch_Record;
    thread_local std::unique_ptr<ZSTD_CCtx, decltype(&ZSTD_freeCCtx)> const context(ZSTD_createCCtx(), &ZSTD_freeCCtx);
    constexpr std::size_t around = 32;   // a record's tags and lengths
    std::size_t bytes = 0;
    for (auto const& record : records) bytes += record.key.size() + record.value.size() + around;
    std::string room(bytes, '\0');
    core::WireWriter out(room);
    for (auto const& record : records) {
        auto const added = out.open(Batch::kRecordsFieldNumber);
        out.bytes(Record::kKeyFieldNumber, record.key);
        out.bytes(Record::kValueFieldNumber, record.value);
    }
    auto const plain = out.written();
    std::string packed(ZSTD_compressBound(plain.size()), '\0');
    auto const size = ZSTD_compressCCtx(context.get(), packed.data(), packed.size(), plain.data(), plain.size(), level);
    RECOUP_ASSERT(!ZSTD_isError(size));
    packed.resize(size);
    return packed;
}

Result<std::vector<LogRecord>> unpack_records(int codec, std::string_view payload, std::size_t count) {
    if (codec != payload_codec_zstd)
        return error(Errc::internal, "a batch of the event log has an unknown codec; run a newer recoup");
    auto const size = ZSTD_getFrameContentSize(payload.data(), payload.size());
    if (size == ZSTD_CONTENTSIZE_UNKNOWN || size == ZSTD_CONTENTSIZE_ERROR || size > unpacked_bytes_limit)
        return damaged();
    std::string plain(size, '\0');
    auto const got = ZSTD_decompress(plain.data(), plain.size(), payload.data(), payload.size());
    if (ZSTD_isError(got) || got != plain.size()) return damaged();
    event::v1::RecordBatch batch;
    if (!batch.ParseFromString(plain) || static_cast<std::size_t>(batch.records_size()) != count) return damaged();
    std::vector<LogRecord> records;
    records.reserve(count);
    for (auto& record : *batch.mutable_records())
        records.push_back({std::move(*record.mutable_key()), std::move(*record.mutable_value())});
    return records;
}

}  // namespace recoup::postgres
