#pragma once
// A Postgres of our own for `recoup dev`, demos and tests: no TCP, one unix socket in a folder only its owner enters.

#include "app/dev/child_process.hpp"
#include "recoup/base/result.hpp"

#include <filesystem>
#include <memory>
#include <string>

namespace recoup::app {

/// The newest /usr/lib/postgresql/<version>/bin. Errc::configuration when no server is installed.
Result<std::filesystem::path> find_postgres_binaries();

/// Owns the cluster in `data_dir` while it lives: a second process on the same folder is refused (Errc::conflict).
///
/// Root may not run Postgres, so under root the server runs as `postgres` or, without that user, `nobody`; the folder
/// is given to that user and folders above it become searchable (not readable) for it.
///
/// The server is not tied to our life: after kill -9 of this process it keeps running, and the next start adopts it,
/// with nothing lost and no crash recovery to wait for. stop() and the destructor end it, adopted or not. When the
/// server itself was killed, the next start removes what it left behind and Postgres recovers from its own log.
class PrivatePostgres {
public:
    struct Options {
        std::filesystem::path data_dir;              // the cluster; made by initdb when absent, its parent too
        bool durable = true;                         // false: no fsync, for tests that throw the cluster away
        std::chrono::seconds start_timeout{60};      // a long crash recovery included
    };

    static Result<PrivatePostgres> start(Options options);

    PrivatePostgres(PrivatePostgres&&) noexcept;
    PrivatePostgres& operator=(PrivatePostgres&&) noexcept;
    ~PrivatePostgres();

    /// libpq keywords for the superuser `recoup` on `database`.
    std::string connection_string(std::string const& database = "recoup") const;
    pid_t pid() const;
    bool adopted() const;
    /// Fast shutdown: sessions are ended, everything committed is on disk. Idempotent; kills after 20 seconds.
    void stop();

private:
    struct Cluster;
    explicit PrivatePostgres(std::unique_ptr<Cluster> cluster);

    std::unique_ptr<Cluster> cluster_;
};

}  // namespace recoup::app
