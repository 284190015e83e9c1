#include "tidy/calls.hpp"

#include <gtest/gtest.h>

namespace recoup::tidy {
namespace {

TEST(TidyCalls, TimeAndRandomnessAreInjected) {
    auto const findings = check_injected(tree());
    EXPECT_TRUE(findings.empty()) << listed(findings);
}

TEST(TidyCalls, SqlIsNeverBuilt) {
    auto const findings = check_sql_built(tree());
    EXPECT_TRUE(findings.empty()) << listed(findings);
}

TEST(TidyCalls, TheDatabaseClockIsNeverAsked) {
    auto const findings = check_sql_clock(tree());
    EXPECT_TRUE(findings.empty()) << listed(findings);
}

TEST(TidyCalls, NothingIsDestroyedTwiceBesideCoAwait) {
    auto const findings = check_co_await(tree());
    EXPECT_TRUE(findings.empty()) << listed(findings);
}

TEST(TidyCalls, TheCheckCatchesClocksAndDice) {
    for (auto const* bad : {"auto t = std::chrono::system_clock::now();", "steady_clock::now()", "time(nullptr)",
                            "std::time(&t)", "gettimeofday(&tv, 0)", "rand()", "srand(1)", "std::random_device d;",
                            "std::mt19937_64 g;", "getenv(\"HOME\")"})
        EXPECT_EQ(check_injected({make_file("src/core/z.cpp", bad)}).size(), 1u) << bad;
    for (auto const* good : {"clock.now()", "// system_clock::now()", "log(\"rand()\")",
                             "using P = std::chrono::system_clock;", "operand(1)", "last_time(0)"})
        EXPECT_TRUE(check_injected({make_file("src/core/z.cpp", good)}).empty()) << good;
    EXPECT_TRUE(check_injected({make_file("src/base/clock.cpp", "std::chrono::system_clock::now()")}).empty());
}

TEST(TidyCalls, TheCheckCatchesBuiltSql) {
    for (auto const* bad : {"tx.exec(\"select \" + name);", "tx.exec_params(fmt::format(\"select {}\", x), y);",
                            "connection.prepare(\"a\", b);\nsql += \" where\";", "tx.exec(std::format(a, b));"})
        EXPECT_EQ(check_sql_built({make_file("src/adapter/postgres/z.cpp", bad)}).size(), 1u) << bad;
    for (auto const* good :
         {"tx.exec_params(claim_sql, a + b, c);", "tx.exec(\"select 1 + 1\");", "tx.exec(list_sql);"})
        EXPECT_TRUE(check_sql_built({make_file("src/adapter/postgres/z.cpp", good)}).empty()) << good;
}

TEST(TidyCalls, TheCheckCatchesTheDatabaseClock) {
    EXPECT_EQ(check_sql_clock({make_file("migrations/1.sql", "create table t (at timestamptz default now());")}).size(),
              1u);
    EXPECT_EQ(check_sql_clock({make_file("migrations/1.sql", "select CURRENT_TIMESTAMP, clock_timestamp()")}).size(),
              2u);
    EXPECT_EQ(check_sql_clock({make_file("src/adapter/postgres/z.cpp", "auto s = R\"(select now())\";")}).size(), 1u);
    EXPECT_TRUE(check_sql_clock({make_file("migrations/1.sql", "-- now() is never asked")}).empty());
    EXPECT_TRUE(check_sql_clock({make_file("src/adapter/postgres/z.cpp", "auto at = clock.now();")}).empty());
}

TEST(TidyCalls, TheCheckCatchesTemporariesBesideCoAwait) {
    for (auto const* bad : {"co_await f(Msg{a, b});", "co_await f({a, b});", "co_await f(x, {.a = 1});",
                            "co_await f([s = text] { use(s); });", "co_await f([=] { g(); });",
                            "co_await f(1, [x](int) { g(x); });", "auto r = co_await g(std::make_unique<T>(Agg{a}));",
                            "if (co_await f(Msg{a})) { g(); }", "return g(Msg{a}, co_await f());"})
        EXPECT_EQ(check_co_await({make_file("src/app/z.cpp", std::string("task h() {\n") + bad + "\n}\n")}).size(), 1u)
            << bad;
    for (auto const* good :
         {"Msg m{a, b};\nco_await f(std::move(m));", "co_await f([&] { Msg m{1}; });",
          "co_await f([this, &x](int) { return x; });", "spawn([s = text]() -> task { co_await f(); });",
          "if (co_await f(x)) { Msg m{a}; }", "co_await f(std::pair{a, b});", "co_await f(values[i](x));",
          "while (co_await next()) {\n}\nMsg m{1};", "wait(Seconds{5}, co_await f());"})
        EXPECT_TRUE(check_co_await({make_file("src/app/z.cpp", std::string("task h() {\n") + good + "\n}\n")}).empty())
            << good;
}

}  // namespace
}  // namespace recoup::tidy
