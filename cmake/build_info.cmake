# Run at build time: writes version and commit into OUT, only when they changed, so that nothing else is rebuilt.
execute_process(COMMAND git describe --always --dirty --exclude=* --abbrev=7 WORKING_DIRECTORY ${SOURCE}
  OUTPUT_VARIABLE COMMIT OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE failed)
if(failed OR NOT COMMIT)
  set(COMMIT "unknown")
endif()
set(text "#include \"app/cli/version.hpp\"\n
namespace recoup::app {
std::string version() { return \"${VERSION}\"; }
std::string commit() { return \"${COMMIT}\"; }
}  // namespace recoup::app\n")
set(old "")
if(EXISTS ${OUT})
  file(READ ${OUT} old)
endif()
if(NOT text STREQUAL old)
  file(WRITE ${OUT} "${text}")
endif()
