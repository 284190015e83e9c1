#include "adapter/spool/segment.hpp"

#include "adapter/spool/bytes.hpp"

#include <boost/crc.hpp>

#include <algorithm>

namespace recoup::spool {
namespace {

constexpr std::string_view magic = "RCPSPOOL";
constexpr std::uint32_t version = 1;
constexpr std::uint32_t marker = 0x5EC0A5ED;
constexpr std::size_t header_copy_bytes = segment_header_bytes / 2;
constexpr std::size_t record_head_bytes = 20;

std::string_view text_of(std::array<std::uint8_t, 16> const& salt) {
    return {reinterpret_cast<char const*>(salt.data()), salt.size()};
}

std::optional<SegmentHeader> header_copy(std::string_view bytes) {
    if (bytes.size() < header_copy_bytes) return std::nullopt;
    auto rest = bytes.substr(0, header_copy_bytes);
    std::array const covered{rest.substr(0, header_copy_bytes - sizeof(std::uint32_t))};
    if (!rest.starts_with(magic)) return std::nullopt;
    rest.remove_prefix(magic.size());
    SegmentHeader header;
    std::uint32_t found_version = 0, crc = 0;
    std::int64_t created_ms = 0;
    take(rest, found_version);
    take(rest, header.id);
    take(rest, created_ms);
    std::copy_n(rest.begin(), header.salt.size(), header.salt.begin());
    rest.remove_prefix(header.salt.size());
    take(rest, crc);
    if (crc != crc32c(covered) || found_version != version) return std::nullopt;
    header.created_at = instant_from_millis(created_ms);
    return header;
}

std::optional<LogRecord> decode_payload(std::string_view payload) {
    LogRecord record;
    std::uint32_t key_length = 0, stop_count = 0;
    if (!take(payload, key_length) || payload.size() < key_length) return std::nullopt;
    record.key = payload.substr(0, key_length);
    payload.remove_prefix(key_length);
    if (!take(payload, stop_count) || payload.size() / sizeof(std::int64_t) < stop_count) return std::nullopt;
    record.stops.resize(stop_count);
    for (auto& stop : record.stops) take(payload, stop);
    record.value = payload;
    return record;
}

struct Found {
    SpooledRecord record;
    std::size_t bytes = 0;
};

/// The record that begins exactly here, when a valid one does.
std::optional<Found> record_at(SegmentHeader const& header, std::string_view bytes) {
    auto rest = bytes;
    std::uint32_t found_marker = 0, length = 0, crc = 0;
    Found found;
    if (!take(rest, found_marker) || found_marker != marker || !take(rest, length) || !take(rest, crc)) return std::nullopt;
    auto const sequence_and_payload = rest;
    if (!take(rest, found.record.sequence) || rest.size() < length) return std::nullopt;
    std::array const covered{text_of(header.salt), bytes.substr(0, 8), sequence_and_payload.substr(0, 8 + length)};
    if (crc != crc32c(covered)) return std::nullopt;
    auto record = decode_payload(rest.substr(0, length));
    if (!record) return std::nullopt;
    found.record.record = std::move(*record);
    found.bytes = record_head_bytes + length;
    return found;
}

}  // namespace

std::uint32_t crc32c(std::span<std::string_view const> parts) {
    boost::crc_optimal<32, 0x1EDC6F41, 0xFFFFFFFF, 0xFFFFFFFF, true, true> sum;
    for (auto const part : parts) sum.process_bytes(part.data(), part.size());
    return sum.checksum();
}

std::string encode_header(SegmentHeader const& header) {
    std::string copy(magic);
    put(copy, version);
    put(copy, header.id);
    put(copy, to_millis(header.created_at));
    copy += text_of(header.salt);
    std::array const covered{std::string_view(copy)};
    put(copy, crc32c(covered));
    return copy + copy;
}

void encode_record(std::string& out, SegmentHeader const& header, std::uint64_t sequence, LogRecord const& record) {
    std::string head, body;
    put(body, sequence);
    put(body, static_cast<std::uint32_t>(record.key.size()));
    body += record.key;
    put(body, static_cast<std::uint32_t>(record.stops.size()));
    for (auto const stop : record.stops) put(body, stop);
    body += record.value;
    put(head, marker);
    put(head, static_cast<std::uint32_t>(body.size() - sizeof sequence));
    std::array const covered{text_of(header.salt), std::string_view(head), std::string_view(body)};
    out += head;
    put(out, crc32c(covered));
    out += body;
}

Scan scan_segment(std::string_view bytes) {
    Scan scan;
    scan.header = header_copy(bytes);
    bool const first_copy = scan.header.has_value();
    auto const second = bytes.size() < header_copy_bytes ? std::nullopt : header_copy(bytes.substr(header_copy_bytes));
    if (!first_copy) scan.header = second;
    if (!scan.header) {
        scan.damaged_places = bytes.empty() ? 0 : 1;
        scan.damaged_bytes = bytes.size();
        return scan;
    }
    if (!first_copy || !second) {
        ++scan.damaged_places;
        scan.damaged_bytes += std::min(bytes.size(), segment_header_bytes) - header_copy_bytes;
    }
    bool inside_damage = false;
    for (auto at = segment_header_bytes; at < bytes.size();) {
        auto found = record_at(*scan.header, bytes.substr(at));
        bool const grows = found && (scan.records.empty() || found->record.sequence > scan.records.back().sequence);
        if (grows) {
            at += found->bytes;
            scan.records.push_back(std::move(found->record));
        } else {
            if (!inside_damage) ++scan.damaged_places;
            ++scan.damaged_bytes;
            ++at;
        }
        inside_damage = !grows;
    }
    return scan;
}

}  // namespace recoup::spool
