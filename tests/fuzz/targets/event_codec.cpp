// The wire format of events: any bytes are an event or refused; an event that was read is written so that it reads the
// same again, and protobuf's own reader agrees.
#include "core/codec/event_codec.hpp"
#include "fuzz/support/target.hpp"
#include "unit/codec/generated_events.hpp"

#include "recoup/event/v1/event.pb.h"

#include <google/protobuf/stubs/logging.h>

namespace recoup::fuzz {
namespace {

void run(std::string_view bytes) {
    google::protobuf::LogSilencer const silence;
    auto event = core::decode_event(bytes);
    if (!event) return check(event.error().code == Errc::invalid && !event.error().message.empty(), "it is said why");
    auto const written = core::encode_event(*event);
    auto again = core::decode_event(written);
    check(again.has_value() && test::same(*event, *again), "it reads the same again");
    check(core::encode_event(*again) == written, "one event, one form");
    event::v1::Event theirs;
    check(theirs.ParseFromString(written), "protobuf reads what we write");
    check(theirs.id() == event->id && theirs.occurred_at_ms() == to_millis(event->occurred_at), "and says the same");
}

std::vector<std::string> seeds() {
    std::vector<std::string> all;
    for (std::size_t body = 0; body < std::variant_size_v<EventBody>; ++body)
        for (std::uint64_t seed = 0; seed < 3; ++seed)
            all.push_back(core::encode_event(test::Generator(seed * 31 + body).event(body)));
    return all;
}

Registration const registered({"event_codec", seeds, {}, run});

}  // namespace
}  // namespace recoup::fuzz
