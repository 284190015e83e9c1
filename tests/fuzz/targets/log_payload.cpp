// A row of the event log: what was packed comes back, and any other bytes are damage that is noticed, not a crash.
#include "adapter/postgres/log_payload.hpp"
#include "fuzz/support/input.hpp"
#include "fuzz/support/target.hpp"

#include <google/protobuf/stubs/logging.h>
#include <zstd.h>

namespace recoup::fuzz {
namespace {

using namespace recoup::postgres;

std::vector<LogRecord> records(Input& input) {
    std::vector<LogRecord> made;
    for (auto count = input.below(6); count > 0; --count) {
        auto const key = input.text(40), value = input.text(300);
        made.push_back({std::string(key), std::string(value), {}});
    }
    return made;
}

void unpack(std::string_view payload, std::size_t count) {
    // A frame may say that it holds up to 256 MiB, which is then asked for: a bound of the log, but no use for a
    // fuzzer.
    if (auto const size = ZSTD_getFrameContentSize(payload.data(), payload.size());
        size < ZSTD_CONTENTSIZE_ERROR && size > 1 << 20)
        return;
    auto const read = unpack_records(payload_codec_zstd, payload, count);
    if (read) check(read->size() == count, "as many as it says");
    else check(read.error().code == Errc::invalid, "damage is named");
}

void run(std::string_view bytes) {
    google::protobuf::LogSilencer const silence;
    Input input(bytes);
    auto const way = input.byte() % 3;
    if (way == 0) {
        auto const count = input.byte();
        return unpack(input.rest(), count);
    }
    if (way == 1) {  // any protobuf in a good frame
        auto const count = input.byte();
        auto const plain = input.rest();
        std::string packed(ZSTD_compressBound(plain.size()), '\0');
        packed.resize(ZSTD_compress(packed.data(), packed.size(), plain.data(), plain.size(), 1));
        return unpack(packed, count);
    }
    auto const written = records(input);
    auto packed = pack_records(written);
    auto const read = unpack_records(payload_codec_zstd, packed, written.size());
    check(read.has_value() && read->size() == written.size(), "what was packed comes back");
    for (std::size_t i = 0; i < written.size(); ++i)
        check((*read)[i].key == written[i].key && (*read)[i].value == written[i].value, "as it was");
    check(!unpack_records(payload_codec_zstd, packed, written.size() + 1), "none may be missing");
    check(!unpack_records(payload_codec_zstd + 1, packed, written.size()), "another codec is another version");
    packed[input.below(packed.size())] = static_cast<char>(input.byte());
    unpack(packed, written.size());
}

std::vector<std::string> seeds() {
    std::string const text = "\3\4key1\5value\4key2\0\0\6longer text over and over, longer text over and over";
    Input input(text);
    auto const packed = pack_records(records(input));
    return {fuzz::bytes("\0\3") + packed, fuzz::bytes("\1\1") + "\n\6\n\1k\x12\1v", "\2" + text, fuzz::bytes("\0\0")};
}

Registration const registered({"log_payload", seeds, {"\x28\xB5\x2F\xFD"}, run});

}  // namespace
}  // namespace recoup::fuzz
