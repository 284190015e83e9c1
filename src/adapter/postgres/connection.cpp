#include "adapter/postgres/connection.hpp"

#include "recoup/base/assert.hpp"

#include <poll.h>

#include <algorithm>

namespace recoup::postgres {
namespace {

constexpr std::int64_t first_plans = 2, lasting_plans = 10'000;   // uses of a session

constexpr char settings_sql[] = R"(
    select set_config('application_name', $1, false),
           set_config('statement_timeout', $2, false),
           set_config('lock_timeout', $3, false),
           set_config('idle_in_transaction_session_timeout', $4, false),
           set_config('timezone', 'UTC', false),
           set_config('jit', 'off', false),   -- costs of plans that we forbid look like work worth compiling for
           set_config('enable_seqscan', $5, false),
           set_config('enable_bitmapscan', $5, false),
           set_config('plan_cache_mode', $6, false),
           set_config('synchronous_commit',
                      case current_setting('synchronous_commit') when 'off' then 'on'
                           else current_setting('synchronous_commit') end, false))";

/// The first line of the server's message; only for faults in our own statements, whose messages name tables and
/// columns but no values.
std::string first_line(std::string_view text) { return std::string(text.substr(0, text.find('\n'))); }

/// SQLSTATE classes and codes: Postgres documentation, appendix A.
Error from_sqlstate(std::string_view state, std::string_view message) {
    std::string const code = " (SQLSTATE " + std::string(state) + ")";
    auto const in_class = [&](std::string_view wanted) { return state.substr(0, 2) == wanted; };
    if (state == "57014") return error(Errc::unavailable, "Postgres: the statement took too long" + code);
    if (state == "55P03") return error(Errc::conflict, "Postgres: a lock was not free in time" + code);
    if (state == "23505") return error(Errc::conflict, "Postgres: the row exists already" + code);
    if (in_class("40")) return error(Errc::conflict, "Postgres: the transaction met another one" + code);
    if (in_class("08") || in_class("53") || in_class("57") || in_class("58") || state.empty() || state == "25P03")
        return error(Errc::unavailable, "Postgres does not serve now" + code);
    if (in_class("28") || in_class("3D"))
        return error(Errc::configuration, "Postgres refuses this user or database; check the connection" + code);
    if (in_class("42")) return error(Errc::internal, "Postgres: " + first_line(message) + code);
    return error(Errc::internal, "Postgres: the statement failed" + code);
}

}  // namespace

pqxx::connection& Connection::session() {
    drop_if_broken();
    if (session_) {
        if (++uses_ == plan_anew_at_) plan_anew();
        return *session_;
    }
    auto fresh = std::make_unique<pqxx::connection>(options_.connection_string);
    pqxx::nontransaction(*fresh).exec_params(
        settings_sql, options_.application_name, std::to_string(options_.statement_timeout.count()),
        std::to_string(options_.lock_timeout.count()), std::to_string(options_.idle_in_transaction_timeout.count()),
        options_.key_lookups ? "off" : "on", options_.key_lookups ? "force_generic_plan" : "auto");
    session_ = std::move(fresh);
    uses_ = 0;
    plan_anew_at_ = options_.key_lookups ? first_plans : 0;
    return *session_;
}

void Connection::plan_anew() {
    plan_anew_at_ += std::min(uses_, lasting_plans);
    pqxx::nontransaction(*session_).exec("discard plans");
}

void Connection::drop_if_broken() noexcept {
    if (session_ && !session_->is_open()) session_.reset();
}

/// Between two uses the server says nothing unless it ends the session; a changed parameter costs a reconnect, no more.
void Connection::drop_if_ended() noexcept {
    drop_if_broken();
    if (!session_) return;
    pollfd socket{session_->sock(), POLLIN, 0};
    if (poll(&socket, 1, 0) != 0) session_.reset();
}

Error translate_current_exception() {
    try {
        throw;
    } catch (pqxx::in_doubt_error const&) {
        return error(Errc::unavailable, "Postgres: the connection was lost in a commit; its outcome is not known");
    } catch (pqxx::statement_completion_unknown const&) {
        return error(Errc::unavailable, "Postgres: the connection was lost in a commit; its outcome is not known");
    } catch (pqxx::broken_connection const&) {
        return error(Errc::unavailable, "Postgres does not answer; check that it runs and that the address is right");
    } catch (pqxx::transaction_rollback const&) {
        return error(Errc::conflict, "Postgres: the transaction met another one");
    } catch (pqxx::sql_error const& failure) {
        return from_sqlstate(failure.sqlstate(), failure.what());
    } catch (pqxx::unexpected_rows const&) {
        return error(Errc::internal, "Postgres: a statement gave another number of rows than it must");
    } catch (std::bad_alloc const&) {
        return error(Errc::unavailable, "out of memory");
    } catch (std::exception const& failure) {
        return error(Errc::internal, std::string("Postgres: ") + typeid(failure).name());
    }
}

Pool::Pool(ConnectionOptions options, std::size_t size, Millis checkout_timeout) : checkout_timeout_(checkout_timeout) {
    RECOUP_ASSERT(size > 0);
    for (std::size_t i = 0; i < size; ++i) idle_.push_back(std::make_unique<Connection>(options));
}

Result<Pool::Lease> Pool::checkout() {
    std::unique_lock lock(mutex_);
    if (!returned_.wait_for(lock, checkout_timeout_, [&] { return !idle_.empty(); }))
        return error(Errc::overloaded, "every connection to Postgres is busy; try again later");
    auto connection = std::move(idle_.back());  // the last one used: its session is the warmest
    idle_.pop_back();
    lock.unlock();
    connection->drop_if_ended();
    return Lease(*this, std::move(connection));
}

void Pool::put_back(std::unique_ptr<Connection> connection) {
    {
        std::lock_guard lock(mutex_);
        idle_.push_back(std::move(connection));
    }
    returned_.notify_one();
}

}  // namespace recoup::postgres
