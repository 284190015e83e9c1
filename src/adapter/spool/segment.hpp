#pragma once
// A segment file: a header twice, then records. All numbers little-endian.
//
//   header   magic[8] version:u32 id:u64 created_ms:i64 salt[16] crc:u32                      48 bytes, two copies
//   record   marker:u32 length:u32 crc:u32 sequence:u64 payload[length]
//   payload  key_length:u32 key stop_count:u32 stop:i64... value
//
// A CRC is CRC-32C (Castagnoli). That of a record covers the salt, marker, length, sequence and payload. The salt is random
// for each file, so that nobody can send us a value that holds what a reader behind a damaged place takes for a record.

#include "recoup/base/time.hpp"
#include "recoup/port/event_log.hpp"

#include <array>
#include <optional>
#include <span>

namespace recoup::spool {

struct SegmentHeader {
    std::uint64_t id = 0;
    Instant created_at{};
    std::array<std::uint8_t, 16> salt{};
};

struct SpooledRecord {
    std::uint64_t sequence = 0;   // grows with every record of the spool, never begins again
    LogRecord record;
};

inline constexpr std::size_t segment_header_bytes = 96;

std::uint32_t crc32c(std::span<std::string_view const> parts);

std::string encode_header(SegmentHeader const& header);
void encode_record(std::string& out, SegmentHeader const& header, std::uint64_t sequence, LogRecord const& record);

struct Scan {
    std::optional<SegmentHeader> header;   // none: both copies are damaged, nothing can be verified
    std::vector<SpooledRecord> records;    // every valid one, also behind damaged places, in order
    std::size_t damaged_places = 0;        // each may have held several records
    std::size_t damaged_bytes = 0;         // that belong neither to the header nor to a valid record
};

/// Total: whatever the bytes are.
Scan scan_segment(std::string_view bytes);

}  // namespace recoup::spool
