// What was said of a consent ends equal for every order in which it is heard.
#include "core/codec/json_fields.hpp"
#include "core/fold/fold.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

namespace recoup::core::consent_test {
namespace {

constexpr char jane[] = "jane@example.com";

Instant at(int minutes) { return parse_rfc3339("2026-03-02T15:00:00Z").value() + std::chrono::minutes{minutes}; }

ConsentChanged word(ConsentState state, bool confirmed = false) {
    ConsentChanged out;
    out.address = jane;
    out.state = state;
    out.method = "events";
    out.confirmed = confirmed;
    return out;
}

Event said(std::string id, int minutes, ConsentChanged body) {
    Event event;
    event.shop_id = "demo";
    event.source = "events";
    event.id = "events:" + std::move(id);
    event.occurred_at = event.received_at = at(minutes);
    event.keys = {{KeyKind::email, jane}};
    event.body = std::move(body);
    return event;
}

Consent heard(std::vector<Event> const& events) {
    World world;
    world.shop_id = "demo";
    Fold fold(world);
    for (auto const& event : events) fold.apply(event);
    return world.persons.begin()->second.consents.at("email:" + std::string(jane));
}

/// A yes, a no, a double opt-in, a plain yes after it, and a yes of before the no that is told last.
std::vector<Event> story() {
    auto repeated = word(ConsentState::granted);
    repeated.said_at = at(4);
    auto confirmed = word(ConsentState::granted, true);
    confirmed.age = 31;
    return {said("1", 5, word(ConsentState::granted)), said("2", 6, word(ConsentState::revoked)), said("3", 30, confirmed),
            said("4", 31, word(ConsentState::granted)), said("5", 60, repeated), said("6", 3, word(ConsentState::pending))};
}

TEST(ConsentFold, EndsEqualForEveryOrderOfArrival) {
    auto events = story();
    auto const want = to_json_text(heard(events));
    std::vector<std::size_t> order(events.size());
    std::iota(order.begin(), order.end(), 0);
    do {
        std::vector<Event> shuffled;
        for (auto const index : order) shuffled.push_back(events[index]);
        ASSERT_EQ(to_json_text(heard(shuffled)), want);
    } while (std::next_permutation(order.begin(), order.end()));
}

TEST(ConsentFold, AConfirmationCountsUntilAWithdrawal) {
    auto events = story();
    auto const consent = heard(events);
    EXPECT_EQ(consent.state, ConsentState::granted);
    EXPECT_EQ(consent.version.at, at(31)) << "what was said before the no is not the newest word, whenever it is told";
    EXPECT_EQ(consent.confirmed_at, at(30));
    EXPECT_EQ(consent.withdrawn_at, at(6));
    EXPECT_TRUE(consent.confirmed());
    events.push_back(said("7", 40, word(ConsentState::denied)));
    EXPECT_FALSE(heard(events).confirmed());
    events.push_back(said("8", 50, word(ConsentState::granted)));
    EXPECT_EQ(heard(events).state, ConsentState::granted);
    EXPECT_FALSE(heard(events).confirmed()) << "who said no in between confirms anew";
}

}  // namespace
}  // namespace recoup::core::consent_test
