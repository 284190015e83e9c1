#include "core/risk/evaluation.hpp"

#include <algorithm>
#include <cmath>

namespace recoup::core {
namespace {

struct Gradient {
    double slope = 0, intercept = 0;                    // first derivatives of the log loss
    double slope2 = 1e-9, cross = 0, intercept2 = 1e-9; // second derivatives
    double loss = 0;
};

Gradient gradient_at(std::span<Prediction const> predictions, Calibration const& at, double high, double low) {
    Gradient g;
    for (auto const& item : predictions) {
        double const target = item.abandoned ? high : low;
        double const z = at.slope * item.margin + at.intercept;
        double const p = at.risk(item.margin);
        double const difference = p - target, curvature = p * (1 - p);
        g.slope += difference * item.margin;
        g.intercept += difference;
        g.slope2 += curvature * item.margin * item.margin;
        g.cross += curvature * item.margin;
        g.intercept2 += curvature;
        g.loss += std::max(z, 0.0) - target * z + std::log1p(std::exp(-std::abs(z)));
    }
    return g;
}

}  // namespace

Calibration fit_platt(std::span<Prediction const> predictions) {
    double abandoned = 0;
    for (auto const& item : predictions) abandoned += item.abandoned ? 1 : 0;
    double const kept = static_cast<double>(predictions.size()) - abandoned;
    if (abandoned == 0 || kept == 0) return {};
    double const high = (abandoned + 1) / (abandoned + 2), low = 1 / (kept + 2);
    Calibration fitted{0, std::log((abandoned + 1) / (kept + 1))};
    auto g = gradient_at(predictions, fitted, high, low);
    for (int round = 0; round < 100 && std::abs(g.slope) + std::abs(g.intercept) > 1e-7; ++round) {
        double const determinant = g.slope2 * g.intercept2 - g.cross * g.cross;
        double const slope_step = -(g.intercept2 * g.slope - g.cross * g.intercept) / determinant;
        double const intercept_step = -(g.slope2 * g.intercept - g.cross * g.slope) / determinant;
        bool moved = false;
        for (double length = 1; length > 1e-10 && !moved; length /= 2) {
            Calibration const next{fitted.slope + length * slope_step, fitted.intercept + length * intercept_step};
            auto const there = gradient_at(predictions, next, high, low);
            if (!(there.loss < g.loss)) continue;
            fitted = next;
            g = there;
            moved = true;
        }
        if (!moved) break;
    }
    return fitted.slope > 0 && std::isfinite(fitted.slope) && std::isfinite(fitted.intercept) ? fitted : Calibration{};
}

}  // namespace recoup::core
