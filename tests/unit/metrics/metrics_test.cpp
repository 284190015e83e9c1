#include "adapter/prometheus/prometheus_metrics.hpp"
#include "recoup/domain/decision.hpp"
#include "recoup/domain/event.hpp"
#include "recoup/domain/message.hpp"
#include "service/admin/metrics_document.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <set>

namespace recoup {
namespace {

MetricInfo const& info(Metric id) {
    for (auto const& entry : metric_table())
        if (entry.id == id) return entry;
    ADD_FAILURE() << "metric " << static_cast<int>(id) << " is not in the table";
    return metric_table().front();
}

bool contains(std::string const& text, std::string_view part) { return text.find(part) != std::string::npos; }

TEST(MetricTable, HoldsEveryMetricOnceInTheOrderOfTheEnum) {
    int expected = 0;
    for (auto const& entry : metric_table()) EXPECT_EQ(static_cast<int>(entry.id), expected++);
    EXPECT_EQ(expected, static_cast<int>(Metric::config_last_reload_success_timestamp) + 1);
}

TEST(MetricTable, FollowsTheNamingRules) {
    std::set<std::string_view> names;
    for (auto const& entry : metric_table()) {
        EXPECT_TRUE(entry.name.starts_with("recoup_")) << entry.name;
        EXPECT_EQ(entry.name.ends_with("_total"), entry.kind == MetricInfo::Kind::counter) << entry.name;
        EXPECT_EQ(entry.buckets.empty(), entry.kind != MetricInfo::Kind::histogram) << entry.name;
        EXPECT_EQ(entry.label.empty(), entry.values.empty()) << entry.name;
        EXPECT_TRUE(entry.help.ends_with(".")) << entry.name;
        EXPECT_TRUE(names.insert(entry.name).second) << entry.name;
    }
}

TEST(MetricTable, LabelsListEveryNameOfTheirClosedSets) {
    std::string reasons, bodies;
    for (int i = 0; i < reason_count; ++i) reasons += (i ? "|" : "") + std::string(name(static_cast<Reason>(i)));
    EXPECT_EQ(info(Metric::decisions).values, reasons);

    auto const append = [&]<std::size_t... I>(std::index_sequence<I...>) {
        ((bodies += (I ? "|" : "") + std::string(body_name(EventBody(std::in_place_index<I>)))), ...);
    };
    append(std::make_index_sequence<std::variant_size_v<EventBody>>{});
    EXPECT_EQ(info(Metric::events_tracked).values, bodies);

    std::string outcomes;
    for (auto const kind : {OutcomeKind::sent, OutcomeKind::retry_later, OutcomeKind::rejected, OutcomeKind::unknown})
        outcomes += (outcomes.empty() ? "" : "|") + std::string(name(kind));
    EXPECT_EQ(info(Metric::messages).values, outcomes);
}

TEST(PrometheusMetrics, StartsWithEveryLabelValueAtZero) {
    prometheus_adapter::PrometheusMetrics const metrics("1.2.3");
    auto const text = metrics.exposition();
    for (auto const* line : {"recoup_webhook_requests_total{outcome=\"accepted\"} 0\n",
                             "recoup_decisions_total{reason=\"frequency_cap\"} 0\n",
                             "recoup_events_duplicate_total 0\n", "recoup_track_lag_events 0\n",
                             "recoup_webhook_request_duration_seconds_bucket{le=\"5\"} 0\n",
                             "recoup_build_info{version=\"1.2.3\"} 1\n", "# TYPE recoup_messages_total counter\n"})
        EXPECT_TRUE(contains(text, line)) << line;
}

TEST(PrometheusMetrics, CountsSetsAndObserves) {
    prometheus_adapter::PrometheusMetrics metrics("1");
    metrics.add(Metric::messages, "sent", 2);
    metrics.add(Metric::messages, "sent", 1);
    metrics.add(Metric::webhook_requests, "a new kind of answer", 1);
    metrics.set(Metric::track_lag_events, 7);
    metrics.observe(Metric::webhook_duration, 0.7);
    auto const text = metrics.exposition();
    for (auto const* line : {"recoup_messages_total{outcome=\"sent\"} 3\n",
                             "recoup_webhook_requests_total{outcome=\"other\"} 1\n", "recoup_track_lag_events 7\n",
                             "recoup_webhook_request_duration_seconds_bucket{le=\"0.5\"} 0\n",
                             "recoup_webhook_request_duration_seconds_bucket{le=\"1\"} 1\n"})
        EXPECT_TRUE(contains(text, line)) << line;
}

TEST(PrometheusMetrics, TellsAboutTheProcess) {
    auto const text = prometheus_adapter::PrometheusMetrics("1").exposition();
    for (auto const* name : {"process_cpu_seconds_total ", "process_resident_memory_bytes ", "process_open_fds ",
                             "process_max_fds ", "process_start_time_seconds ", "process_threads "})
        EXPECT_TRUE(contains(text, std::string("\n") + name)) << name;
}

TEST(PrometheusMetricsDeathTest, RefusesAValueOutsideAClosedSet) {
    GTEST_FLAG_SET(death_test_style, "threadsafe");
    EXPECT_DEATH(prometheus_adapter::PrometheusMetrics("1").add(Metric::messages, "vanished", 1), "broken invariant");
}

TEST(MetricsDocument, IsWhatTheTableSays) {
    constexpr auto path = RECOUP_SOURCE_DIR "/docs/metrics.md";
    if (std::getenv("RECOUP_UPDATE_DOCS")) std::ofstream(path) << service::metrics_markdown();
    std::ifstream file(path);
    std::string const page{std::istreambuf_iterator<char>(file), {}};
    EXPECT_EQ(page, service::metrics_markdown()) << "Run the test with RECOUP_UPDATE_DOCS=1 to write the page anew.";
}

}  // namespace
}  // namespace recoup
