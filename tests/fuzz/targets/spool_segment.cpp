// What a disk may give back. Any bytes are read without harm; of a real segment that was damaged, every record that no
// damage touched is given, in order and as it was, and nothing that was never written.
#include "adapter/spool/segment.hpp"
#include "fuzz/support/input.hpp"
#include "fuzz/support/target.hpp"

#include <vector>

namespace recoup::fuzz {
namespace {

using namespace recoup::spool;

struct Written {
    std::string bytes;
    std::vector<LogRecord> records;
    std::vector<std::size_t> ends;  // behind the header, then behind each record
};

constexpr std::uint64_t first_sequence = 100;

Written write(Input& input) {
    Written segment;
    SegmentHeader header;
    header.id = input.number(8);
    header.created_at = instant_from_millis(static_cast<std::int64_t>(input.number(5)));
    for (auto& byte : header.salt) byte = input.byte();
    segment.bytes = encode_header(header);
    segment.ends.push_back(segment.bytes.size());
    for (auto count = input.below(6); count > 0; --count) {
        auto& record = segment.records.emplace_back();
        record.key = input.text(40);
        record.value = input.text(200);
        for (auto stops = input.below(4); stops > 0; --stops)
            record.stops.push_back(static_cast<std::int64_t>(input.number(8)));
        encode_record(segment.bytes, header, first_sequence + segment.records.size() - 1, record);
        segment.ends.push_back(segment.bytes.size());
    }
    return segment;
}

bool same(LogRecord const& a, LogRecord const& b) {
    return a.key == b.key && a.value == b.value && a.stops == b.stops;
}

/// Overwrites in place, so that it is known which records were hit.
void damage(Input& input) {
    auto const segment = write(input);
    auto bytes = segment.bytes;
    bool header_hit[2] = {false, false};
    for (auto edits = input.below(4); edits > 0; --edits) {
        auto const at = input.below(bytes.size());
        auto const piece = input.text(32);
        for (std::size_t i = 0; i < piece.size() && at + i < bytes.size(); ++i) bytes[at + i] = piece[i];
    }
    auto const cut = input.byte() % 4 == 0 ? input.below(bytes.size() + 1) : bytes.size();
    bytes.resize(cut);
    auto const intact = [&](std::size_t from, std::size_t to) {
        return to <= cut && bytes.compare(from, to - from, segment.bytes, from, to - from) == 0;
    };
    header_hit[0] = !intact(0, segment_header_bytes / 2);
    header_hit[1] = !intact(segment_header_bytes / 2, segment_header_bytes);
    auto const scan = scan_segment(bytes);
    if (header_hit[0] && header_hit[1]) return;  // nothing can be verified then
    check(scan.header.has_value(), "one copy of the header is enough");
    std::size_t next = 0;
    for (std::size_t i = 0; i < segment.records.size(); ++i) {
        if (!intact(segment.ends[i], segment.ends[i + 1])) continue;
        check(next < scan.records.size() && scan.records[next].sequence == first_sequence + i,
              "every whole record is given");
        check(same(scan.records[next].record, segment.records[i]), "as it was written");
        ++next;
    }
    check(next == scan.records.size(), "and no other");
    check(scan.damaged_bytes <= bytes.size(), "no more is damaged than there is");
}

/// Bytes that somebody wrote who knows the format: every checksum right, everything else as it comes.
void forge(Input& input) {
    SegmentHeader header;
    auto bytes = encode_header(header);
    while (!input.empty()) {
        LogRecord record;
        record.value = input.text(80);
        encode_record(bytes, header, input.number(1), record);
        bytes += input.text(8);
    }
    auto const scan = scan_segment(bytes);
    for (std::size_t i = 1; i < scan.records.size(); ++i)
        check(scan.records[i - 1].sequence < scan.records[i].sequence, "sequences grow");
}

void run(std::string_view bytes) {
    Input input(bytes);
    switch (input.byte() % 3) {
        case 0: {
            auto const scan = scan_segment(input.rest());
            check(scan.damaged_bytes <= bytes.size(), "no more is damaged than there is");
            break;
        }
        case 1: damage(input); break;
        default: forge(input); break;
    }
}

std::vector<std::string> seeds() {
    std::string const written(400, '\7');
    Input input(written);
    return {
        std::string(1, '\0') + write(input).bytes, std::string(1, '\1') + written, std::string(1, '\2') + written,
        fuzz::bytes("\1\1\2\3\4\5\6\7\10\1\2\3\4\5saltsaltsaltsalt\4\3key\5value\2\1\2\3\4\5\6\7\10\2\1\2\3\4\5\6\7")};
}

Registration const registered({"spool_segment", seeds, {"RCPSPOOL", "\xED\xA5\xC0\x5E"}, run});

}  // namespace
}  // namespace recoup::fuzz
