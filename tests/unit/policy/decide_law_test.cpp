#include "unit/policy/lawful_facts.hpp"

#include <gtest/gtest.h>

#include <set>

namespace recoup::core::decide_law_test {
namespace {

using std::chrono::hours;
using recoup::test::lawful_facts;

Instant at(char const* text) { return *parse_rfc3339(text); }
Instant const noon = at("2026-03-04T17:00:00Z");   // a Wednesday, 12:00 in New York, 18:00 in Berlin

struct DecideLaw : testing::Test {
    static std::string told(StepVerdict const& verdict) {
        auto out = std::string(name(verdict.verdict)) + " " + std::string(name(verdict.reason));
        if (verdict.verdict == Verdict::send) return out;
        out += " by " + verdict.trace.back().rule;
        return verdict.verdict == Verdict::move ? out + " to " + to_rfc3339(verdict.move_to) : out;
    }
    std::string decided(SendFacts const& facts) const { return told(decide_step(facts, policy)); }
    SendFacts sms(std::string const& country, std::string const& region, std::string const& phone, Instant now = noon) const {
        return lawful_facts(Channel::sms, now - hours{4}, now, country, region, phone);
    }
    SendFacts email(std::string const& country, Instant now = noon) const {
        return lawful_facts(Channel::email, now - hours{1}, now, country, {}, "+12125551234");
    }
    static Consent& word(SendFacts& facts) { return facts.person.consents.at(consent_key(Channel::email, recoup::test::an_email)); }

