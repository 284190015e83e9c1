// The schedule store by itself, as the scheduler uses it, and every step decided without asking why.
//
//   bench_schedule enqueue COUNT DELAY_SECONDS | due COUNT [FIRST] | drain COUNT [sent|silent|empty] [FIRST] [CONNECTIONS]
//
// PGHOST and its like name the database
//
// `enqueue` opens enrollments of four steps each. `due` leaves COUNT people with one due step each, whose other steps are out of reach.
// `drain` claims them and loads what is decided on (person, cart, history, suppressions, stock). With `sent` a message and a decision
// are stored, and another transaction finishes it as sent; with `silent` the decision is all, and the step is over. With `empty` steps are
// taken from where they lie and are over, as their peers' jobs that do nothing. Prints one line of JSON: seconds on the clock and CPU seconds of its own.
#include "adapter/postgres/batches.hpp"
#include "adapter/postgres/edges.hpp"
#include "adapter/postgres/enrollment_row.hpp"
#include "adapter/postgres/schedule_store.hpp"

#include "recoup/base/limits.hpp"

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

constexpr std::size_t claimed_at_once = limits::claim_batch;   // as the daemon does

constexpr Statement bench_shop{"bench_shop", "insert into shop (shop_id, doc, created_at) values ('bench', '{\"id\":\"bench\"}', at_ms($1)) "
                                             "on conflict do nothing"};
constexpr Statement bench_persons{
    "bench_persons",
    "insert into person (shop_id, person_id, doc, email, last_seen_at) select 'bench', 'per_' || n, ($3::jsonb || jsonb_build_object('id', 'per_' || n))::json, 'per_' || n || '@example.com', "
    "at_ms($4) from generate_series($1::bigint, $2::bigint) n"};
constexpr Statement bench_carts{
    "bench_carts",
    "insert into cart (shop_id, cart_id, person_id, doc, last_activity_at) select 'bench', 'crt_' || n, 'per_' || n, ($3::jsonb || jsonb_build_object('id', 'crt_' || n))::json, at_ms($4) "
    "from generate_series($1::bigint, $2::bigint) n"};

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

std::string numbered(char const* prefix, std::int64_t number) { return prefix + std::to_string(number); }

/// Opened with its steps at these times.
void add_enrollment(std::int64_t number, std::vector<Instant> const& due, Instant now, std::vector<Enrollment>& enrollments,
                    std::vector<PlannedStep>& steps) {
    Enrollment enrollment;
    enrollment.id = numbered("enr_", number);
    enrollment.person_id = numbered("per_", number);
    enrollment.cart_id = numbered("crt_", number);
    enrollment.sequence = "bench";
    enrollment.currency = "USD";
    enrollment.anchor_at = enrollment.opened_at = now;
    for (std::size_t step = 0; step < due.size(); ++step)
        steps.push_back({enrollment.id, 1, static_cast<int>(step), Channel::email, due[step], due[step]});
    enrollments.push_back(std::move(enrollment));
}

/// Enrollments [0, count) from `base` on; two connections, `batch` in a transaction.
template <class DueOf>
void open_all(Pool& pool, std::int64_t base, std::int64_t count, Instant now, DueOf due_of) {
    constexpr std::int64_t batch = 1250;
    std::vector<std::jthread> writers;
    std::atomic<std::int64_t> next{0};
    for (int writer = 0; writer < 2; ++writer)
        writers.emplace_back([&] {
            for (std::int64_t first = next.fetch_add(batch); first < count; first = next.fetch_add(batch)) {
                std::vector<Enrollment> enrollments;
                std::vector<PlannedStep> steps;
                for (std::int64_t n = first; n < std::min(first + batch, count); ++n) add_enrollment(base + n, due_of(n), now, enrollments, steps);
                must(run_sharing_edges(pool, [&](pqxx::work& tx) { insert_enrollments(tx, "bench", enrollments, steps); }));
            }
        });
}

void enqueue(Pool& pool, std::int64_t count, std::int64_t delay) {
    auto const now = wall_clock();
    measured(count, [&] {
        open_all(pool, std::int64_t{1} << 32, count / 4, now, [&](std::int64_t n) {
            auto const at = now + Seconds{delay} + Millis{n};
            return std::vector<Instant>{at, at + std::chrono::hours{3}, at + std::chrono::hours{23}, at + std::chrono::hours{71}};
        });
    });
}

/// Steps are planned before they are due, so these are due two minutes ahead, and what is to be drained is drained when they are. What was
/// left due after `first` others comes after them.
Instant when_due(Instant now, std::int64_t first) { return now + std::chrono::minutes{2} + first * Millis{5}; }

void leave_due(Pool& pool, std::int64_t count, std::int64_t first) {
    auto const now = wall_clock();
    Person person;
    person.email.value = "ann@example.com";
    Cart cart;
    cart.content.value.currency = "USD";
    cart.content.value.lines.emplace_back();
    cart.content.value.lines.back().variant_id = "v1";
    must(run(pool, [&](pqxx::work& tx) {
        exec(tx, bench_shop, to_millis(now));
        exec(tx, bench_persons, first, first + count - 1, json_parameter(person), to_millis(now));
        exec(tx, bench_carts, first, first + count - 1, json_parameter(cart), to_millis(now));
    }));
    auto const at = when_due(now, first);
    open_all(pool, first, count, now, [&](std::int64_t n) {   // a millisecond each, as people leave one by one
        return std::vector<Instant>{at + Millis{n}, now + std::chrono::hours{24 * 5}};
    });
}

