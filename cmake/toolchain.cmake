# Warnings are errors; ccache and mold where present.
add_compile_options(-Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Wimplicit-fallthrough -Werror)
# GCC 12 reports false maybe-uninitialized, restrict and string bounds warnings inside libstdc++ and Boost at -O2.
add_compile_options($<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized> $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>
  $<$<CXX_COMPILER_ID:GNU>:-Wno-stringop-overread> $<$<CXX_COMPILER_ID:GNU>:-Wno-stringop-overflow>)

find_program(CCACHE ccache)
if(CCACHE)
  # So much leniency is what precompiled headers need to be cached at all.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros ${CCACHE})
  add_compile_options($<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess>)
endif()
find_program(MOLD mold)
if(MOLD)
  add_link_options(-fuse-ld=mold)
endif()

if(RECOUP_SANITIZE)
  add_compile_options(-fsanitize=${RECOUP_SANITIZE} -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${RECOUP_SANITIZE})
endif()
