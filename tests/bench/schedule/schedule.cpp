// The queue under the scheduler, by itself: what its peers do, with our statements and our state machine and nothing decided.
//
//   bench_schedule enqueue COUNT DELAY_SECONDS | drain COUNT [CONNECTIONS]    PGHOST and its like name the database
//
// A drained step is claimed in one transaction (a lease with its fencing token) and finished in another, as if its message had
// been sent in between. Prints one line of JSON: seconds on the clock and CPU seconds of its own.
#include "adapter/postgres/promotion.hpp"
#include "adapter/postgres/schedule_store.hpp"

#include <sys/resource.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace recoup;
using namespace recoup::postgres;
using Ticks = std::chrono::steady_clock;

constexpr Statement bench_enrollments{
    "bench_enrollments",
    "insert into enrollment (shop_id, enrollment_id, person_id, trigger, sequence, sequence_version, arm, status, reason, anchor_at, "
    "opened_at) select 'bench', 'enr_' || lpad(to_hex(n), 16, '0'), 'per_' || n, 'cart', 'bench', 1, 'treated', 'active', 'idle', "
    "at_ms($3), at_ms($3) from generate_series($1::bigint, $2::bigint) n on conflict do nothing"};

Instant wall_clock() { return std::chrono::floor<Millis>(std::chrono::system_clock::now()); }

template <class T>
T must(Result<T> result) {
    if (!result) throw std::runtime_error(result.error().message);
    return std::move(*result);
}
void must(Result<void> result) {
    if (!result) throw std::runtime_error(result.error().message);
}

double cpu_seconds() {
    rusage used{};
    getrusage(RUSAGE_SELF, &used);
    auto const seconds = [](timeval const& at) { return static_cast<double>(at.tv_sec) + static_cast<double>(at.tv_usec) / 1e6; };
    return seconds(used.ru_utime) + seconds(used.ru_stime);
}

template <class Work>
void measured(std::int64_t count, Work work) {
    auto const began = Ticks::now();
    auto const used = cpu_seconds();
    work();
    std::printf("{\"count\": %lld, \"seconds\": %.3f, \"cpu_seconds\": %.3f}\n", static_cast<long long>(count),
                std::chrono::duration<double>(Ticks::now() - began).count(), cpu_seconds() - used);
}

std::string enrollment_id(std::int64_t number) {
    char text[32];
    std::snprintf(text, sizeof text, "enr_%016llx", static_cast<unsigned long long>(number));
    return text;
}

/// Steps alone, four to an enrollment that is there already; two connections, 5,000 at once.
void enqueue(Pool& pool, std::int64_t count, std::int64_t delay) {
    auto const now = wall_clock();
    std::int64_t const base = delay > 0 ? std::int64_t{1} << 32 : 0;   // later ones belong to others
    must(run(pool, [&](pqxx::work& tx) { exec(tx, bench_enrollments, base, base + count / 4, to_millis(now)); }));
    constexpr std::int64_t batch = 5000;
    measured(count, [&] {
        std::vector<std::jthread> writers;
        std::atomic<std::int64_t> next{0};
        for (int writer = 0; writer < 2; ++writer)
            writers.emplace_back([&] {
                for (std::int64_t first = next.fetch_add(batch); first < count; first = next.fetch_add(batch)) {
                    std::vector<PlannedStep> steps;
                    for (std::int64_t n = first; n < std::min(first + batch, count); ++n) {
                        auto const at = delay > 0 ? now + Seconds{delay} + Millis{n} : now;
                        steps.push_back({enrollment_id(base + n / 4), 1, static_cast<int>(n % 4), Channel::email, at, at});
                    }
                    must(run_sharing_edges(pool, [&](pqxx::work& tx) { insert_steps(tx, "bench", steps); }));
                }
            });
    });
}

std::vector<SendRow> claim_batch(Pool& pool, Instant now) {
    return must(run_sharing_edges(pool, [&](pqxx::work& tx) {
        std::vector<SendRow> rows;
        for (auto const& leased : take_leases(tx, now, now + Seconds{20}, 500)) {
            auto row = row_of(leased);
            row.state = core::next(row.state, core::Decided{now, Verdict::send, now + Seconds{20}, never, false}).value();
            rows.push_back(std::move(row));
        }
        note_claim(tx, now + Seconds{20}, rows);
        return rows;
    }));
}

void finish_batch(Pool& pool, std::vector<SendRow> rows) {
    for (auto& row : rows) row.state = core::next(row.state, core::Finished{row.state.lease_token, OutcomeKind::sent, std::nullopt, false, true}).value();
    must(run_sharing_edges(pool, [&](pqxx::work& tx) { save_steps(tx, rows); }));
}

void drain(Pool& pool, std::int64_t count, int connections) {
    Promotion promotion(pool);
    std::atomic<std::int64_t> done{0};
    measured(count, [&] {
        std::vector<std::jthread> workers;
        for (int worker = 0; worker < connections; ++worker)
            workers.emplace_back([&] {
                while (done < count) {
                    auto const now = wall_clock();
                    must(promotion.advance(now));
                    auto const rows = claim_batch(pool, now);
                    if (rows.empty()) continue;
                    promotion.claimed(rows.size());
                    finish_batch(pool, rows);
                    done += static_cast<std::int64_t>(rows.size());
                }
            });
    });
}

int bench(std::vector<std::string> const& args) {
    if (args.empty()) throw std::runtime_error("usage: bench_schedule enqueue COUNT DELAY_SECONDS | drain COUNT");
    Pool pool({"", "bench"}, 8);
    auto const number = [&](std::size_t index, std::int64_t otherwise) { return args.size() > index ? std::stoll(args[index]) : otherwise; };
    if (args[0] == "enqueue") enqueue(pool, number(1, 0), number(2, 0));
    else if (args[0] == "drain") drain(pool, number(1, 0), static_cast<int>(number(2, 2)));
    else throw std::runtime_error("unknown verb " + args[0]);
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    try {
        return bench({argv + 1, argv + argc});
    } catch (std::exception const& failure) {
        std::fprintf(stderr, "bench_schedule: %s\n", failure.what());
        return 1;
    }
}
