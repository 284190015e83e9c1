#include "core/statistics/experiment.hpp"

#include "core/statistics/normal.hpp"
#include "recoup/base/assert.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

namespace recoup::core {
namespace {

std::string percent(double share, char const* format) {
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), format, share * 100);
    return text.data();
}

// Two significant digits: a needed sample is an estimate and should not look like a count.
std::int64_t rounded(double people) {
    double const scale = people < 100 ? 1 : std::pow(10, std::floor(std::log10(people)) - 1);
    return static_cast<std::int64_t>(std::ceil(people / scale) * scale);
}

std::int64_t people_missing(Experiment const& e) {
    double const have = static_cast<double>(e.treated.total + e.holdout.total);
    double const rate = e.holdout.hits > 0 ? e.holdout.rate() : e.treated.rate();
    if (rate <= 0 || rate >= 1 || e.holdout_share <= 0 || e.holdout_share >= 1) return 0;
    double const missing = needed_people(rate, sought_lift, e.holdout_share) - have;
    return missing > 0 ? rounded(missing) : 0;
}

std::string conclusive_words(Reading const& reading) {
    std::string const points = percent(std::abs(reading.difference), "%.1f");
    std::string const range = percent(reading.anytime.low, "%+.1f") + " to " + percent(reading.anytime.high, "%+.1f");
    return reading.difference > 0
               ? "Recovery works: " + points + " more of every 100 treated people ordered (" + range + ")."
               : "Recovery does harm: " + points + " fewer of every 100 treated people ordered (" + range + ").";
}

std::string verdict_words(Experiment const& e, Reading const& reading) {
    if (e.holdout_share <= 0) return "Not measured: no holdout is configured (measure.holdout_share = 0).";
    if (e.treated.total + e.holdout.total == 0) return "Not known yet: nobody was enrolled in this period.";
    if (reading.srm_alarm)
        return "Do not trust this: the split between treated and held out is not the configured one (sample ratio "
               "mismatch). Was measure.holdout_share changed within the period?";
    if (reading.conclusive) return conclusive_words(reading);
    if (e.treated.total == 0 || e.holdout.total == 0)
        return "Not known yet: one of the two groups is still empty.";
    if (reading.people_missing > 0)
        return "Not known yet, about " + std::to_string(reading.people_missing) +
               " more carts are needed to tell a lift of " + percent(sought_lift, "%.0f") + " %.";
    return "Not known yet: if there is an effect, it is too small to tell from these carts.";
}

}  // namespace

double sample_ratio_p(std::int64_t treated, std::int64_t holdout, double holdout_share) {
    double const n = static_cast<double>(treated + holdout);
    if (n == 0) return 1;
    if (holdout_share <= 0 || holdout_share >= 1) {
        bool const as_configured = holdout_share <= 0 ? holdout == 0 : treated == 0;
        return as_configured ? 1 : 0;
    }
    double const expected = n * holdout_share, off = static_cast<double>(holdout) - expected;
    return chi_square1_upper(off * off / expected + off * off / (n - expected));
}

double confidence_sequence_half_width(double s, double n, double tuned_for, double alpha) {
    RECOUP_ASSERT(n > 0 && tuned_for > 0 && alpha > 0 && alpha < 1);
    double const rho2 = (-2 * std::log(alpha) + std::log(1 - 2 * std::log(alpha))) / tuned_for;
    double const grown = n * rho2 + 1;
    return s * std::sqrt(2 * grown / (n * n * rho2) * std::log(std::sqrt(grown) / alpha));
}

Interval anytime_difference(Count a, Count b, double alpha) {
    if (a.total == 0 || b.total == 0) return {-1, 1};
    // Laplace's rule keeps the variance of a rate of 0 or 1 from vanishing while there is little data.
    auto const variance = [](Count count) {
        double const p = static_cast<double>(count.hits + 1) / static_cast<double>(count.total + 2);
        return p * (1 - p) / static_cast<double>(count.total);
    };
    double const n = static_cast<double>(a.total + b.total);
    double const deviation = std::sqrt(n * (variance(a) + variance(b)));
    double const half = confidence_sequence_half_width(deviation, n, sequence_tuned_for, alpha);
    double const difference = a.rate() - b.rate();
    return {std::max(-1.0, difference - half), std::min(1.0, difference + half)};
}

double needed_people(double rate, double relative_lift, double holdout_share) {
    RECOUP_ASSERT(rate > 0 && rate < 1 && relative_lift > 0 && holdout_share > 0 && holdout_share < 1);
    double const delta = rate * relative_lift;
    double const equal_arm = 16 * rate * (1 - rate) / (delta * delta);
    return equal_arm / 2 / (holdout_share * (1 - holdout_share));
}

Reading read_experiment(Experiment const& e) {
    Reading reading;
    reading.treated = wilson_interval(e.treated);
    reading.holdout = wilson_interval(e.holdout);
    reading.difference = e.treated.rate() - e.holdout.rate();
    reading.interval = difference_interval(e.treated, e.holdout);
    reading.anytime = anytime_difference(e.treated, e.holdout);
    reading.lift = relative_lift(e.treated, e.holdout);
    reading.srm_p = sample_ratio_p(e.treated.total, e.holdout.total, e.holdout_share);
    reading.srm_alarm = reading.srm_p < srm_alarm;
    reading.conclusive = !reading.srm_alarm && !reading.anytime.contains(0);
    if (!reading.conclusive && !reading.srm_alarm) reading.people_missing = people_missing(e);
    reading.verdict = verdict_words(e, reading);
    return reading;
}

}  // namespace recoup::core
