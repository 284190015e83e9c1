#pragma once
// Floors: who may include whom. include/recoup {base <- domain <- port} <- src/base <- src/core <- {service, adapter}
// <- app.

#include "tidy/tree.hpp"

namespace recoup::tidy {

/// An include that points up, sideways, or nowhere.
Findings check_floors(Files const& files);
/// A library's header on a floor that must not know the library.
Findings check_libraries(Files const& files);
/// A loop of includes.
Findings check_cycles(Files const& files);

}  // namespace recoup::tidy
