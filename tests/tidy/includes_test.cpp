#include "tidy/includes.hpp"

#include <gtest/gtest.h>

namespace recoup::tidy {
namespace {

Files house() {
    return {make_file("include/recoup/base/a.hpp", ""), make_file("include/recoup/domain/b.hpp", ""),
            make_file("include/recoup/port/c.hpp", ""), make_file("src/core/x/d.hpp", ""),
            make_file("src/service/e.hpp", ""),         make_file("src/adapter/kafka/f.hpp", ""),
            make_file("src/adapter/smtp/g.hpp", ""),    make_file("src/app/h.hpp", "")};
}

std::size_t found(std::string const& path, std::string const& text) {
    auto files = house();
    files.push_back(make_file(path, text));
    return check_floors(files).size();
}

TEST(TidyIncludes, ArrowsPointDown) {
    auto const findings = check_floors(tree());
    EXPECT_TRUE(findings.empty()) << listed(findings);
}

TEST(TidyIncludes, LibrariesStayInTheirAdapters) {
    auto const findings = check_libraries(tree());
    EXPECT_TRUE(findings.empty()) << listed(findings);
}

TEST(TidyIncludes, NoFileIncludesItselfInTheEnd) {
    auto const findings = check_cycles(tree());
    EXPECT_TRUE(findings.empty()) << listed(findings);
}

TEST(TidyIncludes, TheCheckCatchesArrowsUpAndSideways) {
    EXPECT_EQ(found("include/recoup/base/z.hpp", "#include \"recoup/domain/b.hpp\""), 1u);
    EXPECT_EQ(found("include/recoup/domain/z.hpp", "#include \"recoup/port/c.hpp\""), 1u);
    EXPECT_EQ(found("include/recoup/port/z.hpp", "#include \"core/x/d.hpp\""), 1u);
    EXPECT_EQ(found("src/core/z.cpp", "#include \"service/e.hpp\""), 1u);
    EXPECT_EQ(found("src/service/z.cpp", "#include \"adapter/kafka/f.hpp\""), 1u);
    EXPECT_EQ(found("src/adapter/kafka/z.cpp", "#include \"service/e.hpp\""), 1u);
    EXPECT_EQ(found("src/adapter/kafka/z.cpp", "#include \"adapter/smtp/g.hpp\""), 1u);
    EXPECT_EQ(found("src/adapter/kafka/z.cpp", "#include \"app/h.hpp\""), 1u);
    EXPECT_EQ(found("src/service/z.cpp", "#include \"e.hpp\""), 1u);
}

TEST(TidyIncludes, TheCheckLetsArrowsDownAndCommentsPass) {
    EXPECT_EQ(found("src/adapter/kafka/z.cpp", "#include \"adapter/kafka/f.hpp\"\n#include \"core/x/d.hpp\""), 0u);
    EXPECT_EQ(found("src/app/z.cpp", "#include \"service/e.hpp\"\n#include \"adapter/smtp/g.hpp\""), 0u);
    EXPECT_EQ(found("src/core/z.cpp", "// #include \"service/e.hpp\""), 0u);
}

TEST(TidyIncludes, TheCheckCatchesLibrariesOnTheWrongFloor) {
    EXPECT_EQ(check_libraries({make_file("src/core/z.cpp", "#include <spdlog/spdlog.h>")}).size(), 1u);
    EXPECT_EQ(check_libraries({make_file("src/service/z.cpp", "#include <pqxx/pqxx>")}).size(), 1u);
    EXPECT_EQ(check_libraries({make_file("include/recoup/port/z.hpp", "#include <boost/asio.hpp>")}).size(), 1u);
    EXPECT_TRUE(check_libraries({make_file("src/adapter/postgres/z.cpp", "#include <pqxx/pqxx>")}).empty());
}

TEST(TidyIncludes, TheCheckCatchesACycle) {
    EXPECT_EQ(check_cycles({make_file("src/core/a.hpp", "#include \"core/b.hpp\""),
                            make_file("src/core/b.hpp", "#include \"core/c.hpp\""),
                            make_file("src/core/c.hpp", "#include \"core/a.hpp\"")})
                  .size(),
              1u);
}

}  // namespace
}  // namespace recoup::tidy
