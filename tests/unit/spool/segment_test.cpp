#include "adapter/spool/segment.hpp"

#include "recoup/base/random.hpp"

#include <algorithm>
#include <gtest/gtest.h>

namespace recoup::spool {
namespace {

SegmentHeader header_of(std::uint64_t seed) {
    SeededRandom random(seed);
    SegmentHeader header;
    header.id = 7;
    header.created_at = instant_from_millis(1'700'000'000'123);
    random.fill(header.salt);
    return header;
}

struct SmallSegment {
    SegmentHeader header = header_of(1);
    std::string bytes = encode_header(header);
    std::vector<std::size_t> ends{bytes.size()};   // behind the header, then behind each record
    std::vector<LogRecord> records{{"shop1/a", "first", {1, -1, std::int64_t{1} << 62}},
                                   {"", "", {}},
                                   {"shop1/b", std::string("\0\xFF\n", 3), {}},
                                   {"shop1/a", "the last one", {42}}};

    SmallSegment() {
        for (std::size_t i = 0; i < records.size(); ++i) {
            encode_record(bytes, header, 100 + i, records[i]);
            ends.push_back(bytes.size());
        }
    }
};

void expect_same(LogRecord const& a, LogRecord const& b) {
    EXPECT_EQ(a.key, b.key);
    EXPECT_EQ(a.value, b.value);
    EXPECT_EQ(a.stops, b.stops);
}

TEST(SpoolSegment, ChecksumsAreCastagnolis) {
    std::array<std::string_view, 2> const parts{"1234", "56789"};
    EXPECT_EQ(crc32c(parts), 0xE3069283u) << "RFC 3720, appendix B.4 names the polynomial; the check value is the catalogue's";
}

TEST(SpoolSegment, GivesBackEveryRecord) {
    SmallSegment const segment;
    auto const scan = scan_segment(segment.bytes);
    ASSERT_TRUE(scan.header);
    EXPECT_EQ(scan.header->id, 7u);
    EXPECT_EQ(scan.header->created_at, segment.header.created_at);
    EXPECT_EQ(scan.damaged_places, 0u);
    ASSERT_EQ(scan.records.size(), segment.records.size());
    for (std::size_t i = 0; i < segment.records.size(); ++i) {
        EXPECT_EQ(scan.records[i].sequence, 100 + i);
        expect_same(scan.records[i].record, segment.records[i]);
    }
}

TEST(SpoolSegment, EveryTruncationGivesTheRecordsBeforeIt) {
    SmallSegment const segment;
    for (std::size_t length = 0; length <= segment.bytes.size(); ++length) {
        auto const scan = scan_segment(std::string_view(segment.bytes).substr(0, length));
        std::size_t whole = 0;
        while (whole + 1 < segment.ends.size() && segment.ends[whole + 1] <= length) ++whole;
        ASSERT_EQ(scan.records.size(), whole) << length;
        bool const clean = length == 0 || std::ranges::find(segment.ends, length) != segment.ends.end();
        ASSERT_EQ(scan.damaged_places == 0, clean) << length;
        for (std::size_t i = 0; i < whole; ++i) expect_same(scan.records[i].record, segment.records[i]);
    }
}

TEST(SpoolSegment, EveryBitFlipCostsAtMostTheRecordItIsIn) {
    SmallSegment const segment;
    for (std::size_t bit = 0; bit < segment.bytes.size() * 8; ++bit) {
        auto bytes = segment.bytes;
        bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << bit % 8));
        auto const scan = scan_segment(bytes);
        ASSERT_TRUE(scan.header) << "one of the two copies is left";
        ASSERT_EQ(scan.damaged_places, 1u) << bit;
        std::vector<std::size_t> left;
        for (std::size_t i = 0; i < segment.records.size(); ++i)
            if (bit / 8 < segment.ends[i] || bit / 8 >= segment.ends[i + 1]) left.push_back(i);
        ASSERT_EQ(scan.records.size(), left.size()) << bit;
        for (std::size_t i = 0; i < left.size(); ++i) {
            EXPECT_EQ(scan.records[i].sequence, 100 + left[i]);
            expect_same(scan.records[i].record, segment.records[left[i]]);
        }
    }
}

TEST(SpoolSegment, AValueThatHoldsARecordIsNotReadAsOneBehindDamage) {
    auto const header = header_of(1), guessed = header_of(2);
    std::string forged;
    encode_record(forged, guessed, 101, {"k", "forged", {}});
    auto bytes = encode_header(header);
    auto const begin = bytes.size();
    encode_record(bytes, header, 100, {"k", "x" + forged, {}});
    encode_record(bytes, header, 102, {"k", "true", {}});
    bytes[begin] = static_cast<char>(bytes[begin] ^ 1);
    auto const scan = scan_segment(bytes);
    ASSERT_EQ(scan.records.size(), 1u);
    EXPECT_EQ(scan.records[0].record.value, "true");
}

TEST(SpoolSegment, NoiseIsSurvived) {
    SeededRandom random(5);
    SmallSegment const segment;
    for (int round = 0; round < 300; ++round) {
        auto bytes = round % 2 == 0 ? segment.bytes : std::string(random.below(300), '\0');
        for (auto noise = random.below(40) + 1; noise > 0 && !bytes.empty(); --noise)
            bytes[random.below(bytes.size())] = static_cast<char>(random.next());
        auto const scan = scan_segment(bytes);
        EXPECT_LE(scan.records.size(), segment.records.size());
        EXPECT_LE(scan.damaged_bytes, bytes.size());
        for (auto const& record : scan.records) expect_same(record.record, segment.records.at(record.sequence - 100));
    }
}

}  // namespace
}  // namespace recoup::spool
