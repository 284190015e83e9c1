#pragma once
// log_batch.payload: records in offset order, protobuf inside one zstd frame.

#include "recoup/port/event_log.hpp"

#include <string_view>

namespace recoup::postgres {

inline constexpr int payload_codec_zstd = 1;
inline constexpr std::string_view log_name = "postgres";   // under which its positions are stored
inline constexpr int shard = 0;   // of log_batch; there is one

/// Behind those that are in `plain` already.
void add_record(std::string& plain, LogRecord const& record);

/// What add_record made, as it is stored.
std::string compress_records(std::string_view plain);

/// Both at once.
std::string pack_records(std::vector<LogRecord> const& records);

/// Errc::invalid when the bytes are damaged or do not hold exactly `count` records, Errc::internal for an unknown codec.
Result<std::vector<LogRecord>> unpack_records(int codec, std::string_view payload, std::size_t count);

}  // namespace recoup::postgres
