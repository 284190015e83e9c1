#include "app/log.hpp"

#include <gtest/gtest.h>
#include <spdlog/sinks/ostream_sink.h>
#include <nlohmann/json.hpp>

#include <sstream>

namespace recoup::app {
namespace {

std::string logged(std::unique_ptr<spdlog::formatter> formatter, std::string const& message) {
    std::ostringstream out;
    auto sink = std::make_shared<spdlog::sinks::ostream_sink_st>(out);
    sink->set_formatter(std::move(formatter));
    spdlog::logger logger("ingest", sink);
    logger.warn(message);
    return out.str();
}

TEST(Log, JsonLinesEscapeWhatOutsidersMaySend) {
    auto const line = logged(json_formatter(), "a \"b\"\n\x01 \xff {c}");
    EXPECT_EQ(line.find('\n'), line.size() - 1);
    auto const object = nlohmann::json::parse(line);
    EXPECT_EQ(object["level"], "warning");
    EXPECT_EQ(object["component"], "ingest");
    EXPECT_EQ(object["msg"], "a \"b\"\n\x01 \xEF\xBF\xBD {c}");
    EXPECT_TRUE(parse_rfc3339(object["ts"].get<std::string>()).has_value());
}

TEST(Log, TextIsAlwaysOneLine) {
    auto const line = logged(text_formatter(), "first\nadmin: forged \x1b[31m");
    EXPECT_EQ(line.find('\n'), line.size() - 1);
    EXPECT_EQ(line.find('\x1b'), std::string::npos);
    EXPECT_NE(line.find(" warning ingest: first?admin"), std::string::npos) << line;
}

TEST(Log, AddressesAreOnlyRecognisable) {
    EXPECT_EQ(redact("anna@example.com"), "a***@example.com");
    EXPECT_EQ(redact("+15551234567"), "+1555***67");
    EXPECT_EQ(redact("+1555"), "***");
    EXPECT_EQ(redact("secret"), "***");
    EXPECT_EQ(redact("@x"), "***");
}

class Ticks final : public Clock {
public:
    Instant now() const override { return never; }
    std::chrono::nanoseconds ticks() const override { return at; }
    bool manual() const override { return true; }
    std::chrono::nanoseconds at{Seconds{1}};
};

TEST(Log, ARateLimitCountsWhatItHoldsBack) {
    Ticks clock;
    RateLimit limit(clock, Seconds{10});
    std::uint64_t suppressed = 99;
    EXPECT_TRUE(limit.allow(suppressed));
    EXPECT_EQ(suppressed, 0u);
    EXPECT_FALSE(limit.allow(suppressed));
    EXPECT_FALSE(limit.allow(suppressed));
    clock.at += Seconds{10};
    EXPECT_TRUE(limit.allow(suppressed));
    EXPECT_EQ(suppressed, 2u);
}

}  // namespace
}  // namespace recoup::app
