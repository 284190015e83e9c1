#pragma once
// IdempotencyStore on Postgres: one thread that answers whatever gathered meanwhile in one transaction. A sender waits for
// it, so a database that hangs is Errc::unavailable after a quarter of a second.

#include "adapter/postgres/connection.hpp"
#include "adapter/postgres/patience.hpp"

#include "recoup/base/limits.hpp"
#include "recoup/port/idempotency_store.hpp"

#include <deque>
#include <thread>
#include <variant>

namespace recoup::postgres {

class PostgresIdempotencyStore final : public IdempotencyStore {
public:
    /// Connects at first use. `queue` = how many calls may wait.
    PostgresIdempotencyStore(ConnectionOptions options, std::size_t queue);
    ~PostgresIdempotencyStore() override;

    void claim(RequestName name, Instant now, std::function<void(Result<Claim>)> done) override;
    void finish(RequestName name, StoredAnswer answer, Instant now, std::function<void(Result<void>)> done) override;
    void release(RequestName name, std::function<void(Result<void>)> done) override;
    void close() override;

private:
    struct Asked {
        RequestName name;
        Instant now{};
        std::function<void(Result<Claim>)> done;
        Claim outcome = {};
    };
    struct Told {
        RequestName name;
        StoredAnswer answer;   // status 0 = forget
        Instant now{};
        std::function<void(Result<void>)> done;
    };
    using Call = std::variant<Asked, Told>;

    void push(Call call);
    void work_until_closed();
    void answer(std::vector<Call>& calls);

    std::size_t const most_waiting_;
    Connection connection_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<Call> waiting_;
    bool closed_ = false;
    std::once_flag closing_;
    Patience patience_;
    std::thread thread_;   // the last member: it uses all others
};

/// Deletes what is older than idempotency_life, and of each shop the oldest that are more than `most`. Returns how many.
Result<std::int64_t> forget_old_answers(Pool& pool, Instant now, std::size_t most = limits::idempotency_keys_per_shop);

}  // namespace recoup::postgres
