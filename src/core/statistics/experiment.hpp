#pragma once
// Reading the holdout: is the split sound, what is the effect, can it be told apart from nothing yet, and if not, how
// much longer. The verdict's interval stays valid however often somebody looks.

#include "core/statistics/proportion.hpp"

#include <string>

namespace recoup::core {

/// Sample-ratio check: how likely a split at least this uneven is when each person is held out with `holdout_share`
/// (chi-square, one degree of freedom). Below srm_alarm the assignment is broken and no effect may be read.
double sample_ratio_p(std::int64_t treated, std::int64_t holdout, double holdout_share);
inline constexpr double srm_alarm = 0.001;

/// Half-width of the asymptotic confidence sequence of a mean after n observations of standard deviation s, tightest
/// near n = tuned_for (Waudby-Smith et al., "Time-uniform central limit theory and asymptotic confidence sequences").
double confidence_sequence_half_width(double s, double n, double tuned_for, double alpha);
inline constexpr double sequence_tuned_for = 5000;

/// a.rate() - b.rate() with an interval that may be looked at after every observation. [-1, 1] while an arm is empty.
Interval anytime_difference(Count a, Count b, double alpha = 0.05);

/// People needed in both arms together to detect `relative_lift` over base rate `rate` with 80 % power at two-sided
/// 5 %: 16 p (1 - p) / delta^2 for each of two equal arms, stretched for an unequal split.
double needed_people(double rate, double relative_lift, double holdout_share);

struct Experiment {
    Count treated, holdout;
    double holdout_share = 0;      // as configured
};

struct Reading {
    Interval treated, holdout;     // Wilson, of the rates
    double difference = 0;         // treated - holdout
    Interval interval;             // Newcombe, for somebody who looks once
    Interval anytime;              // for somebody who looks every day
    Lift lift;
    double srm_p = 1;
    bool srm_alarm = false;
    bool conclusive = false;       // the anytime interval leaves zero out, and the split is sound
    std::int64_t people_missing = 0;  // until a lift of the size below could be told; 0 = not known or conclusive
    std::string verdict;           // plain words
};

/// The lift that `people_missing` is reckoned for.
inline constexpr double sought_lift = 0.2;

Reading read_experiment(Experiment const& experiment);

}  // namespace recoup::core
