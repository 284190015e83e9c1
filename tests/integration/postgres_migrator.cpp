#include "adapter/postgres/migrator.hpp"

#include "support/postgres_fixture.hpp"

#include "recoup/domain/decision.hpp"

#include <gtest/gtest.h>
#include <map>
#include <thread>

namespace recoup::postgres {
namespace {

constexpr Instant today = instant_from_seconds(1'790'000'000);
constexpr Migration making_a_table{1, "0001_note", "create table note(id int); insert into note values (1)"};
constexpr Migration second{2, "0002_more", "alter table note add more text"};
constexpr Migration broken{2, "0002_more", "alter table note add more text; select 1 from nowhere"};

struct PostgresMigrator : testing::Test {
    test::Database database{test::Database::Schema::empty};
    Connection connection{database.options()};

    int columns() {
        return *run(connection, [](pqxx::work& transaction) {
            return transaction.exec1("select count(*) from information_schema.columns where table_name = 'note'")[0]
                .as<int>();
        });
    }
};

TEST_F(PostgresMigrator, AppliesWhatIsMissingOnce) {
    Migration const one[] = {making_a_table};
    Migration const both[] = {making_a_table, second};
    auto const before = migrate_status(connection, both);
    ASSERT_TRUE(before) << before.error().message;
    EXPECT_EQ(before->at(0).applied_at, never);

    EXPECT_EQ(apply_migrations(connection, today, one).value(), 1);
    EXPECT_EQ(apply_migrations(connection, today + Seconds(5), both).value(), 1);
    EXPECT_EQ(apply_migrations(connection, today, both).value(), 0);
    EXPECT_EQ(columns(), 2);
    auto const after = migrate_status(connection, both);
    ASSERT_TRUE(after);
    EXPECT_EQ(after->at(0).applied_at, today);
    EXPECT_EQ(after->at(1).applied_at, today + Seconds(5));
}

TEST_F(PostgresMigrator, LeavesNothingBehindWhenAFileFails) {
    Migration const files[] = {making_a_table, broken};
    EXPECT_FALSE(apply_migrations(connection, today, files));
    EXPECT_EQ(columns(), 1);
    Migration const repaired[] = {making_a_table, second};
    EXPECT_EQ(apply_migrations(connection, today, repaired).value(), 1);
}

TEST_F(PostgresMigrator, RefusesANewerOrChangedSchema) {
    Migration const both[] = {making_a_table, second};
    ASSERT_TRUE(apply_migrations(connection, today, both));
    Migration const older[] = {making_a_table};
    auto const newer = apply_migrations(connection, today, older);
    ASSERT_FALSE(newer);
    EXPECT_EQ(newer.error().code, Errc::configuration);
    Migration const changed[] = {making_a_table, broken};
    auto const differs = apply_migrations(connection, today, changed);
    ASSERT_FALSE(differs);
    EXPECT_EQ(differs.error().code, Errc::configuration);
    EXPECT_FALSE(migrate_status(connection, changed));
}

TEST_F(PostgresMigrator, TwoAtOnceApplyEachFileOnce) {
    Migration const both[] = {making_a_table, second};
    Connection other{database.options()};
    Result<int> theirs = 0;
    std::thread rival([&] { theirs = apply_migrations(other, today, both); });
    auto const ours = apply_migrations(connection, today, both);
    rival.join();
    ASSERT_TRUE(ours && theirs);
    EXPECT_EQ(*ours + *theirs, 2);
}

TEST_F(PostgresMigrator, TheShippedFilesAreInOrderAndApply) {
    int last = 0;
    for (auto const& migration : all_migrations()) {
        EXPECT_GT(migration.version, last) << "numbers grow; one may be left out";
        last = migration.version;
    }
    EXPECT_GT(last, 0);
    auto const applied = migrate_up(connection, today);
    ASSERT_TRUE(applied) << applied.error().message;
    EXPECT_EQ(static_cast<std::size_t>(*applied), all_migrations().size());
}

TEST_F(PostgresMigrator, KeepsTheTableOfReasonsAsTheProgramHasThem) {
    ASSERT_TRUE(migrate_up(connection, today));
    auto const reasons = [&] {
        std::map<std::string, bool> found;
        (void)run(connection, [&](pqxx::work& tx) {
            for (auto const& row : tx.exec("select reason, healthy from reason")) found.emplace(row[0].as<std::string>(), row[1].as<bool>());
        });
        return found;
    };
    std::map<std::string, bool> known;
    for (int i = 0; i < reason_count; ++i) known.emplace(name(static_cast<Reason>(i)), reason_is_healthy(static_cast<Reason>(i)));
    EXPECT_EQ(reasons(), known);
    (void)run(connection, [](pqxx::work& tx) { tx.exec("delete from reason where reason = 'ok'; insert into reason values ('of_old', true, '')"); });
    ASSERT_TRUE(migrate_up(connection, today));
    EXPECT_EQ(reasons(), known);
}

}  // namespace
}  // namespace recoup::postgres
