#pragma once
// Connections to Postgres: settings given once, broken ones replaced, exceptions translated in one place.

#include "recoup/base/result.hpp"
#include "recoup/base/time.hpp"

#include <condition_variable>
#include <memory>
#include <mutex>
#include <pqxx/pqxx>
#include <string>
#include <type_traits>
#include <vector>

namespace recoup::postgres {

/// The server enforces the three timeouts; each bounds how long a mistake of ours can hold others up.
struct ConnectionOptions {
    std::string connection_string;                 // libpq keywords or a postgresql:// URI; may hold a password
    std::string application_name = "recoup";
    Millis statement_timeout{30'000};
    Millis lock_timeout{10'000};
    Millis idle_in_transaction_timeout{60'000};
    /// Every statement is a look-up by key: no scans of whole tables or bitmaps, and no plan for the values of each call, to
    /// which it owes nothing (that was a seventh of Postgres' work for small claims). Plans are made anew as the session is
    /// used, seldom and seldomer: one made while a table was empty takes any index of it for as good as any other. So whoever looks
    /// up rows of a table that grows by ids says `(shop_id = $1) is true and id = ..`: no index answers to the first, and the only one that
    /// can be taken is that of the id, which names its row in all shops but for chance.
    bool key_lookups = false;
};

/// One session. One thread at a time.
class Connection {
public:
    explicit Connection(ConnectionOptions options) : options_(std::move(options)) {}

    /// Connects at first use and again after a break; throws as libpqxx does.
    pqxx::connection& session();
    /// Ends the session when it is of no more use; called after every failure.
    void drop_if_broken() noexcept;
    /// The same when the server ended it while nobody used it. For who keeps nothing in the session, such as a lock.
    void drop_if_ended() noexcept;
    bool connected() const noexcept { return session_ && session_->is_open(); }

private:
    void plan_anew();

    ConnectionOptions options_;
    std::unique_ptr<pqxx::connection> session_;
    std::int64_t uses_ = 0, plan_anew_at_ = 0;   // of the session
};

/// What the exception in flight means to us; call in a catch block. Lost or refused connections, timeouts and an
/// unknown commit are `unavailable`; serialization failures, deadlocks, lock timeouts and duplicates are `conflict`;
/// the rest is `internal` with its SQLSTATE. Never holds row data.
Error translate_current_exception();

/// At most `size` connections, opened as needed. Thread-safe; outlives its leases.
class Pool {
public:
    Pool(ConnectionOptions options, std::size_t size, Millis checkout_timeout = Millis{5'000});

    class Lease {
    public:
        Lease(Pool& pool, std::unique_ptr<Connection> connection) : pool_(&pool), connection_(std::move(connection)) {}
        Lease(Lease&&) noexcept = default;
        ~Lease() {
            if (connection_) pool_->put_back(std::move(connection_));
        }
        Connection& operator*() { return *connection_; }

    private:
        Pool* pool_;
        std::unique_ptr<Connection> connection_;
    };

    /// Waits for a free one; Errc::overloaded at the deadline. A restart of the server in between costs its user nothing.
    Result<Lease> checkout();

private:
    void put_back(std::unique_ptr<Connection> connection);

    std::mutex mutex_;
    std::condition_variable returned_;
    std::vector<std::unique_ptr<Connection>> idle_;
    Millis checkout_timeout_;
};

namespace detail {
/// Opens a transaction, calls, commits unless the answer is an error, translates what is thrown.
template <class Transaction, class Body>
auto run_in(Connection& connection, Body&& body) -> AsResult<std::invoke_result_t<Body&, Transaction&>> {
    using Answer = std::invoke_result_t<Body&, Transaction&>;
    try {
        Transaction transaction(connection.session());
        if constexpr (std::is_void_v<Answer>) {
            body(transaction);
            transaction.commit();
            return {};
        } else {
            Answer answer = body(transaction);
            if constexpr (is_result<Answer>) {
                if (!answer) return answer;
            }
            transaction.commit();
            return answer;
        }
    } catch (...) {
        Error failure = translate_current_exception();
        connection.drop_if_broken();
        return failure;
    }
}
}  // namespace detail

/// One transaction around `body(pqxx::work&)`. The body may return T, void or Result<T>; an error or an exception rolls
/// back, anything else commits, and the answer comes after the commit.
template <class Body>
auto run(Connection& connection, Body&& body) {
    return detail::run_in<pqxx::work>(connection, body);
}

/// The same without a transaction: each statement in `body(pqxx::nontransaction&)` commits by itself, in one round trip.
template <class Body>
auto run_statement(Connection& connection, Body&& body) {
    return detail::run_in<pqxx::nontransaction>(connection, body);
}

template <class Body>
auto run(Pool& pool, Body&& body) -> AsResult<std::invoke_result_t<Body&, pqxx::work&>> {
    auto lease = pool.checkout();
    if (!lease) return lease.error();
    return run(**lease, body);
}

template <class Body>
auto run_statement(Pool& pool, Body&& body) -> AsResult<std::invoke_result_t<Body&, pqxx::nontransaction&>> {
    auto lease = pool.checkout();
    if (!lease) return lease.error();
    return run_statement(**lease, body);
}

}  // namespace recoup::postgres
