#include "app/cli/table.hpp"
#include "app/cli/paint.hpp"

#include <gtest/gtest.h>

#include <sstream>

namespace recoup::app {
namespace {

TEST(CliTable, AlignsByDisplayWidthAndNumbersToTheRight) {
    Table table({"shop", "carts", "last_seen"});
    table.row({"café", 7, nullptr});
    table.row({"日本", 1200, "x\ny"});
    std::ostringstream out;
    table.print(out);
    EXPECT_EQ(out.str(),
              "SHOP  CARTS  LAST SEEN\n"
              "café      7  -\n"
              "日本   1200  x y\n");
}

TEST(CliTable, JsonKeepsTypesAndSurvivesBrokenUtf8) {
    Table table({"shop", "carts"});
    table.row({"a\xff", 7});
    std::ostringstream out;
    table.print_json(out);
    auto const rows = nlohmann::json::parse(out.str());
    EXPECT_EQ(rows.size(), 1u);
    EXPECT_EQ(rows[0]["carts"], 7);
}

TEST(CliPaint, OnlyWhereAPersonWatchesUnlessTold) {
    std::ostringstream out, err;
    Context context{.out = out, .err = err};
    EXPECT_EQ(Paint::for_out(context).good("ok"), "ok");
    context.out_is_terminal = true;
    EXPECT_EQ(Paint::for_out(context).good("ok"), "\033[32mok\033[0m");
    context.environment["NO_COLOR"] = "1";
    EXPECT_EQ(Paint::for_out(context).good("ok"), "ok");
    context.options.color = Color::always;
    EXPECT_EQ(Paint::for_out(context).good("ok"), "\033[32mok\033[0m");
}

}  // namespace
}  // namespace recoup::app
