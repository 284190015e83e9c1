# Warnings are errors; ccache and mold where present.
add_compile_options(-Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Wimplicit-fallthrough)
# Clang builds the fuzzers only; its opinion on the rest is not asked.
add_compile_options($<$<CXX_COMPILER_ID:GNU>:-Werror> $<$<CXX_COMPILER_ID:Clang>:-w>)
# GCC 12 reports false maybe-uninitialized, restrict and string bounds warnings inside libstdc++ and Boost at -O2.
add_compile_options($<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized> $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>
  $<$<CXX_COMPILER_ID:GNU>:-Wno-stringop-overread> $<$<CXX_COMPILER_ID:GNU>:-Wno-stringop-overflow>)

find_program(CCACHE ccache)
if(CCACHE)
  # So much leniency is what precompiled headers need to be cached at all.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros ${CCACHE})
  add_compile_options($<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess>
    "$<$<CXX_COMPILER_ID:Clang>:SHELL:-Xclang -fno-pch-timestamp>")
endif()
find_program(MOLD mold)
if(MOLD)
  add_link_options(-fuse-ld=mold)
endif()

if(RECOUP_SANITIZE)
  add_compile_options(-fsanitize=${RECOUP_SANITIZE} -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${RECOUP_SANITIZE})
endif()

if(RECOUP_FUZZ)
  if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    message(FATAL_ERROR "RECOUP_FUZZ needs clang: use scripts/fuzz, or cmake --preset fuzz")
  endif()
  set(sanitizers -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all)
  add_compile_options(${sanitizers} -fno-omit-frame-pointer -D_GLIBCXX_ASSERTIONS)
  add_link_options(${sanitizers})
endif()
