#include "core/risk/evaluation.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>

namespace recoup::core {
namespace {

constexpr double undefined = std::numeric_limits<double>::quiet_NaN();

/// Rows with how often each counts: the bootstrap counts some twice and some not at all.
struct Weighted {
    double margin;
    bool abandoned;
    double weight;
};

/// By the rank-sum identity over rows sorted by margin, so that each draw costs one pass.
double weighted_auc(std::span<Weighted const> sorted) {
    double positive = 0, negative = 0, sum = 0;
    for (std::size_t i = 0; i < sorted.size();) {
        double tie_positive = 0, tie_negative = 0;
        double const margin = sorted[i].margin;
        for (; i < sorted.size() && sorted[i].margin == margin; ++i)
            (sorted[i].abandoned ? tie_positive : tie_negative) += sorted[i].weight;
        sum += tie_positive * (negative + tie_negative / 2);
        positive += tie_positive;
        negative += tie_negative;
    }
    return positive > 0 && negative > 0 ? sum / (positive * negative) : undefined;
}

std::vector<std::size_t> sorted_by_margin(std::span<Prediction const> predictions) {
    std::vector<std::size_t> order(predictions.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return predictions[a].margin < predictions[b].margin; });
    return order;
}

double row_loss(double probability, bool abandoned) {
    double const p = std::clamp(probability, 1e-9, 1 - 1e-9);
    return -std::log(abandoned ? p : 1 - p);
}

template <class Value>
double mean_over(std::span<Prediction const> predictions, Value value) {
    if (predictions.empty()) return undefined;
    double sum = 0;
    for (auto const& item : predictions) sum += value(item);
    return sum / static_cast<double>(predictions.size());
}

}  // namespace

double auc(std::span<Prediction const> predictions) {
    std::vector<Weighted> rows;
    for (auto const i : sorted_by_margin(predictions))
        rows.push_back({predictions[i].margin, predictions[i].abandoned, 1});
    return weighted_auc(rows);
}

Interval auc_interval(std::span<Prediction const> predictions, int draws, Random& random) {
    std::map<std::string, std::size_t> persons;
    for (auto const& item : predictions) persons.try_emplace(item.person_id, persons.size());
    auto const order = sorted_by_margin(predictions);
    std::vector<double> values;
    for (int draw = 0; draw < draws && !persons.empty(); ++draw) {
        std::vector<double> weight(persons.size(), 0);
        for (std::size_t i = 0; i < persons.size(); ++i) ++weight[random.below(persons.size())];
        std::vector<Weighted> rows;
        for (auto const i : order) {
            auto const& item = predictions[i];
            rows.push_back({item.margin, item.abandoned, weight[persons.at(item.person_id)]});
        }
        if (double const value = weighted_auc(rows); !std::isnan(value)) values.push_back(value);
    }
    if (values.empty()) return {undefined, undefined};
    std::sort(values.begin(), values.end());
    auto const last = static_cast<double>(values.size() - 1);
    auto const at = [&](double share) { return values[static_cast<std::size_t>(share * last)]; };
    return {at(0.025), at(0.975)};
}

double log_loss(std::span<Prediction const> predictions) {
    return mean_over(predictions, [](Prediction const& item) { return row_loss(item.risk, item.abandoned); });
}

double brier(std::span<Prediction const> predictions) {
    return mean_over(predictions, [](Prediction const& item) {
        double const difference = item.risk - (item.abandoned ? 1 : 0);
        return difference * difference;
    });
}

double base_rate(std::span<Prediction const> predictions) {
    return mean_over(predictions, [](Prediction const& item) { return item.abandoned ? 1.0 : 0.0; });
}

double base_rate_log_loss(std::span<Prediction const> predictions) {
    double const rate = base_rate(predictions);
    return mean_over(predictions, [&](Prediction const& item) { return row_loss(rate, item.abandoned); });
}

std::vector<CalibrationBin> calibration_bins(std::span<Prediction const> predictions) {
    std::vector<Prediction const*> order;
    for (auto const& item : predictions) order.push_back(&item);
    std::stable_sort(order.begin(), order.end(), [](auto const* a, auto const* b) { return a->risk < b->risk; });
    std::vector<CalibrationBin> bins;
    auto const count = std::min<std::size_t>(10, order.size());
    for (std::size_t b = 0; b < count; ++b) {
        CalibrationBin bin;
        for (auto i = b * order.size() / count; i < (b + 1) * order.size() / count; ++i) {
            ++bin.rows;
            bin.mean_risk += order[i]->risk;
            bin.abandoned_share += order[i]->abandoned ? 1 : 0;
        }
        bin.mean_risk /= static_cast<double>(bin.rows);
        bin.abandoned_share /= static_cast<double>(bin.rows);
        bins.push_back(bin);
    }
    return bins;
}

double calibration_error(std::span<CalibrationBin const> bins) {
    double sum = 0, rows = 0;
    for (auto const& bin : bins) {
        sum += static_cast<double>(bin.rows) * std::abs(bin.mean_risk - bin.abandoned_share);
        rows += static_cast<double>(bin.rows);
    }
    return rows > 0 ? sum / rows : undefined;
}

double best_threshold(std::span<Prediction const> predictions) {
    std::vector<Prediction const*> order;
    double abandoned = 0;
    for (auto const& item : predictions) {
        order.push_back(&item);
        abandoned += item.abandoned ? 1 : 0;
    }
    double const kept = static_cast<double>(predictions.size()) - abandoned;
    if (abandoned == 0 || kept == 0) return 0.5;
    std::stable_sort(order.begin(), order.end(), [](auto const* a, auto const* b) { return a->risk > b->risk; });
    double best = 0, threshold = 0.5, hit = 0, wrong = 0;
    for (std::size_t i = 0; i < order.size(); ++i) {
        (order[i]->abandoned ? hit : wrong) += 1;
        bool const last_of_tie = i + 1 == order.size() || order[i + 1]->risk != order[i]->risk;
        if (double const gain = hit / abandoned - wrong / kept; last_of_tie && gain > best) {
            best = gain;
            threshold = order[i]->risk;
        }
    }
    return std::clamp(threshold, 0.01, 0.99);
}

}  // namespace recoup::core
