// Two years in every zone of the tz database, with the shipped packs, judged by a table written here by hand.
#include "unit/policy/lawful_facts.hpp"

#include <date/tz.h>

#include <gtest/gtest.h>

#include <map>
#include <set>

namespace recoup::core::law_property_test {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

Instant at(char const* text) { return *parse_rfc3339(text); }
Instant const begin = at("2025-12-31T00:00:00Z"), end = at("2027-12-31T00:00:00Z");

/// Wall time by another way than the code's: the library's own conversion.
struct Wall {
    int minute = 0;
    unsigned weekday = 0;   // 0 = Sunday
    int date = 0;           // 20261231
};
Wall wall(date::time_zone const& zone, Instant moment) {
    auto const local = zone.to_local(moment);
    auto const day = date::floor<date::days>(local);
    Wall out;
    out.minute = static_cast<int>(std::chrono::duration_cast<minutes>(local - day).count());
    out.weekday = date::weekday{day}.c_encoding();
    date::year_month_day const on{day};
    out.date = static_cast<int>(on.year()) * 10000 + static_cast<int>(static_cast<unsigned>(on.month()) * 100 + static_cast<unsigned>(on.day()));
    return out;
}

std::set<int> const french{
    20260101, 20260406, 20260501, 20260508, 20260514, 20260525, 20260714, 20260815, 20261101,
    20261111, 20261225, 20270101, 20270329, 20270501, 20270508, 20270506, 20270517, 20270714,
    20270815, 20271101, 20271111, 20271225};
std::set<int> const southern{   // AL and LA together, without Good Friday
    20260101, 20260119, 20260525, 20260704, 20260907, 20261111, 20261126, 20261225, 20270101,
    20270118, 20270531, 20270704, 20270906, 20271111, 20271125, 20271225};

struct Hours {
    int from = 0, until = 24;
};
/// What the rules that the packs ship say, once more and in other words.
std::map<std::string, std::function<Hours(Wall const&)>> const allowed{
    {"us.sms.hours", [](Wall const&) { return Hours{8, 21}; }},
    {"us.sms.hours.eight", [](Wall const&) { return Hours{8, 20}; }},
    {"us.sms.hours.al_la", [](Wall const& w) { return w.weekday == 0 || southern.contains(w.date) ? Hours{0, 0} : Hours{8, 20}; }},
    {"us.sms.hours.ms", [](Wall const& w) { return w.weekday == 0 ? Hours{0, 0} : Hours{8, 20}; }},
    {"us.sms.hours.ct_nv", [](Wall const&) { return Hours{9, 20}; }},
    {"us.sms.hours.nine", [](Wall const&) { return Hours{9, 21}; }},
    {"us.sms.hours.tx", [](Wall const& w) { return w.weekday == 0 ? Hours{12, 21} : Hours{9, 21}; }},
    {"us.sms.hours.ky", [](Wall const&) { return Hours{10, 21}; }},
    {"us.sms.hours.ri", [](Wall const& w) { return w.weekday == 0 || w.weekday == 6 ? Hours{10, 17} : Hours{9, 18}; }},
    {"eu.fr.sms.hours", [](Wall const& w) { return w.weekday == 0 || french.contains(w.date) ? Hours{0, 0} : Hours{8, 20}; }},
    {"default.sms.hours", [](Wall const&) { return Hours{8, 21}; }},
};

bool lawful(std::string const& rule, Wall const& wall) {
    auto const open = allowed.at(rule)(wall);
    return wall.minute >= open.from * 60 && wall.minute < open.until * 60;
}

std::vector<LawRule const*> hour_rules(Law const& law) {
    std::vector<LawRule const*> rules;
    for (auto const& pack : law.packs())
        for (auto const& rule : pack.rules)
            if (rule.kind == LawKind::hours) rules.push_back(&rule);
    return rules;
}

/// The two hours around every change of the zone's clocks.
std::vector<Instant> edges(date::time_zone const& zone) {
    std::vector<Instant> out;
    for (Instant moment = begin; moment < end;) {
        auto const until = zone.get_info(moment).end;
        if (until >= end) break;
        moment = std::chrono::time_point_cast<Millis>(until);
        for (auto near = moment - hours{2}; near <= moment + hours{2}; near += minutes{20}) out.push_back(near);
    }
    return out;
}

void expect_lawful_move(LawRule const& rule, date::time_zone const& zone, Instant moment) {
    HoursIn const here[] = {{&rule.hours, &zone.name()}};
    auto const before = lawful(rule.id, wall(zone, moment));
    auto const moved = next_open(moment, moment + hours{24 * 6}, here);
    ASSERT_TRUE(moved) << rule.id << ' ' << zone.name() << ' ' << to_rfc3339(moment);
    ASSERT_TRUE(lawful(rule.id, wall(zone, *moved))) << rule.id << ' ' << zone.name() << ' ' << to_rfc3339(moment);
    ASSERT_EQ(before, *moved == moment) << rule.id << ' ' << zone.name() << ' ' << to_rfc3339(moment);
    ASSERT_EQ(before, is_open(moment, here));
    if (before) return;
    auto const just_before = *moved - minutes{1};   // nothing earlier would have done
    ASSERT_FALSE(just_before > moment && lawful(rule.id, wall(zone, just_before))) << rule.id << ' ' << zone.name() << ' ' << to_rfc3339(moment);
}

TEST(LawProperty, NoRuleIsBrokenInAnyZoneAtAnyHourOfTwoYears) {
    auto const law = *app::load_law({});
    auto const rules = hour_rules(*law);
    ASSERT_EQ(rules.size(), allowed.size()) << "a rule of hours that this table does not know";
    std::size_t zones = 0, turn = 0;
    for (auto const& zone : date::get_tzdb().zones) {
        ++zones;
        for (Instant moment = begin; moment < end; moment += minutes{391}, ++turn)   // a rule each, so that all of them meet all hours
            ASSERT_NO_FATAL_FAILURE(expect_lawful_move(*rules[turn % rules.size()], zone, moment));
        for (auto const moment : edges(zone))
            for (auto const* rule : rules) ASSERT_NO_FATAL_FAILURE(expect_lawful_move(*rule, zone, moment));
    }
    EXPECT_GT(zones, 300U);
}

struct Home {
    char const *country, *region, *phone;
    std::vector<std::string> rules;    // of hours, by hand
};
std::vector<Home> const homes{
    {"US", "NY", "+12125551234", {"us.sms.hours"}},
    {"US", "FL", "+13055551234", {"us.sms.hours", "us.sms.hours.eight"}},
    {"US", "TX", "+12145551234", {"us.sms.hours", "us.sms.hours.tx"}},
    {"US", "RI", "+14015551234", {"us.sms.hours", "us.sms.hours.ri"}},
    {"FR", "", "+33612345678", {"eu.fr.sms.hours"}},
    {"KE", "", "+254712345678", {"default.sms.hours"}},
};

/// One person whose two carts are left behind, lived through step by step; what leaves is judged.
class Life {
public:
    Life(Policy const& policy, date::time_zone const& zone, Home const& home, Instant start)
        : policy_(policy), zone_(zone), home_(home), start_(start) {}

