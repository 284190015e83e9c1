#include "adapter/postgres/log_payload.hpp"

#include "recoup/base/assert.hpp"
#include "recoup/base/limits.hpp"
#include "recoup/event/v1/event.pb.h"

#include <zstd.h>

namespace recoup::postgres {
namespace {

constexpr int level = 1;  // several times faster than the disk; higher levels save little on small protobuf records
constexpr std::size_t unpacked_bytes_limit = 4 * limits::append_queue_bytes;

Error damaged() { return error(Errc::internal, "a batch of the event log is damaged; restore it from a backup"); }

}  // namespace

std::string pack_records(std::vector<LogRecord> records) {
    event::v1::RecordBatch batch;
    for (auto& record : records) {
        auto& added = *batch.add_records();
        added.set_key(std::move(record.key));
        added.set_value(std::move(record.value));
    }
    auto const plain = batch.SerializeAsString();
    std::string packed(ZSTD_compressBound(plain.size()), '\0');
    auto const size = ZSTD_compress(packed.data(), packed.size(), plain.data(), plain.size(), level);
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
