#include "recoup/base/result.hpp"

#include "recoup/base/assert.hpp"

#include <cstdio>
#include <cstdlib>

namespace recoup {

std::string_view name(Errc code) {
    switch (code) {
        case Errc::invalid: return "invalid";
        case Errc::unauthorized: return "unauthorized";
        case Errc::forbidden: return "forbidden";
        case Errc::not_found: return "not_found";
        case Errc::conflict: return "conflict";
        case Errc::too_large: return "too_large";
        case Errc::overloaded: return "overloaded";
        case Errc::unavailable: return "unavailable";
        case Errc::configuration: return "configuration";
        case Errc::internal: return "internal";
    }
    return "internal";
}

void throw_exception_from_error(Error const& failure, boost::source_location const& where) {
    std::fprintf(stderr, "recoup: unchecked error at %s:%u: %s\n", where.file_name(),
                 static_cast<unsigned>(where.line()), failure.message.c_str());
    std::abort();
}

void assertion_failed(char const* expression, char const* file, int line) {
    std::fprintf(stderr, "recoup: broken invariant at %s:%d: %s\n", file, line, expression);
    std::abort();
}

}  // namespace recoup
