#include "adapter/prometheus/prometheus_metrics.hpp"
#include "api_fixture.hpp"
#include "service/admin/health.hpp"

namespace recoup::test {
namespace {

struct HealthTest : ::testing::Test {
    prometheus_adapter::PrometheusMetrics metrics{"1"};
    bool broken = false;
    std::vector<Route> routes = service::health_routes(
        {{"database", [] { return Result<void>{}; }},
         {"log",
          [this]() -> Result<void> {
              if (broken) return error(Errc::unavailable, "no broker answers");
              return {};
          }}},
        metrics);

    HttpResponse get(std::string_view pattern, std::string query = {}) {
        for (auto const& one : routes) {
            EXPECT_EQ(one.access, Route::Access::open);
            if (one.pattern == pattern) return call(one, {}, std::move(query));
        }
        ADD_FAILURE() << "no route " << pattern;
        return {};
    }
};

TEST_F(HealthTest, ReadyMeansThatEveryCheckPasses) {
    EXPECT_EQ(get("/readyz").status, 200);
    EXPECT_EQ(get("/readyz").body, "ok\n");
    EXPECT_EQ(get("/readyz", "verbose").body, "[+]database ok\n[+]log ok\nok\n");
    broken = true;
    EXPECT_EQ(get("/readyz").status, 503);
    EXPECT_EQ(get("/readyz").body, "not ready: log\n");
    EXPECT_EQ(get("/healthz", "verbose=1").body,
              "[+]database ok\n[-]log failed: no broker answers\nnot ready: log\n");
    EXPECT_EQ(get("/readyz", "verbos").status, 400);
}

TEST_F(HealthTest, ACheckThatPassesMaySayMore) {
    std::string note;
    routes = service::health_routes({{"spool", [] { return Result<void>{}; }, [&note] { return note; }}}, metrics);
    EXPECT_EQ(get("/readyz", "verbose").body, "[+]spool ok\nok\n");
    note = "in use";
    EXPECT_EQ(get("/readyz", "verbose").body, "[+]spool ok: in use\nok\n");
}

TEST_F(HealthTest, AliveDoesNotAskDependencies) {
    broken = true;
    EXPECT_EQ(get("/livez").status, 200);
}

TEST_F(HealthTest, MetricsAreTextExposition) {
    auto const response = get("/metrics");
    EXPECT_EQ(response.content_type, "text/plain; version=0.0.4; charset=utf-8");
    EXPECT_NE(response.body.find("recoup_build_info{version=\"1\"} 1"), std::string::npos);
}

}  // namespace
}  // namespace recoup::test
