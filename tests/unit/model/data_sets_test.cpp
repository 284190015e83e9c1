#include "app/model/data_file.hpp"
#include "app/model/data_sets.hpp"

#include <gtest/gtest.h>

namespace recoup::app {
namespace {

constexpr char const* clicks =
    "user_id,session_id,event,timestamp,platform\n"
    "u1,s1,payment_details,2024-03-13 10:30:00,desktop\n"
    "u1,s1,home,2024-03-13 10:00:00,desktop\r\n"
    "u1,s1,add_to_cart,2024-03-13 10:05:00,desktop\n"
    "u1,s1,shipping_details,2024-03-13 10:10:00,desktop\n"
    "u1,s1,product_view,2024-03-13 10:12:00,desktop\n"
    "u1,s1,purchase,2024-03-13 10:31:30,desktop\n"
    "u1,s1,shipping_details,2024-03-13 10:40:00,desktop\n";

template <class Body>
std::vector<Event> with(std::vector<Event> const& events) {
    std::vector<Event> found;
    for (auto const& event : events)
        if (std::holds_alternative<Body>(event.body)) found.push_back(event);
    return found;
}

TEST(DataSets, AClickStreamBecomesStoreAndPixelEvents) {
    auto const events = parse_retentioneering(clicks, "set").value();
    auto const carts = with<CartChanged>(events);
    ASSERT_EQ(carts.size(), 3u);       // put in, shipping, payment; the step after the order has no cart
    EXPECT_EQ(std::get<CartChanged>(carts[2].body).stage, Stage::payment);
    auto const orders = with<OrderPlaced>(events);
    ASSERT_EQ(orders.size(), 1u);
    EXPECT_EQ(orders[0].keys, carts[0].keys);
    std::int64_t at_checkout = 0;
    for (auto const& event : with<BehaviourSeen>(events)) {
        EXPECT_FALSE(event.trusted);
        at_checkout += std::get<BehaviourSeen>(event.body).duration_ms;
    }
    EXPECT_EQ(at_checkout, 120'000 + 90'000);
    for (std::size_t i = 1; i < events.size(); ++i) EXPECT_GE(events[i].received_at, events[i - 1].received_at);
}

TEST(DataSets, ACartOutlivesAVisitButNotItsCookie) {
    auto const events = parse_otto(
        R"({"session":5,"events":[{"aid":1,"ts":1659304800000,"type":"carts"},{"aid":2,"ts":1659564000000,)"
        R"("type":"carts"},{"aid":2,"ts":1661119200000,"type":"carts"},{"aid":2,"ts":1661119300000,"type":"orders"},)"
        R"({"aid":1,"ts":1661119300000,"type":"orders"}]})", "set").value();
    auto const carts = with<CartChanged>(events);
    ASSERT_EQ(carts.size(), 3u);
    EXPECT_EQ(carts[0].keys, carts[1].keys);
    EXPECT_EQ(std::get<CartChanged>(carts[1].body).lines.size(), 2u);
    EXPECT_NE(carts[1].keys, carts[2].keys);
    EXPECT_EQ(with<OrderPlaced>(events).size(), 1u);
}

TEST(DataSets, MalformedLinesAreNamed) {
    for (auto const* bad : {"header\nu1,s1,home", "header\nu1,s1,home,yesterday,x\n"})
        EXPECT_NE(parse_retentioneering(bad, "set").error().message.find("line 2"), std::string::npos);
    for (auto const* bad : {"{\"session\":1}", "{\"session\":1,\"events\":[1]}", "[]", "{"})
        EXPECT_NE(parse_otto(bad, "set").error().message.find("line 1"), std::string::npos);
}

TEST(DataSets, AnAbsentFileOrFolderSaysWhatWasLookedFor) {
    auto const file = open_data("no/such/file.csv.xz");
    EXPECT_EQ(file.error().code, Errc::not_found);
    EXPECT_NE(file.error().message.find("no/such/file.csv.xz"), std::string::npos);
    auto const folder = open_data(RECOUP_SOURCE_DIR "/cmake");
    EXPECT_NE(folder.error().message.find("retentioneering_ecom_synthetic.csv"), std::string::npos);
    EXPECT_EQ(open_data(RECOUP_SOURCE_DIR "/CMakeLists.txt").error().code, Errc::invalid);
}

}  // namespace
}  // namespace recoup::app
