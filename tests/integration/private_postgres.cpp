#include "app/dev/private_postgres.hpp"

#include "app/dev/postmaster_file.hpp"
#include "support/temporary_folder.hpp"

#include <csignal>
#include <fstream>
#include <gtest/gtest.h>
#include <pqxx/pqxx>
#include <sys/wait.h>
#include <unistd.h>

namespace recoup::app {
namespace {

PrivatePostgres::Options in(std::filesystem::path const& folder) {
    PrivatePostgres::Options options;
    options.data_dir = folder / "below" / "postgres";
    return options;
}

void execute(PrivatePostgres const& server, char const* sql) {
    pqxx::connection connection(server.connection_string());
    pqxx::nontransaction(connection).exec(sql);
}

int count_notes(PrivatePostgres const& server) {
    pqxx::connection connection(server.connection_string());
    return pqxx::nontransaction(connection).exec1("select count(*) from note")[0].as<int>();
}

TEST(PrivatePostgres, KeepsItsDataAndItsDoorShut) {
    test::TemporaryFolder folder;
    {
        auto server = PrivatePostgres::start(in(folder.path()));
        ASSERT_TRUE(server) << server.error().message;
        EXPECT_FALSE(server->adopted());
        execute(*server, "create table note(id int); insert into note values (1)");
        pqxx::connection connection(server->connection_string());
        pqxx::nontransaction transaction(connection);
        EXPECT_EQ(transaction.exec1("show listen_addresses")[0].as<std::string>(), "");
        EXPECT_EQ(transaction.exec1("show fsync")[0].as<std::string>(), "on");
        EXPECT_EQ(transaction.exec1("show synchronous_commit")[0].as<std::string>(), "on");
        EXPECT_EQ(transaction.exec1("show server_encoding")[0].as<std::string>(), "UTF8");

        auto second = PrivatePostgres::start(in(folder.path()));
        ASSERT_FALSE(second);
        EXPECT_EQ(second.error().code, Errc::conflict);
    }
    EXPECT_FALSE(read_postmaster_file(in(folder.path()).data_dir)) << "the server was not shut down";
    auto again = PrivatePostgres::start(in(folder.path()));
    ASSERT_TRUE(again) << again.error().message;
    EXPECT_EQ(count_notes(*again), 1);
}

TEST(PrivatePostgres, IsAdoptedAfterAKillOfItsOwner) {
    test::TemporaryFolder folder;
    pid_t const owner = fork();
    if (owner == 0) {
        auto server = PrivatePostgres::start(in(folder.path()));
        if (server) execute(*server, "create table note(id int); insert into note values (1)");
        kill(getpid(), SIGKILL);
    }
    waitpid(owner, nullptr, 0);
    auto const left = read_postmaster_file(in(folder.path()).data_dir);
    ASSERT_TRUE(left);

    auto server = PrivatePostgres::start(in(folder.path()));
    ASSERT_TRUE(server) << server.error().message;
    EXPECT_TRUE(server->adopted());
    EXPECT_EQ(server->pid(), left->pid);
    EXPECT_EQ(count_notes(*server), 1);
    server->stop();
    EXPECT_FALSE(is_postgres_process(left->pid));
    server->stop();
}

TEST(PrivatePostgres, RecoversAfterAKillOfTheServer) {
    test::TemporaryFolder folder;
    auto const data_dir = in(folder.path()).data_dir;
    {
        auto server = PrivatePostgres::start(in(folder.path()));
        ASSERT_TRUE(server) << server.error().message;
        execute(*server, "create table note(id int); insert into note values (1)");
        kill(server->pid(), SIGKILL);
    }
    // As a machine that lost power leaves it: the named process is somebody else's by now.
    std::ofstream(data_dir / "postmaster.pid") << getpid() << "\n" << data_dir.string() << "\n1\n5432\n/nowhere\n";
    auto server = PrivatePostgres::start(in(folder.path()));
    ASSERT_TRUE(server) << server.error().message;
    EXPECT_FALSE(server->adopted());
    EXPECT_EQ(count_notes(*server), 1);
}

TEST(PrivatePostgres, NamesTheFolderItCannotUse) {
    PrivatePostgres::Options options;
    options.data_dir = "/proc/recoup/postgres";
    auto const server = PrivatePostgres::start(options);
    ASSERT_FALSE(server);
    EXPECT_EQ(server.error().code, Errc::configuration);
    EXPECT_NE(server.error().message.find("/proc/recoup"), std::string::npos);
}

}  // namespace
}  // namespace recoup::app
