#pragma once
// A real Postgres for tests: one private cluster for the process, one fresh database for each Database object.

#include "adapter/postgres/connection.hpp"

#include <string>

namespace recoup::test {

/// Ends the test program with the reason when Postgres cannot be started: such a suite fails, it is not skipped.
class Database {
public:
    enum class Schema : unsigned char { migrated, empty };

    explicit Database(Schema schema = Schema::migrated);
    Database(Database const&) = delete;
    Database& operator=(Database const&) = delete;
    ~Database();

    std::string const& connection_string() const { return connection_string_; }
    postgres::ConnectionOptions options() const;

private:
    std::string name_;
    std::string connection_string_;
};

/// Ends every other session of this database, as a restart of the server would.
void break_sessions(Database const& database);

}  // namespace recoup::test
