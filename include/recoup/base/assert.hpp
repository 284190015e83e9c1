#pragma once
// RECOUP_ASSERT: an invariant of ours. Stays on in release; a broken one ends the process with its place.

namespace recoup {
[[noreturn]] void assertion_failed(char const* expression, char const* file, int line);
}

#define RECOUP_ASSERT(expression) \
    ((expression) ? static_cast<void>(0) : ::recoup::assertion_failed(#expression, __FILE__, __LINE__))
