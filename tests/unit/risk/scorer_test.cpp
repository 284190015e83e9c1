#include "service/scorer.hpp"

#include "adapter/prometheus/prometheus_metrics.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace recoup::service {
namespace {

TEST(Scorer, AScoreThatIsNoNumberIsNoneAndCounted) {
    prometheus_adapter::PrometheusMetrics metrics{"1"};
    double risk = 0.7;
    auto const scorer = checked([&](Cart const&, Person const&, Instant, bool) {
        Score score;
        score.model = "m";
        score.risk = risk;
        return score;
    }, metrics);
    EXPECT_EQ(scorer({}, {}, never, false).risk, 0.7);
    risk = std::numeric_limits<double>::quiet_NaN();
    auto const none = scorer({}, {}, never, false);
    EXPECT_EQ(none.risk, 0);
    EXPECT_EQ(none.model, "");
    EXPECT_NE(metrics.exposition().find("recoup_scores_failed_total 1"), std::string::npos);
    EXPECT_FALSE(checked({}, metrics));
}

}  // namespace
}  // namespace recoup::service
