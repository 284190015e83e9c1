#pragma once
// Calls routes as a server would, without one.

#include "fake_admin_store.hpp"
#include "service/admin/admin_api.hpp"

#include <gtest/gtest.h>

#include <string>

namespace recoup::test {

class FakeClockDriver final : public ClockDriver {
public:
    Result<Instant> advance(Seconds by) override {
        now += by;
        return now;
    }
    Instant now = fake_time(0);
};

inline HttpResponse call(Route const& route, std::vector<std::string> captures, std::string query = {},
                         std::string body = {}) {
    HttpRequest request;
    request.method = route.method;
    request.path = route.pattern;
    request.query = std::move(query);
    request.captures = std::move(captures);
    request.body = std::move(body);
    HttpResponse answer;
    int answers = 0;
    route.handle(request, [&](HttpResponse response) {
        answer = std::move(response);
        ++answers;
    });
    EXPECT_EQ(answers, 1);
    return answer;
}

struct AdminApiTest : ::testing::Test {
    FakeAdminStore store;
    FakeClockDriver driver;
    ManualClock clock{fake_time(100)};
    service::MeasureSettings settings;
    service::AdminApi api{store, clock, [this] { return settings; }, &driver};
    std::vector<Route> routes = api.routes();

    Route const& route(std::string_view pattern) const {
        for (auto const& one : routes)
            if (one.pattern == pattern) return one;
        ADD_FAILURE() << "no route " << pattern;
        return routes.front();
    }
    HttpResponse list(std::string_view name, std::string query = {}, std::string shop = "demo") const {
        return call(route("/v1/shops/{shop}/" + std::string(name)), {std::move(shop)}, std::move(query));
    }
    static service::ApiJson json(HttpResponse const& response) { return service::ApiJson::parse(response.body); }
};

}  // namespace recoup::test