    Policy policy = recoup::test::lawful_policy();
};

TEST_F(DecideLaw, HoursAreThoseOfTheState) {
    EXPECT_EQ(decided(sms("US", "NY", "+12125551234")), "send ok");
    // 20:30 in New York is allowed by federal law, 20:30 in Florida is not.
    auto const evening = at("2026-03-05T01:30:00Z");
    EXPECT_EQ(decided(sms("US", "NY", "+12125551234", evening)), "send ok");
    EXPECT_EQ(decided(sms("US", "FL", "+13055551234", evening)),
              "move law_hours by us.sms.hours.eight to 2026-03-05T14:00:00Z") << "8:00 in Pensacola: Florida has two zones";
    EXPECT_EQ(decided(sms("", "", "+13055551234", evening)), "move law_hours by us.sms.hours.eight to 2026-03-05T13:00:00Z")
        << "Miami by its area code";
    EXPECT_EQ(decided(sms("US", "NY", "+13055551234", evening)), "move law_hours by us.sms.hours.eight to 2026-03-05T13:00:00Z")
        << "where address and number disagree, both hold";
    // Texas opens at noon on Sundays.
    EXPECT_EQ(decided(sms("US", "TX", "+12145551234", at("2026-03-08T15:00:00Z"))),
              "move law_hours by us.sms.hours.tx to 2026-03-08T18:00:00Z");
}

TEST_F(DecideLaw, WhoWaitedForTheMorningIsNotDueInTheSameMinute) {
    policy.hours_spread = std::chrono::minutes{5};
    auto const first = at("2026-03-05T13:00:00Z");
    std::set<Instant> moments;
    for (int i = 0; i < 20; ++i) {
        auto facts = sms("US", "FL", "+13055551234", at("2026-03-05T01:30:00Z"));
        facts.cart->country = {};
        facts.enrollment.id = "e" + std::to_string(i);
        auto const verdict = decide_step(facts, policy);
        EXPECT_GE(verdict.move_to, first);
        EXPECT_LT(verdict.move_to, first + policy.hours_spread);
        moments.insert(verdict.move_to);
    }
    EXPECT_GT(moments.size(), 15U);
}

TEST_F(DecideLaw, WeekdaysAndHolidaysCount) {
    // Saturday 20:30 in Paris: Sunday is closed, and Monday 8:00 is past the step's usefulness.
    EXPECT_EQ(decided(sms("FR", "", "+33612345678", at("2026-03-07T19:30:00Z"))), "skip too_late by eu.fr.sms.hours");
    auto patient = sms("FR", "", "+33612345678", at("2026-03-07T19:30:00Z"));
    patient.config.useful_for = hours{48};
    EXPECT_EQ(decided(patient), "move law_hours by eu.fr.sms.hours to 2026-03-09T07:00:00Z");
    // Easter Monday 2026 is 6 April.
    auto easter = sms("FR", "", "+33612345678", at("2026-04-06T09:00:00Z"));
    easter.config.useful_for = hours{48};
    EXPECT_EQ(decided(easter), "move law_hours by eu.fr.sms.hours to 2026-04-07T06:00:00Z");
    auto christmas = sms("US", "AL", "+12055551234", at("2026-12-25T17:00:00Z"));
    christmas.config.useful_for = hours{30};
    EXPECT_EQ(decided(christmas), "move law_hours by us.sms.hours.al_la to 2026-12-26T14:00:00Z");
}

TEST_F(DecideLaw, WhoeverMayBeAnywhereGetsTheHoursOfEverywhere) {
    policy.open[Channel::sms] = *parse_quiet_hours("21:00-08:00");
    auto facts = sms("US", "", "+18005551234", at("2026-03-04T14:00:00Z"));
    facts.shop.own().country = "US";
    // 8:00 in Honolulu is 13:00 in Providence, which closes at 18:00.
    EXPECT_EQ(decided(facts), "move law_hours by us.sms.hours to 2026-03-04T18:00:00Z");
    facts.now = at("2026-03-04T18:00:00Z");
    EXPECT_EQ(decided(facts), "send ok");
    facts.now = at("2026-03-04T23:00:00Z");
    EXPECT_EQ(decided(facts).substr(0, 40), "skip too_late by us.sms.hours.ri");
}

TEST_F(DecideLaw, ACartGetsOneTextWithinItsTwoDays) {
    auto facts = sms("US", "NY", "+12125551234");
    facts.history = {{Channel::sms, "c", "other", noon - hours{3}, 0, false}};
    EXPECT_EQ(decided(facts), "skip sms_once_per_cart by us.sms.once_per_cart");
    facts.history.front().cart_id = "another";
    EXPECT_EQ(decided(facts), "send ok");
    facts.enrollment.anchor_at = noon - hours{49};
    EXPECT_EQ(decided(facts), "skip past_deadline by us.sms.deadline");
    facts.enrollment.trigger = Trigger::payment_failure;
    EXPECT_EQ(decided(facts), "send ok") << "a failed payment is no abandoned cart";
    // At night, the next morning would be later than 48 hours.
    auto late = sms("US", "NY", "+12125551234", at("2026-03-05T03:00:00Z"));
    late.enrollment.anchor_at = late.now - hours{40};
    EXPECT_EQ(decided(late), "skip past_deadline by us.sms.hours");
}

TEST_F(DecideLaw, ElsewhereACartMayGetTwoTexts) {
    auto facts = sms("GB", "", "+447911123456");
    facts.history = {{Channel::sms, "c", "other", noon - hours{3}, 0, false}};
    EXPECT_EQ(decided(facts), "send ok");
}

TEST_F(DecideLaw, SomeStatesCountADay) {
    auto facts = sms("US", "FL", "+13055551234");
    for (int i = 0; i < 3; ++i) facts.history.push_back({Channel::sms, "x" + std::to_string(i), "x", noon - hours{23 - i}, 0, false});
    EXPECT_EQ(decided(facts), "skip law_cap by us.sms.cap.states");
    facts.history.front().at = noon - hours{24};
    EXPECT_EQ(decided(facts), "send ok") << "the window rolls";
}

TEST_F(DecideLaw, AYesIsWorthWhatTheLawOfThePlaceMakesOfIt) {
    EXPECT_EQ(decided(email("US")), "send ok");
    EXPECT_EQ(decided(email("DE")), "skip not_confirmed by eu.consent.confirmed");
    auto confirmed = email("DE");
    word(confirmed).confirmed_at = word(confirmed).version.at;
    EXPECT_EQ(decided(confirmed), "send ok");
    word(confirmed).withdrawn_at = word(confirmed).version.at;
    EXPECT_EQ(decided(confirmed), "skip not_confirmed by eu.consent.confirmed") << "a withdrawal takes the confirmation with it";

    auto old = email("FR");
    word(old).version.at = noon - hours{24 * 1096};
    EXPECT_EQ(decided(old), "skip consent_expired by eu.consent.fr.expiry");
    old.person.orders["o"] = PastOrder{noon - hours{24 * 300}, 100};
    EXPECT_EQ(decided(old), "send ok") << "a purchase is a contact";

    auto young = email("NL");
    word(young).age = 15;
    EXPECT_EQ(decided(young), "skip under_age by eu.consent.age");
    word(young).age = 16;
    EXPECT_EQ(decided(young), "send ok");
}

TEST_F(DecideLaw, WithoutAYesTheLawsOtherBasesAreAskedOnlyWhenThePolicyWantsThem) {
    auto const silent = [&](char const* country) {
        auto facts = email(country);
        facts.person.consents.clear();
        return facts;
    };
    EXPECT_EQ(decided(silent("US")), "skip no_consent by consent_on_this_channel");
    policy.email_consent_required = false;
    EXPECT_EQ(decided(silent("US")), "send ok") << "opt-out";
    EXPECT_EQ(decided(silent("GB")), "send ok") << "negotiations for a sale";
    EXPECT_EQ(decided(silent("FR")), "skip no_consent by eu.consent") << "no sale";
    EXPECT_EQ(decided(silent("AU")), "skip no_consent by au.consent");
    EXPECT_EQ(decided(silent("CA")), "send ok") << "an inquiry, half a year long";
    EXPECT_EQ(decided(silent("KE")), "skip no_consent by default.consent");
    auto customer = silent("FR");
    customer.person.orders["o"] = PastOrder{noon - hours{24 * 900}, 100};
    EXPECT_EQ(decided(customer), "send ok") << "soft opt-in";
    customer.cart->country.value = "CA";
    customer.cart->last_activity_at = noon - hours{24 * 183};
    customer.enrollment.anchor_at = customer.cart->last_activity_at;
    EXPECT_EQ(decided(customer), "skip no_consent by ca.consent") << "two years after a purchase, half a year after an inquiry";
    for (auto const state : {ConsentState::denied, ConsentState::revoked, ConsentState::pending}) {
        auto refused = email("US");
        word(refused).state = state;
        EXPECT_EQ(decided(refused), "skip no_consent by consent_on_this_channel") << name(state);
    }
}

TEST_F(DecideLaw, ThePolicyMayAskForMoreThanTheLaw) {
    policy.double_opt_in = {Channel::email};
    EXPECT_EQ(decided(email("US")), "skip not_confirmed by double_opt_in");
    policy.double_opt_in.clear();
    policy.consent_life = hours{24 * 30};
    auto old = email("US");
    word(old).version.at = noon - hours{24 * 31};
    EXPECT_EQ(decided(old), "skip consent_expired by consent_still_counts");
}

TEST_F(DecideLaw, CapsRollForPersonChannelAndShop) {
    auto facts = email("US");
    facts.history.assign(2, {Channel::email, "x", "x", noon - hours{100}, 0, false});
    facts.history.push_back({Channel::sms, "x", "x", noon - hours{90}, 0, false});
    policy.person_cap = {3, hours{168}};
    EXPECT_EQ(decided(facts), "skip frequency_cap by cap_person");
    policy.person_cap = {};
    policy.channel_caps[Channel::email] = {2, hours{168}};
    policy.channel_caps[Channel::sms] = {1, hours{168}};
    EXPECT_EQ(decided(facts), "skip frequency_cap by cap_email");
    facts.history.front().at = noon - hours{168};
    EXPECT_EQ(decided(facts), "send ok");
    policy.shop_cap = {1000, hours{24}};
    facts.shop_left = 0;
    EXPECT_EQ(decided(facts), "skip shop_cap by cap_shop");
    facts.shop_left = 1;
    EXPECT_EQ(decided(facts), "send ok");
}

TEST_F(DecideLaw, WhatTheLawWantsInAMessageMustBeThere) {
    auto facts = email("US");
    facts.shop.own().postal_address.clear();
    EXPECT_EQ(decided(facts), "skip no_postal_address by us.email.content");
    EXPECT_FALSE(reason_is_healthy(Reason::no_postal_address));
    EXPECT_EQ(decided(email("GB")), "send ok");

    facts = email("US");
    Message message;
    message.unsubscribe_url = "https://r.example/u/abc";
    auto const asked = [&](std::string text, std::string html = {}) {
        message.content.text = std::move(text);
        message.content.html = std::move(html);
        auto verdict = decide_step(facts, policy);
        EXPECT_EQ(verdict.verdict, Verdict::send);
        ask_message(verdict, message, facts.shop);
        return verdict.verdict == Verdict::send ? "send" : std::string(name(verdict.reason)) + " " + verdict.trace.back().input;
    };
    EXPECT_EQ(asked("Hi.\n1 Main Street\nSpringfield\nUnsubscribe: https://r.example/u/abc"), "send");
    EXPECT_EQ(asked("1 Main Street, Springfield", "<a href=\"https://r.example/u/abc\">"), "send");
    EXPECT_EQ(asked("1 Main Street, Springfield"), "content_missing unsubscribe_link");
    EXPECT_EQ(asked("Unsubscribe: https://r.example/u/abc"), "content_missing postal_address");
    facts = sms("US", "NY", "+12125551234");
    EXPECT_EQ(asked("TEA SHOP: your cart. Reply STOP to opt out"), "send");
    EXPECT_EQ(asked("Tea Shop: your cart."), "content_missing opt_out_words");
    EXPECT_EQ(asked("Your cart. Reply STOP to opt out"), "content_missing sender_name");
}

TEST_F(DecideLaw, TheTraceNamesRulesAndTheSourceOfWhatForbade) {
    auto const verdict = decide_step(sms("US", "FL", "+13055551234", at("2026-03-05T01:30:00Z")), policy);
    EXPECT_EQ(verdict.law, policy.law->version());
    auto const& last = verdict.trace.back();
    EXPECT_FALSE(last.passed);
    EXPECT_NE(last.source.find("Fla. Stat. 501.616"), std::string::npos);
    for (auto const& entry : verdict.trace) EXPECT_TRUE(entry.passed == entry.source.empty()) << entry.rule;
    policy.law.reset();
    EXPECT_EQ(decide_step(sms("US", "FL", "+13055551234"), policy).law, "");
}

}  // namespace
}  // namespace recoup::core::decide_law_test
