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
    ASSERT_EQ(sequences->size(), 4U);
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
    EXPECT_EQ((*sequences)[2].trigger, Trigger::recurring_payment_failure);
    EXPECT_EQ((*sequences)[3].trigger, Trigger::subscription_cancelled);
    for (auto const* failed : {&payment, &(*sequences)[2]})
        for (auto const& step : failed->steps) EXPECT_EQ(step.incentive, Incentive{});
}

TEST(SequenceFile, NamesTheLineAndTheMend) {
    EXPECT_EQ(fault(with_step("")), "fine");
    EXPECT_EQ(fault("name = "), fault("name = "));
    EXPECT_TRUE(fault("name = \n").starts_with("s.toml:1: "));
    EXPECT_TRUE(fault(with_step("dely = \"1h\"\n")).starts_with("s.toml:9: unknown key 'dely'; did you mean 'delay'? There are name, delay"));
    EXPECT_TRUE(fault(with_step("incentive = { percent = 10 }\n")).find("'code' is missing") != std::string::npos);
    EXPECT_TRUE(fault(with_step("incentive = { percent = 99, code = \"X\" }\n")).find("between 1 and 90") != std::string::npos);
    EXPECT_TRUE(fault("name = \"s\"\ntrigger = \"card\"\n").starts_with("s.toml:2: 'trigger' must be one of cart"));
    EXPECT_TRUE(fault("name = \"s\"\ntrigger = \"cart\"\n").find("at least one [[step]]") != std::string::npos);
    EXPECT_TRUE(fault("name = \"s\"\ntrigger = \"cart\"\nstep = 3\n").starts_with("s.toml:3: write each step as"));
}

TEST(SequenceFile, ReadsBandsAndSlotsInTheirOrder) {
    auto const file = "name = \"s\"\ntrigger = \"checkout\"\n[bands]\nsmall = \"..50\"\nbig = \"50..\"\n[slots.back]\n"
                      "big = { percent = 10, code = \"TEN\" }\nany = { percent = 5, code = \"FIVE\" }\n[[step]]\nname = \"a\"\n"
                      "delay = \"1h\"\nchannel = \"email\"\ntemplate = \"t\"\nuseful_for = \"3h\"\nwhen = \"cart.band = big\"\n"
                      "incentive = { slot = \"back\", otherwise = \"send\" }\n";
    auto const read = parse_sequence(file, "s.toml", any_template);
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(read->trigger, Trigger::checkout);
    EXPECT_EQ(read->bands, (std::vector<Band>{{"small", "", "50"}, {"big", "50", ""}}));
    ASSERT_EQ(read->slots.size(), 1U);
    EXPECT_EQ(read->slots[0].fills, (std::vector<IncentiveSlot::Fill>{{"big", {10, "TEN"}}, {"", {5, "FIVE"}}}));
    EXPECT_EQ(read->steps[0].slot, "back");
    EXPECT_EQ(read->steps[0].otherwise, Otherwise::send);
}

TEST(SequenceFile, NamesTheLineOfWhatIsWrongWithBandsAndSlots) {
    auto const has = [](std::string const& more, std::string const& step, std::string const& said) {
        auto const text = "name = \"s\"\ntrigger = \"cart\"\n" + more + "[[step]]\nname = \"a\"\ndelay = \"1h\"\n"
                          "channel = \"email\"\ntemplate = \"t\"\nuseful_for = \"3h\"\n" + step;
        auto const told = fault(text);
        EXPECT_NE(told.find(said), std::string::npos) << told;
    };
    has("[bands]\nlow = \"50\"\n", "", "s.toml:4: band 'low': a range is written 50..200");
    has("[bands]\nlow = \"50..20\"\n", "", "ends above where it begins");
    has("[bands]\nlow = \"50.happens af|er a 5..cart is l\"\n", "", "ends above where it begins");
    has("[bands]\nany = \"50..\"\n", "", "s.toml:3: 'any' stands for every other cart");
    has("[bands]\nlow = \"..50\"\n[slots.x]\nmid = { percent = 5, code = \"A\" }\n", "", "slot 'x': there is no band 'mid'");
    has("[slots.x]\nany = { percent = 0, code = \"A\" }\n", "", "percent must be between 1 and 90");
    has("[slots.x]\nany = { percent = 5 }\n", "", "s.toml:4: the key 'code' is missing");
    has("", "incentive = { slot = \"y\" }\n", "s.toml:3: there is no slot 'y'; fill it under [slots.y]");
    has("", "incentive = { slot = \"y\", percent = 3 }\n", "unknown key 'percent'");
    has("", "incentive = { percent = 3, code = \"A\", otherwise = \"maybe\" }\n", "'otherwise' must be one of skip and send");
    has("", "when = \"cart.band = low\"\n", "there is no band 'low'; name it under [bands]");
    has("", "when = \"cart.value in 5\"\n", "a range is written 50..200");
    has("", "when = \"payment.value in 5..9\"\n", "a sequence for cart has no payment");
}

