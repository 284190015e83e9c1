#include "adapter/http/server.hpp"
#include "raw_client.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <stdexcept>

namespace recoup {
namespace {

using test::has;
using test::RawClient;

std::string status_of(std::string const& answer) { return answer.substr(0, answer.find("\r\n")); }

class HttpServer : public testing::Test {
protected:
    HttpServer() {
        add("POST", "/echo/{name}", 1000, [](HttpRequest const& request, Responder respond) {
            respond(json_response(200, request.captures[0] + "|" + request.query_value("q") + "|" + request.body));
        });
        add("GET", "/hello", 0, [](HttpRequest const&, Responder respond) { respond(json_response(200, "hello")); });
        add("GET", "/throws", 0, [](HttpRequest const&, Responder) { throw std::runtime_error("secret text"); });
        add("GET", "/drops", 0, [](HttpRequest const&, Responder) {});
        add("GET", "/worker", 0, [](HttpRequest const& request, Responder respond) {
            respond(json_response(200, "worker " + request.path));
        });
        routes.back().run = Route::Run::on_worker;
        add("GET", "/later", 0, [this](HttpRequest const&, Responder respond) { later.set_value(std::move(respond)); });
        add("POST", "/admin", 10, [](HttpRequest const&, Responder respond) { respond(json_response(200, "{}")); });
        routes.back().access = Route::Access::admin;
    }

    void add(std::string method, std::string pattern, std::size_t limit,
             std::function<void(HttpRequest const&, Responder)> handle) {
        Route route;
        route.method = std::move(method);
        route.pattern = std::move(pattern);
        route.body_limit = limit;
        route.handle = std::move(handle);
        routes.push_back(std::move(route));
    }

    std::string start() {
        settings.threads = 2;
        settings.admin_token = "let-me-in";
        server = std::make_unique<http::Server>(routes, settings);
        auto const bound = server->start();
        EXPECT_TRUE(bound.has_value());
        return *bound;
    }

