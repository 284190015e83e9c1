#include "adapter/http/server.hpp"
#include "raw_client.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <vector>

namespace recoup {
namespace {

using namespace std::chrono_literals;
using test::has;
using test::RawClient;

/// "/full" refuses for load from the head, "/busy" when it knows the body.
class HttpRefusals : public testing::Test {
protected:
    static constexpr std::string_view hello = "GET /hello HTTP/1.1\r\nHost: h\r\n\r\n";
    static constexpr std::string_view refused = "POST /full HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nbody";

    HttpRefusals() {
        auto const full = [] {
            auto answer = problem(503, "full", "Full", "Come again.");
            answer.can_wait = true;
            return answer;
        };
        Route from_head;
        from_head.method = "POST";
        from_head.pattern = "/full";
        from_head.body_limit = 1'000'000;
        from_head.admit = [full](HttpRequest const&, std::uint64_t) { return std::optional(full()); };
        Route from_body = from_head;
        from_body.pattern = "/busy";
        from_body.admit = {};
        from_body.handle = [full](HttpRequest const&, Responder const& respond) { respond(full()); };
        Route open;
        open.method = "GET";
        open.pattern = "/hello";
        open.handle = [](HttpRequest const&, Responder const& respond) { respond(json_response(200, "hello")); };
        routes = {from_head, from_body, open};
    }

    /// After the first refusal, which leaves at once, all others wait for `patience`.
    std::string start(Millis patience) {
        settings.refusals_per_second = 0.001;
        settings.refusal_patience = patience;
        server = std::make_unique<http::Server>(routes, settings);
        auto const bound = server->start();
        EXPECT_TRUE(bound.has_value());
        RawClient first(*bound);
        EXPECT_TRUE(has(first.ask(refused), "503 Service Unavailable"));
        return *bound;
    }

    std::vector<Route> routes;
    http::ServerSettings settings;
    std::unique_ptr<http::Server> server;
};

TEST_F(HttpRefusals, OfAFloodWaitForTheirTurnAndHoldUpNobodyElse) {
    auto const address = start(200ms);
    RawClient waiting(address), other(address);
    auto const begin = std::chrono::steady_clock::now();
    waiting.send(refused);
    EXPECT_TRUE(has(other.ask(hello), "hello"));
    auto const answer = waiting.read_answer();
    EXPECT_GE(std::chrono::steady_clock::now() - begin, 200ms);
    EXPECT_TRUE(has(answer, "503 Service Unavailable"));
    EXPECT_TRUE(has(answer, "keep-alive"));
    EXPECT_TRUE(has(waiting.ask(hello), "hello"));
}

TEST_F(HttpRefusals, AreFollowedByTheAnswerToWhatWasSentBehindThem) {
    RawClient client(start(20ms));
    client.send(std::string(refused) + std::string(hello));
    EXPECT_TRUE(has(client.read_answer(), "503 Service Unavailable"));
    EXPECT_TRUE(has(client.read_answer(), "hello"));
}

TEST_F(HttpRefusals, AreTheSameWhenTheBodyWasReadOrNeverIs) {
    auto const address = start(20ms);
    RawClient read(address), unread(address);
    EXPECT_TRUE(has(read.ask("POST /busy HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nbody"), "keep-alive"));
    auto const answer = unread.ask("POST /full HTTP/1.1\r\nHost: h\r\nContent-Length: 900\r\n\r\n");
    EXPECT_TRUE(has(answer, "503 Service Unavailable"));
    EXPECT_TRUE(has(answer, "Connection: close"));
    EXPECT_EQ(unread.read_to_end(), "");
}

TEST_F(HttpRefusals, OutliveTheDeadlinesOfTheirConnections) {
    for (auto* deadline : {&settings.header_deadline, &settings.body_patience, &settings.write_deadline, &settings.idle_deadline}) *deadline = 40ms;
    RawClient client(start(200ms));
    EXPECT_TRUE(has(client.ask(refused), "503 Service Unavailable"));
}

TEST_F(HttpRefusals, LeaveAtOnceWhenTheServerDrains) {
    auto const address = start(60s);
    RawClient waiting(address), other(address);
    waiting.send(refused);
    EXPECT_TRUE(has(other.ask(hello), "hello"));   // so the refusal waits by now: there is one I/O thread
    server->stop(20s);
    auto const answer = waiting.read_to_end();
    EXPECT_TRUE(has(answer, "503 Service Unavailable"));
    EXPECT_TRUE(has(answer, "Connection: close"));
}

TEST_F(HttpRefusals, EndWithAServerThatDoesNotDrain) {
    RawClient waiting(start(60s));
    waiting.send(refused);
    server.reset();
    EXPECT_FALSE(has(waiting.read_to_end(), "200 OK"));
}

TEST_F(HttpRefusals, GiveTheirConnectionBackWhenThePeerLeaves) {
    settings.connections = 2;
    auto const address = start(20ms);
    for (int i = 0; i < 20; ++i) RawClient(address).send(refused);
    for (bool served = false; !served;) served = has(RawClient(address).ask(hello), "hello");   // else it is over the cap
}

}  // namespace
}  // namespace recoup
