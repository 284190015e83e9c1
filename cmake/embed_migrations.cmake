# cmake -DOUTPUT=<file> -DFILES=<list> -P embed_migrations.cmake: the SQL files, in order, as a C++ table.
list(SORT FILES)
set(rows "")
foreach(file ${FILES})
  get_filename_component(name ${file} NAME_WE)
  string(REGEX MATCH "^0*([0-9]+)_" number ${name})
  file(READ ${file} text)
  string(APPEND rows "    {${CMAKE_MATCH_1}, \"${name}\", R\"sql(${text})sql\"},\n")
endforeach()
file(WRITE ${OUTPUT} "// Made from migrations/ by cmake/embed_migrations.cmake.
#include \"adapter/postgres/migrator.hpp\"

namespace recoup::postgres {
namespace {
constexpr Migration migrations[] = {
${rows}};
}
std::span<Migration const> all_migrations() { return migrations; }
}  // namespace recoup::postgres
")
