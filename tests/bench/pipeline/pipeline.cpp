// Webhook in to decision committed, on one machine: the real daemon in this process, a private durable Postgres, signed
// Shopify checkouts of about 2 KB over keep-alive connections.
//
//   bench_pipeline [seconds of open loop] [events of closed loop]
//
// Phase 1, open loop: 1,000 events a second; latency counts from the moment an event was due to be sent. Phase 2, closed
// loop over 64 connections: the rate that is sustained until everything is folded. CPU is told apart by process and, for
// the load generator, by thread.
#include "adapter/postgres/migrator.hpp"
#include "adapter/postgres/shop_store.hpp"
#include "adapter/postgres/track_store.hpp"
#include "app/config/all_keys.hpp"
#include "app/config/load.hpp"
#include "app/daemon/daemon.hpp"
#include "app/dev/dev_shop.hpp"
#include "app/dev/private_postgres.hpp"

#include "bench/support/load.hpp"
#include "bench/support/process_usage.hpp"
#include "bench/support/quantile.hpp"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <thread>
#include <vector>

namespace {

using namespace recoup;
using namespace recoup::bench;

/// Notes when each offset became folded: the log has one partition and offsets follow the order of arrival.
class Watcher {
public:
    Watcher(std::string const& database, std::int64_t first) : pool_({database, "bench"}, 1), store_(pool_), first_(first) {}

    void until(std::int64_t last) {
        for (std::int64_t seen = first_; seen < last;) {
            auto const positions = store_.positions("postgres");
            auto const at = Ticks::now();
            if (positions && positions->contains(0))
                for (; seen < positions->at(0) && seen < last; ++seen) folded.push_back(at);
            std::this_thread::sleep_for(std::chrono::milliseconds{4});
        }
    }

    std::vector<Ticks::time_point> folded;

private:
    postgres::Pool pool_;
    postgres::PostgresTrackStore store_;
    std::int64_t first_;
};

struct Phase {
    char const* name;
    int first, count, connections;
    double rate;
};

/// Offsets follow the order of arrival, so the n-th event that was due is taken for the n-th that was folded.
std::vector<double> committed_ms(std::vector<Sample> const& samples, std::vector<Ticks::time_point> const& folded) {
    std::vector<Ticks::time_point> due;
    for (auto const& sample : samples) due.push_back(sample.due);
    std::sort(due.begin(), due.end());
    std::vector<double> out;
    for (std::size_t i = 0; i < std::min(due.size(), folded.size()); ++i)
        out.push_back(std::chrono::duration<double, std::milli>(folded[i] - due[i]).count());
    return out;
}

void measure(Phase const& phase, LoadPlan plan, Door const& door, std::string const& database, pid_t postmaster) {
    SystemClock const clock;
    auto const ids = "bench-" + std::to_string(phase.first);
    auto requests = signed_checkouts(door, ids, static_cast<std::uint64_t>(phase.first), static_cast<std::size_t>(phase.count),
                                     2300, clock.now());
    plan.connections = phase.connections;
    plan.rate = phase.rate;
    plan.requests = static_cast<std::uint64_t>(phase.count);
    auto const own = usage_of_tree(getpid()).cpu_seconds - usage_of_tree(postmaster).cpu_seconds;
    auto const pg = usage_of_tree(postmaster).cpu_seconds;
    auto const began = Ticks::now();
    Watcher watcher(database, phase.first);
    double watcher_cpu = 0, loader_cpu = 0;
    std::jthread watch([&] {
        watcher.until(phase.first + phase.count);
        watcher_cpu = thread_cpu_seconds();
    });
    LoadOutcome outcome;
    std::jthread load([&] {
        outcome = run_load(plan, requests);
        loader_cpu = thread_cpu_seconds();
    });
    load.join();
    if (outcome.accepted_samples.size() < static_cast<std::size_t>(phase.count)) {
        std::fprintf(stderr, "bench_pipeline: %d events were sent, %zu were accepted\n", phase.count,
                     outcome.accepted_samples.size());
        std::_Exit(1);   // the watcher waits for events that will not come
    }
    watch.join();
    double const seconds = std::chrono::duration<double>(watcher.folded.back() - began).count();
    auto committed = committed_ms(outcome.accepted_samples, watcher.folded);
    std::vector<float> answered;
    for (auto const& sample : outcome.accepted_samples) answered.push_back(sample.milliseconds);
    double const events = phase.count;
    auto const pg_after = usage_of_tree(postmaster).cpu_seconds;
    double const daemon = usage_of_tree(getpid()).cpu_seconds - pg_after - own - loader_cpu - watcher_cpu;
    std::printf("%-22s %8.0f events/s folded, %.0f/s accepted\n", phase.name, events / seconds, events / outcome.seconds);
    std::printf("  webhook to 2xx       p50 %6.1f ms   p99 %6.1f ms\n", quantile(answered, 0.5), quantile(answered, 0.99));
    std::printf("  webhook to decision  p50 %6.1f ms   p99 %6.1f ms\n", quantile(committed, 0.5), quantile(committed, 0.99));
    std::printf("  CPU per event        daemon %5.0f us   Postgres %5.0f us   load generator %4.0f us\n", daemon / events * 1e6,
                (pg_after - pg) / events * 1e6, loader_cpu / events * 1e6);
}

template <class T>
T must(Result<T> result) {
    if (result) return std::move(*result);
    std::fprintf(stderr, "bench_pipeline: %s\n", result.error().message.c_str());
    std::exit(1);
}
void must(Result<void> const& result) {
    if (result) return;
    std::fprintf(stderr, "bench_pipeline: %s\n", result.error().message.c_str());
    std::exit(1);
}

}  // namespace

