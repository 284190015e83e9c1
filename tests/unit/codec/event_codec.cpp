#include "core/codec/event_codec.hpp"

#include "core/codec/wire_enums.hpp"
#include "unit/codec/generated_events.hpp"

#include <gtest/gtest.h>

namespace recoup::core {
namespace {

constexpr auto bodies = std::variant_size_v<EventBody>;

TEST(EventCodec, EveryEventComesBackAsItWas) {
    for (std::uint64_t seed = 0; seed < 60; ++seed) {
        for (std::size_t body = 0; body < bodies; ++body) {
            test::Generator generator(seed * 100 + body);
            auto event = generator.event(body);
            auto decoded = decode_event(encode_event(event));
            ASSERT_TRUE(decoded) << body_name(event.body) << " seed " << seed;
            EXPECT_TRUE(test::same(event, *decoded)) << body_name(event.body) << " seed " << seed;
        }
    }
}

TEST(EventCodec, EveryClosedSetHasItsWireNumber) {
    EXPECT_EQ(wire_key_kinds.size(), wire::KeyKind_ARRAYSIZE - 1);
    EXPECT_EQ(wire_stages.size(), wire::Stage_ARRAYSIZE - 1);
    EXPECT_EQ(wire_payment_kinds.size(), wire::PaymentKind_ARRAYSIZE - 1);
    EXPECT_EQ(wire_payment_states.size(), wire::PaymentState_ARRAYSIZE - 1);
    EXPECT_EQ(wire_channels.size(), wire::Channel_ARRAYSIZE - 1);
    EXPECT_EQ(wire_consent_states.size(), wire::ConsentState_ARRAYSIZE - 1);
    EXPECT_EQ(wire_behaviour_kinds.size(), wire::BehaviourKind_ARRAYSIZE - 1);
    EXPECT_EQ(wire_feedback_kinds.size(), wire::FeedbackKind_ARRAYSIZE - 1);
}

TEST(EventCodec, BytesThatAreNotUtf8AreReplacedExceptInDeadLetters) {
    Event event;
    event.shop_id = "demo";
    event.topic = "caf\xE9 \xED\xA0\x80 \xC0\xAF ok";
    DeadLettered letter;
    letter.raw = std::string("\xFF\x00\xFE", 3);
    event.body = letter;
    auto const decoded = decode_event(encode_event(event));
    ASSERT_TRUE(decoded);
    std::string const r = "\xEF\xBF\xBD";
    EXPECT_EQ(decoded->topic, "caf" + r + " " + r + r + r + " " + r + r + " ok");
    EXPECT_EQ(std::get<DeadLettered>(decoded->body).raw, letter.raw);
}

TEST(EventCodec, RefusesWhatItDoesNotKnow) {
    EXPECT_FALSE(decode_event("")) << "no body";
    wire::Event newer;
    newer.mutable_message_feedback()->set_kind(static_cast<wire::FeedbackKind>(99));
    auto const refused = decode_event(newer.SerializeAsString());
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::invalid);
    wire::Event unspecified;
    unspecified.add_keys()->set_value("x");
    unspecified.mutable_cart_deleted();
    EXPECT_FALSE(decode_event(unspecified.SerializeAsString()));
}

TEST(EventCodec, HostileBytesAreAnAnswerNeverACrash) {
    SeededRandom random(7);
    for (std::size_t body = 0; body < bodies; ++body) {
        auto const bytes = encode_event(test::Generator(body).event(body));
        for (std::size_t cut = 0; cut < bytes.size(); ++cut) (void)decode_event(std::string_view(bytes).substr(0, cut));
        for (int round = 0; round < 200; ++round) {
            auto mutated = bytes;
            for (int flips = 0; flips < 3 && !mutated.empty(); ++flips)
                mutated[random.below(mutated.size())] = static_cast<char>(random.next());
            if (auto const decoded = decode_event(mutated)) {
                EXPECT_TRUE(decode_event(encode_event(*decoded)));
            }
        }
    }
    for (int round = 0; round < 2000; ++round) {
        std::string noise(random.below(200), '\0');
        for (auto& byte : noise) byte = static_cast<char>(random.next());
        (void)decode_event(noise);
    }
}

}  // namespace
}  // namespace recoup::core
