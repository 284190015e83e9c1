#include "support/postgres_fixture.hpp"

#include "adapter/postgres/migrator.hpp"
#include "app/dev/private_postgres.hpp"
#include "support/temporary_folder.hpp"

#include <cstdio>
#include <cstdlib>

namespace recoup::test {
namespace {

[[noreturn]] void give_up(std::string const& reason) {
    std::fprintf(stderr, "tests need a Postgres server: %s\n", reason.c_str());
    std::exit(2);
}

postgres::ConnectionOptions options_for(std::string connection_string) {
    postgres::ConnectionOptions options;
    options.connection_string = std::move(connection_string);
    options.application_name = "recoup-test";
    return options;
}

/// The cluster, its migrated template database and a counter that names databases.
class Cluster {
public:
    Cluster() : server_(start(folder_)) {
        execute("create database migrated");
        postgres::Connection connection(options_for(server_.connection_string("migrated")));
        auto const applied = postgres::migrate_up(connection, instant_from_seconds(1'700'000'000));
        if (!applied) give_up(applied.error().message);
    }

    std::string create(char const* from) {
        auto name = "test_" + std::to_string(++databases_);
        execute("create database " + name + " template " + from);
        return name;
    }
    void execute(std::string const& sql) {
        pqxx::connection connection(server_.connection_string("postgres"));
        pqxx::nontransaction(connection).exec(sql);
    }
    std::string connection_string(std::string const& database) const { return server_.connection_string(database); }

private:
    static app::PrivatePostgres start(TemporaryFolder const& folder) {
        app::PrivatePostgres::Options options;
        options.data_dir = folder.path() / "postgres";
        options.durable = false;
        auto server = app::PrivatePostgres::start(options);
        if (!server) give_up(server.error().message);
        return std::move(*server);
    }

    TemporaryFolder folder_;
    app::PrivatePostgres server_;
    int databases_ = 0;
};

Cluster& cluster() {
    static Cluster instance;
    return instance;
}

}  // namespace

Database::Database(Schema schema)
    : name_(cluster().create(schema == Schema::migrated ? "migrated" : "template0")),
      connection_string_(cluster().connection_string(name_)) {}

Database::~Database() { cluster().execute("drop database " + name_ + " with (force)"); }

postgres::ConnectionOptions Database::options() const { return options_for(connection_string_); }

void break_sessions(Database const& database) {
    pqxx::connection connection(database.connection_string());
    pqxx::nontransaction(connection).exec(
        "select pg_terminate_backend(pid, 5000) from pg_stat_activity "
        "where datname = current_database() and pid <> pg_backend_pid()");
}

}  // namespace recoup::test