int main(int argc, char** argv) {
    int const open_seconds = argc > 1 ? std::max(0, std::atoi(argv[1])) : 15;
    int const closed = argc > 2 ? std::max(1, std::atoi(argv[2])) : 1000 * std::max(1, open_seconds);
    auto const folder = std::filesystem::temp_directory_path() / ("recoup-bench-" + std::to_string(getpid()));
    std::filesystem::create_directories(folder);
    app::PrivatePostgres::Options options;
    options.data_dir = folder / "pg";
    auto cluster = must(app::PrivatePostgres::start(options));
    SystemClock clock;
    SystemRandom random;
    auto const database = cluster.connection_string();
    postgres::Connection session(postgres::ConnectionOptions{database, "bench"});
    must(postgres::migrate_up(session, clock.now()));
    postgres::Pool pool({database, "bench"}, 1);
    postgres::ShopStore shops(pool);
    auto const shop = must(app::dev_shop(shops, random, clock.now()));

    app::LoadOptions load;
    load.overrides = {"database.url=" + database, "public.address=127.0.0.1:0", "admin.address=127.0.0.1:0",
                      "admin.token=" + app::fresh_secret("bench", "token", random), "logging.level=warning"};
    app::DaemonOptions daemon_options;
    daemon_options.settings = must(app::load_settings(app::all_keys(), load));
    auto daemon = must(app::Daemon::make(std::move(daemon_options), clock, random));
    must(daemon->start());

    LoadPlan plan;
    auto const address = daemon->public_address();
    plan.host = address.substr(0, address.rfind(':'));
    plan.port = std::stoi(address.substr(address.rfind(':') + 1));
    Door door;
    door.secret = shop.shopify_secret;
    door.domain = shop.domain;
    std::printf("body 2300 bytes, %u cores, Postgres durable (fsync, synchronous_commit)\n", std::thread::hardware_concurrency());
    if (open_seconds > 0) measure({"open loop, 1,000/s", 0, 1000 * open_seconds, 32, 1000}, plan, door, database, cluster.pid());
    measure({"closed loop, 64 conns", 1000 * open_seconds, closed, 64, 0}, plan, door, database, cluster.pid());
    daemon->stop(Millis{5000});
    daemon.reset();
    cluster.stop();
    std::filesystem::remove_all(folder);
    return 0;
}
