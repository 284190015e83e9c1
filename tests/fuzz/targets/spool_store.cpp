// A spool folder as an earlier process, or a broken disk, may have left it. It opens, gives its records in order, comes
// to an end and takes new ones. Input: files as name, content, name, content, each with its length in front.
#include "adapter/spool/store.hpp"
#include "fuzz/support/input.hpp"
#include "fuzz/support/target.hpp"
#include "unit/spool/memory_folder.hpp"

#include "recoup/port/metrics.hpp"

#include <spdlog/spdlog.h>

namespace recoup::fuzz {
namespace {

using namespace recoup::spool;

class NoMetrics final : public Metrics {
public:
    void add(Metric, std::string_view, double) override {}
    void set(Metric, double) override {}
    void observe(Metric, double) override {}
    std::string exposition() const override { return {}; }
};

void drain(Store& store) {
    std::uint64_t last = 0;
    for (int rounds = 0; !store.empty(); ++rounds) {
        check(rounds < 10'000, "draining comes to an end");
        auto const batch = store.next(2, 1000);
        check(batch.has_value(), "a disk that answers can be read");
        if (batch->records.empty()) continue;
        check(batch->last_sequence > last, "sequences grow");
        last = batch->last_sequence;
        store.drained(*batch);
    }
}

void run(std::string_view bytes) {
    spdlog::set_level(spdlog::level::off);
    Input input(bytes);
    MemoryDisk disk;
    while (!input.empty()) {
        auto const name = input.text(32);
        auto const content = input.take(input.number(2));
        disk.files[std::string(name)] = {std::string(content), content.size(), true};
    }
    ManualClock clock(instant_from_seconds(1'763'633'400));
    SeededRandom random(1);
    NoMetrics metrics;
    auto store = Store::open(std::make_unique<MemoryFolder>(disk), {}, clock, random, metrics);
    if (!store) return check(!store.error().message.empty(), "it is said why");
    drain(**store);
    LogRecord const record{"demo/x", "new", {}};
    check((*store)->append({&record}).has_value(), "new records are taken");
    auto const batch = (*store)->next(10, 1000);
    check(batch.has_value() && batch->records.size() == 1 && batch->records[0].value == "new", "and given back");
}

std::string file(std::string const& name, std::string const& content) {
    std::string out(1, static_cast<char>(name.size()));
    out += name;
    out += static_cast<char>(content.size() & 0xff);
    out += static_cast<char>(content.size() >> 8);
    return out + content;
}

std::vector<std::string> seeds() {
    SegmentHeader header;
    header.id = 5;
    auto segment = encode_header(header);
    for (std::uint64_t sequence = 7; sequence < 10; ++sequence)
        encode_record(segment, header, sequence, {"demo/a", "value", {1}});
    auto const damaged = segment.substr(0, 150) + "x" + segment.substr(151);
    return {
        file(segment_name(5), segment) + file("position", encode_position(8)) + file("instance", "0123456789abcdef"),
        file(segment_name(5), damaged) + file("position", "nonsense") + file(segment_name(6), ""),
        file(segment_name(~0ULL), segment) + file("position.new", ""), file("lock", "")};
}

Registration const registered(
    {"spool_store", seeds, {"segment-0000000000000001", "position", "instance", "damaged-", ".new", "RCPSPPOS"}, run});

}  // namespace
}  // namespace recoup::fuzz
