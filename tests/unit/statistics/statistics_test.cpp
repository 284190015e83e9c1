#include "core/statistics/experiment.hpp"
#include "core/statistics/normal.hpp"
#include "recoup/base/random.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

namespace recoup::core {
namespace {

TEST(Normal, QuantileMatchesTheTablesAndInvertsTheDistribution) {
    EXPECT_NEAR(normal_quantile(0.975), 1.959963984540054, 1e-12);
    EXPECT_NEAR(normal_quantile(0.5), 0, 1e-12);
    EXPECT_NEAR(normal_quantile(0.001), -3.090232306167813, 1e-11);
    for (double p = 0.0005; p < 1; p += 0.0101) EXPECT_NEAR(normal_cdf(normal_quantile(p)), p, 1e-13);
    EXPECT_NEAR(chi_square1_upper(3.841458820694124), 0.05, 1e-12);
    EXPECT_NEAR(chi_square1_upper(10.827566170662733), 0.001, 1e-12);
}

struct RateCase {
    std::int64_t hits, total;
    double low, high;
};
// Newcombe 1998, Statistics in Medicine 17:857-872, table I, method 3.
constexpr RateCase rate_cases[] = {
    {81, 263, 0.2553, 0.3662}, {15, 148, 0.0624, 0.1605}, {0, 20, 0.0000, 0.1611}, {1, 29, 0.0061, 0.1718}};

TEST(Rate, HasTheIntervalsOfNewcombesTable) {
    for (auto const& c : rate_cases) {
        auto const interval = wilson_interval({c.hits, c.total});
        EXPECT_NEAR(interval.low, c.low, 5e-5) << c.hits << "/" << c.total;
        EXPECT_NEAR(interval.high, c.high, 5e-5) << c.hits << "/" << c.total;
    }
    EXPECT_EQ(wilson_interval({0, 0}).low, 0);
    EXPECT_EQ(wilson_interval({0, 0}).high, 1);
}

struct DifferenceCase {
    Count a, b;
    double low, high;
};
// Newcombe 1998, Statistics in Medicine 17:873-890, table II, method 10.
constexpr DifferenceCase difference_cases[] = {
    {{56, 70}, {48, 80}, 0.0524, 0.3339},  {{9, 10}, {3, 10}, 0.1705, 0.8090}, {{6, 7}, {2, 7}, 0.0582, 0.8062},
    {{5, 56}, {0, 29}, -0.0381, 0.1926},   {{0, 10}, {0, 20}, -0.1611, 0.2775}, {{10, 10}, {0, 10}, 0.6075, 1.0}};

TEST(Difference, HasTheIntervalsOfNewcombesTable) {
    for (auto const& c : difference_cases) {
        auto const interval = difference_interval(c.a, c.b);
        EXPECT_NEAR(interval.low, c.low, 5e-5) << c.a.hits << " " << c.b.hits;
        EXPECT_NEAR(interval.high, c.high, 5e-5) << c.a.hits << " " << c.b.hits;
    }
}

TEST(Lift, FollowsTheDeltaMethodAndIsNotGivenForTooFewHits) {
    // p_a = .12, p_b = .10, n = 1000 each: sd = sqrt(.12*.88/1000/.01 + .0144*.1*.9/1000/.0001).
    auto const lift = relative_lift({120, 1000}, {100, 1000});
    ASSERT_TRUE(lift.found);
    double const deviation = std::sqrt(0.01056 + 0.01296);
    EXPECT_NEAR(lift.value, 0.2, 1e-12);
    EXPECT_NEAR(lift.interval.high - lift.value, 1.959963984540054 * deviation, 1e-9);
    EXPECT_FALSE(relative_lift({30, 100}, {4, 100}).found);
    EXPECT_FALSE(relative_lift({4, 100}, {30, 100}).found);
    EXPECT_FALSE(relative_lift({0, 0}, {0, 0}).found);
    EXPECT_TRUE(relative_lift({5, 100}, {5, 100}).found);
}

TEST(SampleRatio, AlarmsOnABrokenSplitOnly) {
    EXPECT_NEAR(sample_ratio_p(900, 100, 0.1), 1, 1e-12);
    EXPECT_NEAR(sample_ratio_p(870, 130, 0.1), 0.00156540, 1e-6);   // chi-square 10
    EXPECT_LT(sample_ratio_p(860, 140, 0.1), srm_alarm);
    EXPECT_EQ(sample_ratio_p(10, 0, 0), 1);
    EXPECT_EQ(sample_ratio_p(10, 1, 0), 0);
    EXPECT_EQ(sample_ratio_p(0, 0, 0.1), 1);
}

TEST(SampleSize, IsTheRuleOfSixteen) {
    EXPECT_NEAR(needed_people(0.05, 0.2, 0.5), 2 * 7600, 1);
    EXPECT_NEAR(needed_people(0.05, 0.1, 0.5), 2 * 30400, 1);
    EXPECT_NEAR(needed_people(0.005726, 0.1, 0.5), 2 * 277823.0, 200);
    EXPECT_GT(needed_people(0.05, 0.2, 0.1), needed_people(0.05, 0.2, 0.5));
}

TEST(ConfidenceSequence, IsWiderThanTheFixedIntervalByTheKnownFactor) {
    double const fixed = normal_quantile(0.975) / std::sqrt(60000.0);
    EXPECT_NEAR(confidence_sequence_half_width(1, 60000, 60000, 0.05) / fixed, 1.549, 0.001);
    EXPECT_NEAR(confidence_sequence_half_width(1, 60000, 5000, 0.05) / fixed, 1.667, 0.001);
}

// An A/A test looked at on each of 30 days: the fixed interval cries wolf in about 28 of 100 runs, the sequence must
// not in more than its 5.
TEST(ConfidenceSequence, HoldsItsErrorUnderDailyPeekingWhereTheFixedIntervalDoesNot) {
    SeededRandom random(20260101);
    auto const binomial = [&random](double n, double p) {
        double const radius = std::sqrt(-2 * std::log(1 - random.unit()));
        double const z = radius * std::cos(2 * std::numbers::pi * random.unit());
        return static_cast<std::int64_t>(std::lround(n * p + z * std::sqrt(n * p * (1 - p))));
    };
    int fixed_alarms = 0, anytime_alarms = 0;
    constexpr int runs = 2000;
    for (int run = 0; run < runs; ++run) {
        Count a, b;
        bool fixed_alarm = false, anytime_alarm = false;
        for (int day = 0; day < 30; ++day) {
            a = {a.hits + binomial(1000, 0.05), a.total + 1000};
            b = {b.hits + binomial(1000, 0.05), b.total + 1000};
            fixed_alarm |= !difference_interval(a, b).contains(0);
            anytime_alarm |= !anytime_difference(a, b).contains(0);
        }
        fixed_alarms += fixed_alarm;
        anytime_alarms += anytime_alarm;
    }
    EXPECT_NEAR(static_cast<double>(fixed_alarms) / runs, 0.277, 0.04);
    EXPECT_LT(static_cast<double>(anytime_alarms) / runs, 0.03);
}

TEST(Reading, SaysInPlainWordsWhatIsKnown) {
    EXPECT_EQ(read_experiment({{0, 0}, {0, 0}, 0}).verdict,
              "Not measured: no holdout is configured (measure.holdout_share = 0).");
    EXPECT_EQ(read_experiment({{0, 0}, {0, 0}, 0.1}).verdict, "Not known yet: nobody was enrolled in this period.");
    EXPECT_EQ(read_experiment({{5, 40}, {0, 0}, 0.1}).verdict,
              "Not known yet: one of the two groups is still empty.");

    auto const early = read_experiment({{27, 270}, {3, 30}, 0.1});
    EXPECT_FALSE(early.conclusive);
    EXPECT_EQ(early.people_missing, 20000);   // 16 * .1 * .9 / .02^2 / 2 / .09 - 300 = 19,700
    EXPECT_EQ(early.verdict, "Not known yet, about 20000 more carts are needed to tell a lift of 20 %.");

    auto const clear = read_experiment({{1800, 9000}, {100, 1000}, 0.1});
    EXPECT_TRUE(clear.conclusive);
    EXPECT_TRUE(clear.verdict.starts_with("Recovery works: 10.0 more of every 100")) << clear.verdict;

    auto const harm = read_experiment({{900, 9000}, {200, 1000}, 0.1});
    EXPECT_TRUE(harm.verdict.starts_with("Recovery does harm: 10.0 fewer")) << harm.verdict;

    auto const broken = read_experiment({{1800, 9000}, {100, 2000}, 0.1});
    EXPECT_TRUE(broken.srm_alarm);
    EXPECT_FALSE(broken.conclusive);
    EXPECT_TRUE(broken.verdict.starts_with("Do not trust this")) << broken.verdict;
}

}  // namespace
}  // namespace recoup::core
