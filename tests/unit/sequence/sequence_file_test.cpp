#include "app/sequence_file.hpp"
#include "app/templates.hpp"

#include <gtest/gtest.h>

namespace recoup::app {
namespace {

bool any_template(std::string_view, Channel) { return true; }

std::string with_step(std::string const& lines) {
    return "name = \"s\"\ntrigger = \"cart\"\n[[step]]\nname = \"a\"\ndelay = \"1h\"\nchannel = \"email\"\n"
           "template = \"t\"\nuseful_for = \"3h\"\n" + lines;
}

std::string fault(std::string const& text, core::TemplateExists const& exists = any_template) {
    auto const read = parse_sequence(text, "s.toml", exists);
    return read ? "fine" : read.error().message;
}

TEST(SequenceFile, ShippedOnesSayWhatTheyPromise) {
    auto const templates = FileTemplates::load();
    ASSERT_TRUE(templates);
    auto const sequences = default_sequences([&](std::string_view name, Channel channel) { return templates->exists(name, channel); });
    ASSERT_TRUE(sequences) << sequences.error().message;
    ASSERT_EQ(sequences->size(), 2U);
    auto const& cart = (*sequences)[0];
    EXPECT_EQ(cart.name, "cart");
    ASSERT_EQ(cart.steps.size(), 4U);
    std::vector<std::int64_t> hours;
    for (auto const& step : cart.steps) hours.push_back(step.delay.count() / 3600);
    EXPECT_EQ(hours, (std::vector<std::int64_t>{1, 4, 24, 72}));
    EXPECT_EQ(cart.steps[1].channel, Channel::sms);
    EXPECT_EQ(cart.steps[2].incentive, (Incentive{10, "COMEBACK10"}));
    auto const& payment = (*sequences)[1];
    EXPECT_EQ(payment.trigger, Trigger::payment_failure);
    for (auto const& step : payment.steps) EXPECT_EQ(step.incentive, Incentive{});
}

TEST(SequenceFile, NamesTheLineAndTheMend) {
    EXPECT_EQ(fault(with_step("")), "fine");
    EXPECT_EQ(fault("name = "), fault("name = "));
    EXPECT_TRUE(fault("name = \n").starts_with("s.toml:1: "));
    EXPECT_TRUE(fault(with_step("dely = \"1h\"\n")).starts_with("s.toml:9: unknown key 'dely'; there are name, delay"));
    EXPECT_TRUE(fault(with_step("incentive = { percent = 10 }\n")).find("'code' is missing") != std::string::npos);
    EXPECT_TRUE(fault(with_step("incentive = { percent = 99, code = \"X\" }\n")).find("between 1 and 90") != std::string::npos);
    EXPECT_TRUE(fault("name = \"s\"\ntrigger = \"card\"\n").starts_with("s.toml:2: 'trigger' must be one of cart"));
    EXPECT_TRUE(fault("name = \"s\"\ntrigger = \"cart\"\n").find("at least one [[step]]") != std::string::npos);
    EXPECT_TRUE(fault("name = \"s\"\ntrigger = \"cart\"\nstep = 3\n").starts_with("s.toml:3: write each step as"));
}

TEST(SequenceFile, RefusesStepsThatMakeNoSense) {
    auto const second = [](std::string const& name, std::string const& delay) {
        return with_step("[[step]]\nname = \"" + name + "\"\ndelay = \"" + delay +
                         "\"\nchannel = \"sms\"\ntemplate = \"t\"\nuseful_for = \"3h\"\n");
    };
    EXPECT_EQ(fault(second("b", "4h")), "fine");
    EXPECT_TRUE(fault(second("b", "1h")).starts_with("s.toml:9: delay must be longer"));
    EXPECT_TRUE(fault(second("a", "4h")).starts_with("s.toml:9: two steps are named 'a'"));
    EXPECT_TRUE(fault(second("B!", "4h")).find("name") != std::string::npos);
    EXPECT_TRUE(fault(second("b", "soon")).starts_with("s.toml:11: 'delay' must be a duration"));
    auto const mail_only = [](std::string_view, Channel channel) { return channel == Channel::email; };
    EXPECT_TRUE(fault(second("b", "4h"), mail_only).find("no template 't' for sms") != std::string::npos);
}

}  // namespace
}  // namespace recoup::app