TEST(SequenceFile, OptionalOnesAreSoundAndNotInForceByThemselves) {
    auto const templates = FileTemplates::load();
    ASSERT_TRUE(templates);
    auto const exists = [&](std::string_view name, Channel channel) { return templates->exists(name, channel); };
    auto const folder = std::string(RECOUP_SOURCE_DIR) + "/config/sequences/optional/";
    auto const browse = load_sequence_file(folder + "browse.toml", exists), checkout = load_sequence_file(folder + "checkout.toml", exists);
    ASSERT_TRUE(browse) << browse.error().message;
    ASSERT_TRUE(checkout) << checkout.error().message;
    EXPECT_EQ(browse->trigger, Trigger::browse);
    EXPECT_EQ(checkout->trigger, Trigger::checkout);
    for (auto const& standard : default_sequences(exists).value())
        EXPECT_TRUE(standard.trigger != Trigger::browse && standard.trigger != Trigger::checkout);
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

TEST(SequenceFile, ReadsConditionsWindowsAndExitRules) {
    auto const read = parse_sequence("exit = \"person.returned\"\n" +
                                         with_step("when = [\"cart.value >= 50\", \"not cart.country = US\"]\n"
                                                   "window = \"09:00-20:00\"\ndays = [\"mon\", \"tue\"]\n"),
                                     "s.toml", any_template);
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(read->exit, std::vector<std::string>{"person.returned"});
    EXPECT_EQ(read->steps[0].when, (std::vector<std::string>{"cart.value >= 50", "not cart.country = US"}));
    EXPECT_EQ(read->steps[0].window, "09:00-20:00");
    EXPECT_EQ(read->steps[0].days, (std::vector<std::string>{"mon", "tue"}));
}

TEST(SequenceFile, SaysWhatIsWrongWithACondition) {
    auto const when = [](std::string const& condition) { return fault(with_step("when = \"" + condition + "\"\n")); };
    auto const has = [](std::string const& text, std::string_view part) { return text.find(part) != std::string::npos; };
    EXPECT_EQ(when("person.orders = 0"), "fine");
    EXPECT_PRED2(has, when("cart.worth > 5"), "asks about 'cart.worth'; there are cart.value, cart.items");
    EXPECT_PRED2(has, when("cart.value>=5"), "asks about");
    EXPECT_PRED2(has, when("cart.value >= a lot"), "is written 'cart.value = value'");
    EXPECT_PRED2(has, when("cart.value >= lots"), "is no number");
    EXPECT_PRED2(has, when("cart.stage > checkout"), "words are compared with = or !=");
    EXPECT_PRED2(has, when("person.returned = yes"), "is true or not");
    EXPECT_PRED2(has, when("not"), "is empty");
    EXPECT_PRED2(has, when("a.clicked"), "no earlier step is named 'a'");
    EXPECT_PRED2(has, when("payment.class = fixable"), "a sequence for cart has no payment");
    EXPECT_PRED2(has, fault(with_step("window = \"9-20\"\n")), "window is written");
    EXPECT_PRED2(has, fault(with_step("days = [\"monday\"]\n")), "not 'monday'");
    EXPECT_PRED2(has, fault("exit = \"b.clicked\"\n" + with_step("")), "no earlier step is named 'b'");
}

}  // namespace
}  // namespace recoup::app
