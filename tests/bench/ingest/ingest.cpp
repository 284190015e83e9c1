// The load generator of scripts/bench-ingest: signed Shopify checkouts against one address, its figures as one JSON
// document on stdout. `--watch NAME=PID` tells what a process tree cost within the measured time.
#include "bench/support/load.hpp"
#include "bench/support/process_usage.hpp"
#include "bench/support/quantile.hpp"

#include "recoup/base/clock.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <unistd.h>

#include <cstdio>
#include <iostream>

namespace {

using namespace recoup;
using namespace recoup::bench;
using Json = nlohmann::ordered_json;

struct Options {
    Door door;
    LoadPlan plan;
    double warm_up_s = 1, seconds = 5, give_up_s = 10, every_s = 0;
    std::size_t size = 2300, shoppers = 20'000;
    std::uint64_t first = 0;
    std::vector<std::string> watch;
};

std::chrono::nanoseconds from_seconds(double seconds) {
    return std::chrono::nanoseconds{static_cast<std::int64_t>(seconds * 1e9)};
}

void declare(CLI::App& app, Options& options) {
    app.add_option("--port", options.plan.port)->required();
    app.add_option("--path", options.door.path);
    app.add_option("--domain", options.door.domain);
    app.add_option("--secret", options.door.secret, "HMAC key of the shop")->required();
    app.add_option("--size", options.size, "Bytes of a body");
    app.add_option("--shoppers", options.shoppers, "Different bodies; every sending has its own delivery id");
    app.add_option("--first", options.first, "Number of the first shopper");
    app.add_option("--connections", options.plan.connections);
    app.add_option("--rate", options.plan.rate, "Requests a second, open loop; 0 is the closed loop");
    app.add_option("--warm-up", options.warm_up_s);
    app.add_option("--seconds", options.seconds, "Measured time, after the warm-up");
    app.add_option("--requests", options.plan.requests, "End after so many instead");
    app.add_option("--give-up", options.give_up_s, "Seconds after which a due request without a free connection is dropped");
    app.add_option("--every", options.every_s, "Seconds between two lines of the series; 0 is none");
    app.add_option("--watch", options.watch, "NAME=PID of a process tree");
}

/// The watched process trees, the generator itself and the whole machine, between two moments.
class Watch {
public:
    explicit Watch(std::vector<std::string> const& named) {
        for (auto const& one : named) {
            auto const equals = one.find('=');
            trees_.push_back({one.substr(0, equals), static_cast<pid_t>(std::atoi(one.c_str() + equals + 1)), {}, {}});
        }
        trees_.push_back({"loader", getpid(), {}, {}});
    }
    void begin() {
        busy_ = machine_busy_seconds();
        for (auto& tree : trees_) tree.before = usage_of_tree(tree.pid);
    }
    void end() {
        for (auto& tree : trees_) tree.after = usage_of_tree(tree.pid);
        busy_ = machine_busy_seconds() - busy_;
    }
    Json cpu_us(double events) const {
        Json out = Json::object();
        for (auto const& tree : trees_) out[tree.name] = (tree.after.cpu_seconds - tree.before.cpu_seconds) * 1e6 / events;
        return out;
    }
    Json cpu_share(double seconds) const {
        Json out = Json::object();
        for (auto const& tree : trees_) out[tree.name] = (tree.after.cpu_seconds - tree.before.cpu_seconds) / seconds;
        return out;
    }
    Json resident_mb() const {
        Json out = Json::object();
        for (auto const& tree : trees_) out[tree.name] = usage_of_tree(tree.pid).resident_mb;
        return out;
    }
    /// Cores kept busy by what is not watched: a run with much of it says little.
    double others(double seconds) const {
        double watched = 0;
        for (auto const& tree : trees_) watched += tree.after.cpu_seconds - tree.before.cpu_seconds;
        return (busy_ - watched) / seconds;
    }

private:
    struct Tree {
        std::string name;
        pid_t pid;
        Usage before, after;
    };
    std::vector<Tree> trees_;
    double busy_ = 0;
};

Json quantiles(std::vector<float>& values) {
    Json out = Json::object();
    out["p50"] = quantile(values, 0.50);
    out["p95"] = quantile(values, 0.95);
    out["p99"] = quantile(values, 0.99);
    out["p999"] = quantile(values, 0.999);
    out["max"] = values.empty() ? 0.0F : *std::max_element(values.begin(), values.end());
    out["count"] = values.size();
    return out;
}

Json report(Options const& options, LoadOutcome& outcome, Watch const& watch) {
    Json out = Json::object();
    out["size"] = options.size;
    out["connections"] = options.plan.connections;
    out["asked_rate"] = options.plan.rate;
    out["seconds"] = outcome.seconds;
    out["rate"] = static_cast<double>(outcome.accepted) / std::max(outcome.seconds, 1e-9);
    out["statuses"] = Json::object();
    for (auto const& [status, count] : outcome.statuses) out["statuses"][std::to_string(status)] = count;
    out["retry_after"] = outcome.retry_after;
    out["broken"] = outcome.broken;
    out["given_up"] = outcome.given_up;
    out["unanswered"] = outcome.unanswered;
    std::vector<float> accepted;
    for (auto const& sample : outcome.accepted_samples) accepted.push_back(sample.milliseconds);
    out["ms"] = quantiles(accepted);
    out["refused_ms"] = quantiles(outcome.refused_ms);
    out["answer_ms"] = quantiles(outcome.answer_ms);
    out["sent_late_ms"] = quantiles(outcome.late_ms);
    out["cpu_us"] = watch.cpu_us(std::max(1.0, static_cast<double>(outcome.answered)));
    out["cores"] = watch.cpu_share(std::max(outcome.seconds, 1e-9));
    out["others_cores"] = watch.others(std::max(outcome.seconds, 1e-9));
    out["resident_mb"] = watch.resident_mb();
    return out;
}

}  // namespace

int main(int argc, char** argv) {
    Options options;
    CLI::App app{"Load for scripts/bench-ingest"};
    declare(app, options);
    CLI11_PARSE(app, argc, argv);
    options.plan.warm_up = from_seconds(options.warm_up_s);
    options.plan.measured = from_seconds(options.seconds);
    options.plan.give_up = from_seconds(options.give_up_s);
    options.plan.tick = from_seconds(options.every_s);

    SystemClock const clock;
    auto const run = "bench-" + std::to_string(to_millis(clock.now())) + "-" + std::to_string(getpid());
    auto requests = signed_checkouts(options.door, run, options.first, options.shoppers, options.size, clock.now());
    Watch watch(options.watch);
    auto series = Json::array();
    auto const begun = Ticks::now();
    LoadEvents events;
    events.on_measured_begin = [&] { watch.begin(); };
    events.on_measured_end = [&] { watch.end(); };
    events.on_tick = [&](Ticks::time_point at) {
        series.push_back({{"seconds", std::chrono::duration<double>(at - begun).count()}, {"resident_mb", watch.resident_mb()}});
    };
    auto outcome = run_load(options.plan, requests, events);
    auto document = report(options, outcome, watch);
    if (!series.empty()) document["series"] = std::move(series);
    std::cout << document.dump() << "\n";
    return outcome.accepted_samples.empty() ? 1 : 0;
}
