#include "adapter/postgres/connection.hpp"

#include "support/postgres_fixture.hpp"

#include <gtest/gtest.h>

namespace recoup::postgres {
namespace {

struct PostgresConnection : testing::Test {
    test::Database database{test::Database::Schema::empty};

    Connection open() {
        auto options = database.options();
        options.lock_timeout = Millis{200};
        options.statement_timeout = Millis{400};
        return Connection(options);
    }
    static Result<void> execute(Connection& connection, char const* sql) {
        return run(connection, [&](pqxx::work& transaction) { transaction.exec(sql); });
    }
};

TEST_F(PostgresConnection, CommitsValuesAndRollsBackErrors) {
    auto connection = open();
    ASSERT_TRUE(execute(connection, "create table note(id int primary key)"));
    auto const refused = run(connection, [](pqxx::work& transaction) -> Result<int> {
        transaction.exec("insert into note values (1)");
        return error(Errc::invalid, "no");
    });
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::invalid);
    auto const count = run(connection, [](pqxx::work& transaction) {
        return transaction.exec1("select count(*) from note")[0].as<int>();
    });
    ASSERT_TRUE(count);
    EXPECT_EQ(*count, 0);
}

TEST_F(PostgresConnection, TranslatesFailuresWithoutData) {
    auto connection = open();
    ASSERT_TRUE(execute(connection, "create table note(id text primary key check (id <> 'secret'))"));
    ASSERT_TRUE(execute(connection, "insert into note values ('hidden')"));

    auto const duplicate = execute(connection, "insert into note values ('hidden')");
    ASSERT_FALSE(duplicate);
    EXPECT_EQ(duplicate.error().code, Errc::conflict);
    EXPECT_EQ(duplicate.error().message.find("hidden"), std::string::npos);

    auto const checked = execute(connection, "insert into note values ('secret')");
    ASSERT_FALSE(checked);
    EXPECT_EQ(checked.error().code, Errc::internal);
    EXPECT_NE(checked.error().message.find("23514"), std::string::npos);
    EXPECT_EQ(checked.error().message.find("secret"), std::string::npos);

    auto const unknown = execute(connection, "select 1 from nowhere");
    ASSERT_FALSE(unknown);
    EXPECT_NE(unknown.error().message.find("nowhere"), std::string::npos) << unknown.error().message;

    auto const slow = execute(connection, "select pg_sleep(5)");
    ASSERT_FALSE(slow);
    EXPECT_EQ(slow.error().code, Errc::unavailable) << slow.error().message;
    EXPECT_TRUE(execute(connection, "select 1"));
}

TEST_F(PostgresConnection, ReportsALockedRowAsAConflict) {
    auto holder = open();
    auto waiter = open();
    ASSERT_TRUE(execute(holder, "create table note(id int primary key); insert into note values (1)"));
    auto const nested = run(holder, [&](pqxx::work& transaction) {
        transaction.exec("select * from note for update");
        return execute(waiter, "update note set id = 2");
    });
    ASSERT_FALSE(nested);
    EXPECT_EQ(nested.error().code, Errc::conflict) << nested.error().message;
}

TEST_F(PostgresConnection, ComesBackAfterTheServerEndedTheSession) {
    auto connection = open();
    ASSERT_TRUE(execute(connection, "select 1"));
    test::break_sessions(database);
    auto const broken = execute(connection, "select 1");
    if (!broken) {
        EXPECT_EQ(broken.error().code, Errc::unavailable) << broken.error().message;
    }
    EXPECT_TRUE(execute(connection, "select 1"));
    auto const timeout = run(connection, [](pqxx::work& transaction) {
        return transaction.exec1("show statement_timeout")[0].as<std::string>();
    });
    ASSERT_TRUE(timeout);
    EXPECT_EQ(*timeout, "400ms");
}

TEST_F(PostgresConnection, AnUnreachableServerIsUnavailable) {
    ConnectionOptions options;
    options.connection_string = "host=/nowhere dbname=recoup password=hush";
    Connection connection(options);
    auto const refused = execute(connection, "select 1");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::unavailable);
    EXPECT_EQ(refused.error().message.find("hush"), std::string::npos);
}

TEST_F(PostgresConnection, APoolIsBounded) {
    Pool pool(database.options(), 1, Millis{20});
    auto const second = run(pool, [&](pqxx::work&) { return run(pool, [](pqxx::work&) { return 1; }); });
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, Errc::overloaded);
    EXPECT_TRUE(run(pool, [](pqxx::work&) { return 1; }));
}

}  // namespace
}  // namespace recoup::postgres
