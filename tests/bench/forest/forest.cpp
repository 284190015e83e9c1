// One row at a time through 200 trees x depth 6 x 40 features with a tenth of the values missing: our forest beside
// libxgboost and a naive walk of the same model, in one process on one thread. Ends with 1 when margins differ.

#include "adapter/xgboost/handles.hpp"
#include "adapter/xgboost/trainer.hpp"
#include "core/risk/contributions.hpp"
#include "core/risk/forest.hpp"
#include "recoup/base/random.hpp"

#include <algorithm>
#include <bit>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <functional>
#include <limits>

namespace {

using namespace recoup;

constexpr std::size_t columns = 40;
constexpr float missing = std::numeric_limits<float>::quiet_NaN();

TrainingSet make_set(std::size_t rows, std::uint64_t seed) {
    SeededRandom random(seed);
    TrainingSet set;
    for (std::size_t c = 0; c < columns; ++c) set.features.push_back("column_" + std::to_string(c));
    for (std::size_t r = 0; r < rows; ++r) {
        double signal = 0;
        for (std::size_t c = 0; c < columns; ++c) {
            double const value = random.unit() * 10 - 5;
            bool const absent = random.unit() < 0.1;
            set.rows.push_back(absent ? missing : static_cast<float>(value));
            if (!absent) signal += std::sin(value * static_cast<double>(c % 7 + 1));
        }
        set.labels.push_back(signal + random.unit() * 4 - 2 > 0 ? 1.0f : 0.0f);
    }
    return set;
}

xgboost::Booster load_booster(std::string const& json) {
    BoosterHandle handle = nullptr;
    XGBoosterCreate(nullptr, 0, &handle);
    xgboost::Booster booster(handle);
    XGBoosterSetParam(handle, "nthread", "1");
    XGBoosterLoadModelFromBuffer(handle, json.data(), json.size());
    return booster;
}

float predict_with_libxgboost(BoosterHandle booster, float const* row) {
    char array[200];
    std::snprintf(array, sizeof array, R"({"data": [%zu, true], "shape": [1, %zu], "typestr": "<f4", "version": 3})",
                  reinterpret_cast<std::size_t>(row), columns);
    static char const config[] =
        R"({"type": 1, "training": false, "iteration_begin": 0, "iteration_end": 0, "strict_shape": false,)"
        R"( "missing": NaN, "cache_id": 0})";
    bst_ulong const* shape = nullptr;
    bst_ulong dimensions = 0;
    float const* result = nullptr;
    if (XGBoosterPredictFromDense(booster, array, config, nullptr, &shape, &dimensions, &result) != 0) {
        std::fprintf(stderr, "%s\n", XGBGetLastError());
        return missing;
    }
    return *result;
}

struct Timing {
    double p50_ns, p99_ns;
};

/// Times `repeat` calls as one sample, so that the clock's own cost does not show.
Timing measure(std::size_t samples, std::size_t repeat, std::function<float(std::size_t)> const& score) {
    std::vector<double> ns;
    std::size_t row = 0;
    float sink = 0;
    for (std::size_t s = 0; s < samples; ++s) {
        auto const start = std::chrono::steady_clock::now();
        for (std::size_t r = 0; r < repeat; ++r) sink += score(row++);
        std::chrono::duration<double, std::nano> const took = std::chrono::steady_clock::now() - start;
        ns.push_back(took.count() / static_cast<double>(repeat));
    }
    volatile float keep = sink;
    static_cast<void>(keep);
    std::sort(ns.begin(), ns.end());
    return {ns[ns.size() / 2], ns[ns.size() * 99 / 100]};
}

void print(char const* what, Timing const& timing, Timing const& reference) {
    std::printf("%-44s %12.0f %12.0f %9.1fx\n", what, timing.p50_ns, timing.p99_ns, reference.p50_ns / timing.p50_ns);
}

}  // namespace

int main() {
    TrainingParameters parameters;
    parameters.trees = 200;
    parameters.depth = 6;
    parameters.min_child_weight = 1;
    parameters.learning_rate = 0.1;
    auto const json = xgboost::make_trainer()->train(make_set(20000, 1), parameters).value();
    auto const forest = core::Forest::load(json).value();
    auto const booster = load_booster(json);
    auto const set = make_set(4096, 2);
    auto const row = [&](std::size_t i) { return std::span(set.rows).subspan((i % 4096) * columns, columns); };

    std::size_t nodes = 0, different = 0;
    for (auto const& tree : forest.trees()) nodes += tree.nodes.size();
    for (std::size_t i = 0; i < 4096; ++i)
        different += std::bit_cast<std::uint32_t>(forest.margin(row(i))) !=
                     std::bit_cast<std::uint32_t>(predict_with_libxgboost(booster.get(), row(i).data()));

    std::printf("%zu trees, depth %d, %zu features, 10 %% missing, %zu nodes; one row at a time, one thread\n",
                forest.tree_count(), forest.depth(), columns, nodes);
    std::printf("%-44s %12s %12s %10s\n", "", "p50 ns", "p99 ns", "speed-up");
    auto const library =
        measure(3000, 1, [&](std::size_t i) { return predict_with_libxgboost(booster.get(), row(i).data()); });
    print("libxgboost, XGBoosterPredictFromDense", library, library);
    print("naive walk of explicit nodes",
          measure(3000, 1, [&](std::size_t i) { return forest.margin_by_nodes(row(i)); }), library);
    measure(2000, 8, [&](std::size_t i) { return forest.margin(row(i)); });
    print("recoup forest", measure(20000, 8, [&](std::size_t i) { return forest.margin(row(i)); }), library);
    print("recoup forest, a sample for each row",
          measure(20000, 1, [&](std::size_t i) { return forest.margin(row(i)); }), library);
    print("recoup exact contributions", measure(200, 1, [&](std::size_t i) {
        return static_cast<float>(core::contributions(forest, row(i)).bias);
    }), library);
    std::printf("margins bit-identical with libxgboost on 4096 rows: %s\n", different == 0 ? "yes" : "NO");
    return different == 0 ? 0 : 1;
}
