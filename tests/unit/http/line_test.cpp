#include "adapter/http/server.hpp"
#include "raw_client.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <deque>
#include <optional>

namespace recoup {
namespace {

using namespace std::chrono_literals;
using test::has;
using test::RawClient;

/// A server that is always behind. "/some" yields and refuses whoever is crowded all the same, "/quiet" refuses without yielding,
/// "/hello" asks nobody.
class HttpLine : public testing::Test {
protected:
    static constexpr std::string_view some = "POST /some HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nbody";
    static constexpr std::string_view quiet = "POST /quiet HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nbody";
    static constexpr std::string_view hello = "GET /hello HTTP/1.1\r\nHost: h\r\n\r\n";

    std::string start(std::size_t crowd, Millis patience) {
        Route route;
        route.method = "POST";
        route.pattern = "/some";
        route.body_limit = 10;
        route.yields = [](HttpRequest const&) { return true; };
        route.admit = [](HttpRequest const& head, std::uint64_t) -> std::optional<HttpResponse> {
            if (head.crowded) return problem(503, "full", "Full", "Come again.");
            return std::nullopt;
        };
        route.handle = [](HttpRequest const& request, Responder const& respond) {
            respond(json_response(200, request.waited > 0ns ? "waited" : "at once"));
        };
        auto refuses = route, open = route;
        refuses.pattern = "/quiet";
        refuses.yields = {};
        open.pattern = "/hello";
        open.method = "GET";
        open.admit = {};
        settings.crowd = crowd;
        settings.crowd_after = Millis{0};
        settings.crowd_patience = patience;
        server = std::make_unique<http::Server>(std::vector<Route>{route, refuses, open}, settings);
        auto const bound = server->start();
        EXPECT_TRUE(bound.has_value());
        return *bound;
    }

    http::ServerSettings settings;
    std::unique_ptr<http::Server> server;
};

TEST_F(HttpLine, WhoseTurnComesIsServedThough) {
    auto const address = start(1, 60s);
    std::deque<RawClient> clients;   // which do not move
    for (int i = 0; i < 5; ++i) clients.emplace_back(address);
    for (auto& client : clients) client.send(some);
    int waited = 0;
    for (auto& client : clients) {
        auto const answer = client.read_answer();
        EXPECT_TRUE(has(answer, "200 OK"));
        waited += has(answer, "waited") ? 1 : 0;
    }
    EXPECT_GE(waited, 1) << "five that came within a few milliseconds, one a turn of fifty";
    for (auto& client : clients) EXPECT_TRUE(has(client.ask(some), "200 OK")) << "and again on the same connections";
}

TEST_F(HttpLine, WhoseTurnNeverComesIsRefusedWhenPatienceEnds) {
    RawClient client(start(0, 120ms));
    auto const begin = std::chrono::steady_clock::now();
    auto const answer = client.ask(some);
    EXPECT_GE(std::chrono::steady_clock::now() - begin, 120ms);
    EXPECT_TRUE(has(answer, "503 Service Unavailable"));
    EXPECT_TRUE(has(answer, "keep-alive"));
    EXPECT_TRUE(has(client.ask(some), "503 Service Unavailable"));
}

TEST_F(HttpLine, WhoDoesNotYieldIsAnsweredAtOnceAndWhoAsksNobodyIsServed) {
    auto const address = start(0, 60s);
    RawClient waiting(address);
    waiting.send(some);
    EXPECT_TRUE(has(RawClient(address).ask(quiet), "503 Service Unavailable"));
    EXPECT_TRUE(has(RawClient(address).ask(hello), "at once"));
}

TEST_F(HttpLine, OutlivesTheDeadlinesOfItsConnections) {
    for (auto* deadline : {&settings.header_deadline, &settings.body_patience, &settings.write_deadline, &settings.idle_deadline}) *deadline = 40ms;
    RawClient client(start(0, 300ms));
    EXPECT_TRUE(has(client.ask(some), "503 Service Unavailable"));
}

TEST_F(HttpLine, EverybodyIsServedWhenTheServerDrains) {
    auto const address = start(0, 60s);
    RawClient waiting(address);
    waiting.send(some);
    EXPECT_TRUE(has(RawClient(address).ask(hello), "at once"));   // so the other stands in line by now: there is one I/O thread
    server->stop(20s);
    auto const answer = waiting.read_to_end();
    EXPECT_TRUE(has(answer, "200 OK"));
    EXPECT_TRUE(has(answer, "Connection: close"));
}

TEST_F(HttpLine, EndsWithAServerThatDoesNotDrain) {
    RawClient waiting(start(0, 60s));
    waiting.send(some);
    server.reset();
    EXPECT_FALSE(has(waiting.read_to_end(), "503 Service Unavailable"));
}

TEST_F(HttpLine, GivesAConnectionBackWhosePeerLeft) {
    settings.connections = 2;
    auto const address = start(0, 20ms);
    for (int i = 0; i < 20; ++i) RawClient(address).send(some);
    for (bool served = false; !served;) served = has(RawClient(address).ask(hello), "at once");   // else it is over the cap
}

}  // namespace
}  // namespace recoup
