#include "adapter/postgres/log_payload.hpp"

#include "recoup/base/assert.hpp"
#include "recoup/base/limits.hpp"
#include "recoup/event/v1/event.pb.h"

#include <zstd.h>

#include <algorithm>
#include <memory>

namespace recoup::postgres {
namespace {

// Half the time of level 1 for 1.4 times the bytes, of which the disk notices nothing; level 3 saves nothing more.
constexpr int level = -1;
constexpr std::size_t unpacked_bytes_limit = 4 * limits::append_queue_bytes;

// Protobuf's wire format: a record's length is known before it is written, so it goes where it stays.
constexpr std::uint64_t tag_of(int field) { return static_cast<std::uint64_t>(field) << 3 | 2; }

std::size_t number_size(std::uint64_t value) {
    std::size_t size = 1;
    for (; value >= 0x80; value >>= 7) ++size;
    return size;
}

void add_number(std::string& to, std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) to += static_cast<char>(value | 0x80);
    to += static_cast<char>(value);
}

/// With a tag of one byte; an empty one is left out, as proto3 wants it.
std::size_t field_size(std::string_view value) { return value.empty() ? 0 : 1 + number_size(value.size()) + value.size(); }

void add_field(std::string& to, int field, std::string_view value) {
    if (value.empty()) return;
    add_number(to, tag_of(field));
    add_number(to, value.size());
    to += value;
}

Error damaged() { return error(Errc::invalid, "a batch of the event log is damaged; restore it from a backup"); }

}  // namespace

void add_record(std::string& plain, LogRecord const& record) {
    using Batch = event::v1::RecordBatch;
    using Record = event::v1::RecordBatch_Record;
    auto const length = field_size(record.key) + field_size(record.value);
    add_number(plain, tag_of(Batch::kRecordsFieldNumber));
    add_number(plain, length);
    add_field(plain, Record::kKeyFieldNumber, record.key);
    add_field(plain, Record::kValueFieldNumber, record.value);
}

std::string compress_records(std::string_view plain) {
    thread_local std::unique_ptr<ZSTD_CCtx, decltype(&ZSTD_freeCCtx)> const context(ZSTD_createCCtx(), &ZSTD_freeCCtx);
    thread_local std::vector<char> room;   // once it is large enough nothing is cleared and no page asked for
    room.resize(std::max(room.size(), ZSTD_compressBound(plain.size())));
    auto const size = ZSTD_compressCCtx(context.get(), room.data(), room.size(), plain.data(), plain.size(), level);
    RECOUP_ASSERT(!ZSTD_isError(size));
    return {room.data(), size};
}

std::string pack_records(std::vector<LogRecord> const& records) {
    std::string plain;
    for (auto const& record : records) add_record(plain, record);
    return compress_records(plain);
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