    void live() {
        plan("c1", start_);
        plan("c2", start_ + hours{5});
        while (!waiting_.empty()) {
            auto [due, facts] = *waiting_.begin();
            waiting_.erase(waiting_.begin());
            facts.now = due;
            facts.history = history_;
            auto const verdict = decide_step(facts, policy_);
            auto const useful = useful_until(facts.step, facts.config);
            if (verdict.verdict == Verdict::move) {
                ASSERT_GT(verdict.move_to, due);
                ASSERT_LE(verdict.move_to, useful) << "a shifted step is useful or dropped";
                waiting_.emplace(verdict.move_to, facts);
            } else if (verdict.verdict == Verdict::send) {
                ASSERT_LE(due, useful);
                ASSERT_NO_FATAL_FAILURE(judge(facts));
                history_.push_back({facts.config.channel, facts.enrollment.cart_id, facts.enrollment.id, due, facts.step.step, false});
                ++sent;
            } else {
                ++dropped;
            }
        }
    }
    int sent = 0, dropped = 0;

private:
    void plan(std::string const& cart, Instant anchor) {
        int index = 0;
        for (auto const& [delay, channel, useful] : {std::tuple{1, Channel::email, 3}, std::tuple{4, Channel::sms, 20},
                                                     std::tuple{24, Channel::sms, 24}, std::tuple{72, Channel::email, 48}}) {
            auto facts = recoup::test::lawful_facts(channel, anchor, anchor + hours{delay}, home_.country, home_.region, home_.phone);
            facts.person.timezone.offer(zone_.name(), Version{anchor, 0, 1});
            facts.config.useful_for = hours{useful};
            facts.step.step = index++;
            facts.enrollment.id = "e-" + cart;
            facts.enrollment.cart_id = facts.cart->id = cart;
            waiting_.emplace(anchor + hours{delay}, facts);
        }
    }

    void judge(SendFacts const& facts) {
        int week = 0, texts_of_cart = 0;
        for (auto const& sent_before : history_) {
            week += facts.now - sent_before.at < hours{168} ? 1 : 0;
            texts_of_cart += sent_before.channel == Channel::sms && sent_before.cart_id == facts.enrollment.cart_id ? 1 : 0;
            ASSERT_GE(facts.now - sent_before.at, policy_.min_gap);
        }
        ASSERT_LT(week, policy_.person_cap.max);
        if (facts.config.channel != Channel::sms) return;
        for (auto const& rule : home_.rules)
            ASSERT_TRUE(lawful(rule, wall(zone_, facts.now))) << rule << ' ' << zone_.name() << ' ' << to_rfc3339(facts.now);
        if (std::string_view(home_.country) != "US") return;
        ASSERT_EQ(texts_of_cart, 0) << "one text a cart";
        ASSERT_LE(facts.now - facts.enrollment.anchor_at, hours{48});
    }

    Policy const& policy_;
    date::time_zone const& zone_;
    Home const& home_;
    Instant start_;
    std::multimap<Instant, SendFacts> waiting_;
    std::vector<SentMessage> history_;
};

TEST(LawProperty, SequencesKeepHoursCapsDeadlinesAndUsefulnessEverywhere) {
    auto policy = recoup::test::lawful_policy();
    policy.person_cap = {5, hours{168}};
    policy.channel_caps[Channel::sms] = {2, hours{168}};
    int sent = 0, dropped = 0, turn = 0;
    for (auto const& zone : date::get_tzdb().zones) {
        std::vector<Instant> starts = edges(zone);
        starts.resize(std::min<std::size_t>(starts.size(), 13));
        for (int i = 0; i < 6; ++i) starts.push_back(begin + hours{(i * 1451 + turn * 7) % (24 * 700)} + minutes{13});
        for (auto const start : starts) {
            Life life(policy, zone, homes[static_cast<std::size_t>(turn++) % homes.size()], start);
            ASSERT_NO_FATAL_FAILURE(life.live());
            sent += life.sent;
            dropped += life.dropped;
        }
    }
    EXPECT_GT(sent, 20'000);
    EXPECT_GT(dropped, 5'000);
}

}  // namespace
}  // namespace recoup::core::law_property_test