    std::vector<Route> routes;
    http::ServerSettings settings;
    std::promise<Responder> later;
    std::unique_ptr<http::Server> server;
};

TEST_F(HttpServer, ServesSeveralRequestsOnOneConnection) {
    RawClient client(start());
    for (int i = 0; i < 3; ++i) {
        auto const answer =
            client.ask("POST /echo/a%20b?q=x+y%21 HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nbody");
        EXPECT_EQ(status_of(answer), "HTTP/1.1 200 OK");
        EXPECT_TRUE(has(answer, "a b|x y!|body")) << answer;
    }
    EXPECT_TRUE(has(client.ask("GET /worker HTTP/1.1\r\nHost: h\r\n\r\n"), "worker /worker"));
    auto const last = client.ask("GET /hello HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
    EXPECT_TRUE(has(last, "Connection: close"));
    EXPECT_EQ(client.read_to_end(), "");
}

TEST_F(HttpServer, ReadsPipelinedRequestsInOrderAndRefusesTheGarbageBehindThem) {
    RawClient client(start());
    client.send("GET /hello HTTP/1.1\r\nHost: h\r\n\r\nPOST /echo/n HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nhi"
                "\x01\x02 garbage\r\n\r\n");
    EXPECT_TRUE(has(client.read_answer(), "hello"));
    EXPECT_TRUE(has(client.read_answer(), "n||hi"));
    EXPECT_EQ(status_of(client.read_answer()), "HTTP/1.1 400 Bad Request");
    EXPECT_EQ(client.read_to_end(), "");
}

TEST_F(HttpServer, AnswersProblemsForUnknownPathsAndMethods) {
    RawClient client(start());
    auto const unknown = client.ask("GET /nothing HTTP/1.1\r\nHost: h\r\n\r\n");
    EXPECT_EQ(status_of(unknown), "HTTP/1.1 404 Not Found");
    EXPECT_TRUE(has(unknown, "application/problem+json"));
    EXPECT_TRUE(has(unknown, R"("type":"/problems/not-found")"));
    auto const method = client.ask("DELETE /hello HTTP/1.1\r\nHost: h\r\n\r\n");
    EXPECT_EQ(status_of(method), "HTTP/1.1 405 Method Not Allowed");
    EXPECT_TRUE(has(method, "Allow: GET, HEAD\r\n"));
    client.send("HEAD /hello HTTP/1.1\r\nHost: h\r\n\r\nGET /hello HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
    auto const both = client.read_to_end();
    EXPECT_TRUE(has(both, "Content-Length: 5\r\n"));
    EXPECT_EQ(both.find("hello"), both.rfind("hello"));
}

TEST_F(HttpServer, RefusesALargeBodyByItsPromiseBeforeReadingIt) {
    RawClient client(start());
    client.send("POST /echo/n HTTP/1.1\r\nHost: h\r\nContent-Length: 5000000\r\nExpect: 100-continue\r\n\r\n");
    EXPECT_EQ(status_of(client.read_answer()), "HTTP/1.1 413 Payload Too Large");
    EXPECT_EQ(client.read_to_end(), "");
}

TEST_F(HttpServer, LetsTheSenderOfALargeBodyReadTheRefusal) {
    RawClient client(start());
    client.send("POST /echo/n HTTP/1.1\r\nHost: h\r\nContent-Length: 5000000\r\n\r\n" + std::string(5'000'000, 'x'));
    EXPECT_EQ(status_of(client.read_answer()), "HTTP/1.1 413 Payload Too Large");
}

TEST_F(HttpServer, TakesChunkedBodiesUpToTheSameLimit) {
    auto const address = start();
    RawClient client(address);
    auto const good = client.ask("POST /echo/n HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
                                 "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
    EXPECT_TRUE(has(good, "n||abcde")) << good;
    client.send("POST /echo/n HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n");
    for (int i = 0; i < 3; ++i) client.send("1f4\r\n" + std::string(500, 'x') + "\r\n");
    EXPECT_EQ(status_of(client.read_answer()), "HTTP/1.1 413 Payload Too Large");
    RawClient broken(address);
    EXPECT_EQ(status_of(broken.ask("POST /echo/n HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")),
              "HTTP/1.1 400 Bad Request");
}

TEST_F(HttpServer, AsksTheRouteBeforeItReadsTheBodyAndKeepsItsTicketForTheHandlerOnly) {
    auto const held = std::make_shared<int>(7);
    std::atomic<std::uint64_t> announced{0};
    add("POST", "/door/{name}", 1000, [](HttpRequest const& request, Responder respond) {
        respond(json_response(200, std::to_string(*std::static_pointer_cast<int>(request.ticket)) + request.body));
    });
    routes.back().admit = [&](HttpRequest const& head, std::uint64_t length) -> std::optional<HttpResponse> {
        announced = length;
        if (head.captures.at(0) == "closed") return problem(429, "slow", "Slower", "Wait.");
        head.ticket = held;
        EXPECT_TRUE(head.body.empty());
        return std::nullopt;
    };
    RawClient client(start());
    EXPECT_TRUE(has(client.ask("POST /door/open HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nbody"), "7body"));
    EXPECT_EQ(announced, 4u);
    auto const small = client.ask("POST /door/closed HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nbody");
    EXPECT_EQ(status_of(small), "HTTP/1.1 429 Too Many Requests");
    EXPECT_TRUE(has(small, "keep-alive"));  // the body came along with the head: the connection can go on
    EXPECT_EQ(held.use_count(), 1);
    client.send("POST /door/open HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nmore\r\n0\r\n\r\n");
    EXPECT_TRUE(has(client.read_answer(), "7more"));
    EXPECT_EQ(announced, 0u);
    client.send("POST /door/closed HTTP/1.1\r\nHost: h\r\nContent-Length: 900\r\nExpect: 100-continue\r\n\r\n");
    EXPECT_EQ(status_of(client.read_answer()), "HTTP/1.1 429 Too Many Requests");
    EXPECT_EQ(client.read_to_end(), "");
}

TEST_F(HttpServer, InvitesTheBodyOnlyAfterTheRouteAllowsIt) {
    RawClient client(start());
    client.send("POST /echo/n HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
    EXPECT_EQ(status_of(client.read_answer()), "HTTP/1.1 100 Continue");
    EXPECT_TRUE(has(client.ask("ok"), "n||ok"));
}

TEST_F(HttpServer, RefusesRequestsThatTwoParsersCouldReadDifferently) {
    auto const address = start();
    for (std::string const head : {
             "Host: h\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n",
             "Host: h\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n",
             "Host: h\r\nContent-Length: 4\r\nContent-Length: 4\r\n",
             "Host: h\r\nContent-Length: 4\r\nContent-Length: 5\r\n",
             "Host: h\r\nTransfer-Encoding: gzip, chunked\r\n",
             "Host: h\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
             "Host: h\r\nX-Folded: a\r\n b\r\n",
             "Host: h\r\nContent-Length: -4\r\n",
             "Host: h\r\nContent-Length : 4\r\n",
             "Host: h\r\nHost: i\r\n",
             "Host: h\nContent-Length: 4\r\n",
             "",
         }) {
        RawClient client(address);
        auto const answer = client.ask("POST /echo/n HTTP/1.1\r\n" + head + "\r\nbody");
        EXPECT_EQ(status_of(answer), "HTTP/1.1 400 Bad Request") << head;
        EXPECT_EQ(client.read_to_end(), "") << head;
    }
}

TEST_F(HttpServer, RefusesEndlessHeaders) {
    RawClient client(start());
    client.send("GET /hello HTTP/1.1\r\nHost: h\r\nX: " + std::string(40'000, 'a'));
    EXPECT_EQ(status_of(client.read_answer()), "HTTP/1.1 431 Request Header Fields Too Large");
}

TEST_F(HttpServer, KeepsServingWhenAHandlerThrowsOrForgetsToAnswer) {
    RawClient client(start());
    for (std::string const path : {"/throws", "/drops"}) {
        auto const answer = client.ask("GET " + path + " HTTP/1.1\r\nHost: h\r\n\r\n");
        EXPECT_EQ(status_of(answer), "HTTP/1.1 500 Internal Server Error");
        EXPECT_FALSE(has(answer, "secret text"));
    }
    EXPECT_TRUE(has(client.ask("GET /hello HTTP/1.1\r\nHost: h\r\n\r\n"), "hello"));
}

TEST_F(HttpServer, ChecksTheAdminTokenBeforeTheBody) {
    auto const address = start();
    auto const ask = [&](std::string const& authorization, std::string const& length) {
        RawClient client(address);
        return status_of(client.ask("POST /admin HTTP/1.1\r\nHost: h\r\n" + authorization + "Content-Length: " + length +
                                    "\r\n\r\n{}"));
    };
    EXPECT_EQ(ask("", "500"), "HTTP/1.1 401 Unauthorized");
    EXPECT_EQ(ask("Authorization: Bearer let-me-i\r\n", "2"), "HTTP/1.1 401 Unauthorized");
    EXPECT_EQ(ask("Authorization: Basic let-me-in\r\n", "2"), "HTTP/1.1 401 Unauthorized");
    EXPECT_EQ(ask("Authorization: Bearer let-me-in\r\n", "2"), "HTTP/1.1 200 OK");
}

TEST_F(HttpServer, DrainsRequestsInFlightAndThenRefusesConnections) {
    auto const address = start();
    RawClient busy(address), idle(address);
    EXPECT_TRUE(has(idle.ask("GET /hello HTTP/1.1\r\nHost: h\r\n\r\n"), "keep-alive"));
    busy.send("GET /later HTTP/1.1\r\nHost: h\r\n\r\n");
    auto respond = later.get_future().get();
    std::thread stopper([&] { server->stop(Millis{20'000}); });
    EXPECT_EQ(idle.read_to_end(), "");  // closed once draining has begun
    respond(json_response(200, "late but whole"));
    auto const answer = busy.read_answer();
    EXPECT_TRUE(has(answer, "late but whole"));
    EXPECT_TRUE(has(answer, "Connection: close"));
    stopper.join();
    server->stop(Millis{0});
    EXPECT_ANY_THROW(RawClient{address});
}

TEST_F(HttpServer, SurvivesAnAnswerThatComesAfterItsEnd) {
    auto const address = start();
    RawClient client(address);
    client.send("GET /later HTTP/1.1\r\nHost: h\r\n\r\n");
    auto respond = later.get_future().get();
    server.reset();
    respond(json_response(200, "nobody hears this"));
    EXPECT_EQ(client.read_to_end(), "");
}

TEST_F(HttpServer, RefusesConnectionsOverItsCapAndAddressesInUse) {
    settings.connections = 1;
    auto const address = start();
    RawClient first(address);
    EXPECT_TRUE(has(first.ask("GET /hello HTTP/1.1\r\nHost: h\r\n\r\n"), "hello"));
    RawClient second(address);
    EXPECT_TRUE(has(second.read_to_end(), "503 Service Unavailable"));
    settings.address = address;
    http::Server other(routes, settings);
    auto const bound = other.start();
    ASSERT_FALSE(bound.has_value());
    EXPECT_EQ(bound.error().code, Errc::configuration);
}

}  // namespace
}  // namespace recoup