StepWrite decided_without_asking(DueStep const& due, Verdict verdict, Instant now) {
    StepWrite write;
    write.shop_id = due.shop->id;
    write.enrollment_id = due.enrollment.id;
    write.plan = due.step.plan;
    write.step = due.step.step;
    write.verdict = write.decision.verdict = verdict;
    write.reason = write.decision.reason = verdict == Verdict::send ? Reason::ok : Reason::no_consent;
    write.decision.id = "dec_" + due.enrollment.id;
    write.decision.subject = "step";
    write.decision.at = now;
    write.decision.enrollment_id = due.enrollment.id;
    write.decision.person_id = due.enrollment.person_id;
    write.decision.cart_id = due.enrollment.cart_id;
    write.decision.step = due.step.step;
    write.decision.trace = {TraceEntry{"not ordered", true, "no"}, TraceEntry{"consent", true, "subscribed"}};
    if (verdict != Verdict::send) return write;
    auto& draft = write.draft.emplace();
    draft.message.id = write.decision.message_id = "msg_" + due.enrollment.id;
    draft.message.shop_id = due.shop->id;
    draft.message.channel = due.step.channel;
    draft.message.to = "ann@example.com";
    draft.message.content = {"Your cart", "You left something behind: https://shop.example/r/abcdefgh", ""};
    draft.enrollment_id = due.enrollment.id;
    draft.person_id = due.enrollment.person_id;
    draft.cart_id = due.enrollment.cart_id;
    draft.sequence = "bench";
    draft.step = due.step.step;
    draft.step_name = "first";
    draft.adapter = "capture";
    draft.planned_at = due.step.planned_at;
    draft.request_hash = "0123456789abcdef";
    return write;
}

std::vector<SendResult> sent(ScheduleStore::Claimed const& claimed) {
    std::vector<SendResult> results;
    for (std::size_t i = 0; i < claimed.sends.size(); ++i) {
        auto const& [draft, token] = claimed.sends[i];
        SendResult result;
        result.shop_id = draft.message.shop_id;
        result.message_id = draft.message.id;
        result.enrollment_id = draft.enrollment_id;
        result.step = draft.step;
        result.lease_token = token;
        result.idempotent = true;
        result.channel = draft.message.channel;
        result.outcome = Outcome::sent("capture:" + draft.message.id);
        results.push_back(std::move(result));
    }
    return results;
}

/// `work` takes what is due at its time and says how much that was.
template <class Work>
void drain_with(int connections, std::int64_t count, std::int64_t first, Work work) {
    auto const later = when_due(Instant{}, first) - Instant{} + count * Millis{1};
    std::atomic<std::int64_t> done{0};
    measured(count, [&] {
        std::vector<std::jthread> workers;
        for (int worker = 0; worker < connections; ++worker)
            workers.emplace_back([&] {
                while (done < count) done += static_cast<std::int64_t>(work(wall_clock() + later));
            });
    });
}

/// One store for all connections, as the threads of one daemon have it.
void drain(Pool& pool, std::int64_t count, Verdict verdict, int connections, std::int64_t first) {
    PostgresScheduleStore store(pool);
    drain_with(connections, count, first, [&](Instant now) {
        auto const claimed = must(store.claim_steps(now, now + Seconds{20}, claimed_at_once, [&](std::vector<DueStep> const& due) {
            std::vector<StepWrite> writes;
            for (auto const& step : due) writes.push_back(decided_without_asking(step, verdict, now));
            return writes;
        }));
        if (!claimed.sends.empty()) must(store.finish(sent(claimed), now));
        return claimed.decided;
    });
}

/// The queue alone.
void drain_empty(Pool& pool, std::int64_t count, int connections, std::int64_t first) {
    EdgeKeeper edges(pool);
    Batches batches(pool);
    drain_with(connections, count, first, [&](Instant now) {
        must(edges.advance(now));
        auto const takeable = must(batches.take(now, claimed_at_once));
        return must(run_sharing_edges(pool, [&](pqxx::work& tx) {
            std::size_t over = 0;
            for (auto const& batch : takeable.batches) over += hold_batch(tx, batch) ? batch.steps.size() : 0;
            return over;
        }));
    });
}

/// `how` is sent, silent or empty.
void drain(Pool& pool, std::int64_t count, std::string const& how, int connections, std::int64_t first) {
    if (how == "empty") return drain_empty(pool, count, connections, first);
    if (how == "sent") return drain(pool, count, Verdict::send, connections, first);
    if (how == "silent") return drain(pool, count, Verdict::skip, connections, first);
    throw std::runtime_error("drain takes sent, silent or empty, not " + how);
}

int bench(std::vector<std::string> const& args) {
    if (args.empty()) throw std::runtime_error("usage: bench_schedule enqueue COUNT DELAY_SECONDS | due COUNT [FIRST] | drain COUNT [sent|silent|empty] [FIRST] [CONNECTIONS]");
    Pool pool({"", "bench", Millis{600'000}, Millis{60'000}, Millis{600'000}, true}, 8);
    auto const number = [&](std::size_t index, std::int64_t otherwise) { return args.size() > index ? std::stoll(args[index]) : otherwise; };
    if (args[0] == "enqueue") enqueue(pool, number(1, 0), number(2, 0));
    else if (args[0] == "due") leave_due(pool, number(1, 0), number(2, 0));
    else if (args[0] == "drain") drain(pool, number(1, 0), args.size() > 2 ? args[2] : "sent", static_cast<int>(number(4, 2)), number(3, 0));
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
