# cmake -DOUTPUT= -DFUNCTION= -DHEADER= -DFILES="a|b" -P embed_files.cmake
string(REPLACE "|" ";" files "${FILES}")
set(rows "")
foreach(file IN LISTS files)
  get_filename_component(name ${file} NAME_WE)
  file(READ ${file} text)
  string(APPEND rows "    {\"${name}\", R\"embed(${text})embed\"},\n")
endforeach()
file(WRITE ${OUTPUT} "// Made by cmake/embed_files.cmake.
#include \"${HEADER}\"

namespace recoup::app {
namespace {
constexpr EmbeddedFile files[] = {
${rows}};
}
std::span<EmbeddedFile const> ${FUNCTION}() { return files; }
}  // namespace recoup::app
")
