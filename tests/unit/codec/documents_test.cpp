// What is stored: what is known and nothing else, with the version of most of it said once, and of a decision lists without
// names. The older forms, which name everything, are read too.
#include "core/codec/documents.hpp"

#include <gtest/gtest.h>

namespace recoup::core::documents_test {
namespace {

template <class T>
std::string written(T const& value) {
    std::string out;
    write_json(out, value);
    return out;
}

TEST(Documents, ATraceIsKeptWithoutNames) {
    std::vector<TraceEntry> const trace{{"not_ordered", true}, {"place", true, "US-FL"}, {"cap_sms", false, "2 of 2"},
                                        {"us.sms.hours.eight", false, "closed", "Fla. Stat. 501.616"}};
    auto const text = written(trace);
    EXPECT_EQ(text, R"([["not_ordered"],["place","US-FL"],["cap_sms","2 of 2",false],["us.sms.hours.eight","closed",false,"Fla. Stat. 501.616"]])");
    auto const read = from_json_text<std::vector<TraceEntry>>(text);
    ASSERT_EQ(read.size(), trace.size());
    for (std::size_t i = 0; i < trace.size(); ++i) {
        EXPECT_EQ(read[i].rule, trace[i].rule);
        EXPECT_EQ(read[i].passed, trace[i].passed);
        EXPECT_EQ(read[i].input, trace[i].input);
        EXPECT_EQ(read[i].source, trace[i].source);
    }
}

TEST(Documents, AnOlderTraceIsRead) {
    auto const read = from_json_text<std::vector<TraceEntry>>(R"([{"rule":"not ordered","passed":false,"input":"ordered: yes"}])");
    ASSERT_EQ(read.size(), 1U);
    EXPECT_EQ(read[0].rule, "not ordered");
    EXPECT_FALSE(read[0].passed);
    EXPECT_EQ(read[0].input, "ordered: yes");
}

TEST(Documents, AScoreKeepsWhatHasAShare) {
    Score score;
    score.model = "m1";
    score.margin = 0.25;
    score.contributions = {{"cart_value", 42.5, 0.1234567890123f}, {"tab_hides", std::nullopt, -0.5}, {"stage", 3, 0}};
    auto const text = written(score);
    EXPECT_NE(text.find(R"("contributions":[["cart_value",42.5,0.12345679],["tab_hides",null,-0.5]])"), std::string::npos) << text;
    auto const read = from_json_text<Score>(text);
    ASSERT_EQ(read.contributions.size(), 2U);
    EXPECT_EQ(static_cast<float>(read.contributions[0].share), 0.1234567890123f);
    EXPECT_EQ(read.contributions[1].value, std::nullopt);
    auto const older = from_json_text<Score>(R"({"model":"m1","contributions":[{"feature":"f","value":1,"share":0.5}]})");
    ASSERT_EQ(older.contributions.size(), 1U);
    EXPECT_EQ(older.contributions[0].feature, "f");
    EXPECT_EQ(older.contributions[0].share, 0.5);
}

Instant at(std::int64_t ms) { return instant_from_millis(ms); }

Person jane() {
    Person person;
    person.id = "per_1";
    person.keys = {{KeyKind::email, "jane@example.com"}, {KeyKind::customer_id, "77"}};
    person.email.offer("jane@example.com", {at(2000), 0, 5});
    person.first_name.offer("Jane", {at(2000), 0, 5});
    person.country.offer("US", {at(1000), 3, 0x8000000000000001});
    person.sessions["s1"].page_views = 2;
    person.last_seen_at = at(2000);
    return person;
}

TEST(Documents, WhatIsNotKnownIsNotWritten) {
    EXPECT_EQ(written(Person{}), "{}");
    EXPECT_EQ(written(jane()),
              R"({"as_of":[2000,0,5],"id":"per_1","keys":[{"value":"jane@example.com"},{"kind":"customer_id","value":"77"}],)"
              R"("email":"jane@example.com","first_name":"Jane","country":["US",1000,3,-9223372036854775807],)"
              R"("sessions":{"s1":{"page_views":2}},"last_seen_at":2000})");
    EXPECT_EQ(from_json_text<Person>(written(jane())), jane());
}

TEST(Documents, DefaultsThatAreNotBlankStayAsTheyAre) {
    Shop shop;
    shop.id = "s";
    EXPECT_EQ(from_json_text<Shop>(written(shop)).currency, "USD");
    shop.currency.clear();
    EXPECT_EQ(from_json_text<Shop>(written(shop)).currency, "");
    Cart cart;
    cart.stage = Stage::browse;
    EXPECT_EQ(from_json_text<Cart>(written(cart)), cart);
}

TEST(Documents, MembersAreFoundInAnyOrder) {
    EXPECT_EQ(from_json_text<Person>(R"({"email":"jane@example.com","unknown":{"id":"x"},"last_seen_at":2000,"country":)"
                                     R"(["US",1000,3,-9223372036854775807],"sessions":{"s1":{"page_views":2}},"first_name":"Jane",)"
                                     R"("keys":[{"value":"jane@example.com"},{"value":"77","kind":"customer_id"}],)"
                                     R"("as_of":[2000,0,5],"id":"per_1"})"),
              jane());
}

TEST(Documents, AnOlderPersonIsRead) {
    auto const version = [](char const* value, char const* numbers) {
        return std::string(R"({"value":")") + value + R"(","version":{)" + numbers + "}}";
    };
    auto const numbers = R"("at":2000,"hint":0,"tie":5)";
    EXPECT_EQ(from_json_text<Person>(R"({"id":"per_1","keys":[{"kind":"email","value":"jane@example.com"},)"
                                     R"({"kind":"customer_id","value":"77"}],"email":)" + version("jane@example.com", numbers) +
                                     R"(,"phone":)" + version("", R"("at":0,"hint":0,"tie":0)") + R"(,"first_name":)" +
                                     version("Jane", numbers) + R"(,"country":)" +
                                     version("US", R"("at":1000,"hint":3,"tie":-9223372036854775807)") +
                                     R"(,"sessions":{"s1":{"page_views":2,"tab_hides":0}},"last_seen_at":2000,"drafted_at":0})"),
              jane());
}

}  // namespace
}  // namespace recoup::core::documents_test
