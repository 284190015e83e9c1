#include "adapter/postgres/idempotency_store.hpp"

#include "adapter/postgres/statement.hpp"

#include <pthread.h>

#include <algorithm>

namespace recoup::postgres {
namespace {

constexpr std::size_t calls_a_transaction = 128;
constexpr Millis longest_statement{1'000};
constexpr std::chrono::milliseconds longest_wait{250};   // of three that a sender may wait for

constexpr Statement claim_name{
    "idempotency_claim",
    "insert into idempotency as held (shop_id, key_hash, fingerprint, claimed_at) "
    "select shop_id, $2, $3, at_ms($4) from shop where shop_id = $1 "
    "on conflict (shop_id, key_hash) do update set fingerprint = excluded.fingerprint, claimed_at = excluded.claimed_at, "
    "status = null, content_type = null, body = null "
    "where held.claimed_at <= at_ms($5) "
    "or (held.status is null and held.fingerprint = excluded.fingerprint and held.claimed_at <= at_ms($6)) "
    "returning 1"};
constexpr Statement read_name{
    "idempotency_read",
    "select fingerprint, status, content_type, body from idempotency where shop_id = $1 and key_hash = $2"};
constexpr Statement keep_answer{
    "idempotency_keep",
    "insert into idempotency as held (shop_id, key_hash, fingerprint, claimed_at, status, content_type, body) "
    "select shop_id, $2, $3, at_ms($4), $5::int, $6, $7 from shop where shop_id = $1 "
    "on conflict (shop_id, key_hash) do update "
    "set status = excluded.status, content_type = excluded.content_type, body = excluded.body "
    "where held.fingerprint = excluded.fingerprint"};
constexpr Statement forget_claim{
    "idempotency_forget",
    "delete from idempotency where shop_id = $1 and key_hash = $2 and fingerprint = $3 and status is null"};
constexpr Statement sweep{
    "idempotency_sweep",
    "delete from idempotency old using ("
    " select s.shop_id, greatest(at_ms($1), (select k.claimed_at from idempotency k where k.shop_id = s.shop_id"
    "  order by k.claimed_at desc offset $2 limit 1)) as until from shop s) bound "
    "where old.shop_id = bound.shop_id and old.claimed_at <= bound.until"};

Claim claim_in(pqxx::transaction_base& tx, RequestName const& name, Instant now) {
    auto const mine = exec(tx, claim_name, name.shop_id, name.key_hash, name.fingerprint, to_millis(now),
                           to_millis(now - idempotency_life), to_millis(now - idempotency_lease));
    if (!mine.empty()) return {};
    Claim claim{Claim::Kind::in_progress, {}};
    auto const rows = exec(tx, read_name, name.shop_id, name.key_hash);
    if (rows.empty()) return claim;   // released this very moment
    if (text(rows[0][0]) != name.fingerprint) {
        claim.kind = Claim::Kind::other_body;
    } else if (!rows[0][1].is_null()) {
        claim.kind = Claim::Kind::repeated;
        claim.answer = {rows[0][1].as<int>(), text(rows[0][2]), text(rows[0][3])};
    }
    return claim;
}

}  // namespace

PostgresIdempotencyStore::PostgresIdempotencyStore(ConnectionOptions options, std::size_t queue)
    : most_waiting_(queue),
      connection_([&options] {
          options.statement_timeout = options.lock_timeout = longest_statement;
          return std::move(options);
      }()),
      patience_(longest_wait, error(Errc::unavailable, "the database does not answer about the Idempotency-Key")),
      thread_([this] { work_until_closed(); }) {
    pthread_setname_np(thread_.native_handle(), "idempotency");
}

PostgresIdempotencyStore::~PostgresIdempotencyStore() { close(); }

void PostgresIdempotencyStore::claim(RequestName name, Instant now, std::function<void(Result<Claim>)> done) {
    push(Asked{std::move(name), now, patience_.bounded(std::move(done))});
}

void PostgresIdempotencyStore::finish(RequestName name, StoredAnswer answer, Instant now, std::function<void(Result<void>)> done) {
    push(Told{std::move(name), std::move(answer), now, patience_.bounded(std::move(done))});
}

void PostgresIdempotencyStore::release(RequestName name, std::function<void(Result<void>)> done) {
    push(Told{std::move(name), {}, never, patience_.bounded(std::move(done))});
}

void PostgresIdempotencyStore::push(Call call) {
    {
        std::lock_guard const lock(mutex_);
        if (!closed_ && waiting_.size() < most_waiting_) {
            waiting_.push_back(std::move(call));
            changed_.notify_one();
            return;
        }
    }
    auto const refusal = error(Errc::overloaded, "too many requests with an Idempotency-Key wait for the database");
    std::visit([&](auto& refused) { refused.done(refusal); }, call);
}

void PostgresIdempotencyStore::close() {
    {
        std::lock_guard const lock(mutex_);
        closed_ = true;
    }
    changed_.notify_all();
    std::call_once(closing_, [&] { thread_.join(); });
}

void PostgresIdempotencyStore::work_until_closed() {
    for (;;) {
        std::vector<Call> calls;
        {
            std::unique_lock lock(mutex_);
            changed_.wait(lock, [&] { return closed_ || !waiting_.empty(); });
            if (waiting_.empty()) return;
            while (!waiting_.empty() && calls.size() < calls_a_transaction) {
                calls.push_back(std::move(waiting_.front()));
                waiting_.pop_front();
            }
        }
        answer(calls);
    }
}

/// Rows are locked in the order of their keys, so that processes wait for one another and never in a circle.
void PostgresIdempotencyStore::answer(std::vector<Call>& calls) {
    auto const name_of = [](Call const& call) -> RequestName const& {
        return std::visit([](auto const& one) -> RequestName const& { return one.name; }, call);
    };
    std::stable_sort(calls.begin(), calls.end(), [&](Call const& a, Call const& b) {
        return std::tie(name_of(a).shop_id, name_of(a).key_hash) < std::tie(name_of(b).shop_id, name_of(b).key_hash);
    });
    auto const work = [&](pqxx::work& tx) {
        for (auto& call : calls) {
            auto const& name = name_of(call);
            if (auto* asked = std::get_if<Asked>(&call)) {
                asked->outcome = claim_in(tx, name, asked->now);
            } else if (auto const& told = std::get<Told>(call); told.answer.status == 0) {
                exec(tx, forget_claim, name.shop_id, name.key_hash, name.fingerprint);
            } else {
                exec(tx, keep_answer, name.shop_id, name.key_hash, name.fingerprint, to_millis(told.now), told.answer.status,
                     told.answer.content_type, told.answer.body);
            }
        }
    };
    auto done = run(connection_, work);
    if (!done && !connection_.connected()) done = run(connection_, work);   // an idle session may have died meanwhile
    for (auto& call : calls) {
        if (auto* asked = std::get_if<Asked>(&call)) {
            if (done) asked->done(std::move(asked->outcome));
            else asked->done(error(Errc::unavailable, done.error().message));
        } else if (done) {
            std::get<Told>(call).done({});
        } else {
            std::get<Told>(call).done(error(Errc::unavailable, done.error().message));
        }
    }
}

Result<std::int64_t> forget_old_answers(Pool& pool, Instant now, std::size_t most) {
    return run(pool, [&](pqxx::work& tx) -> std::int64_t {
        return static_cast<std::int64_t>(
            exec(tx, sweep, to_millis(now - idempotency_life), most).affected_rows());
    });
}

}  // namespace recoup::postgres
