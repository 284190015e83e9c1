#pragma once
// What this binary is.

#include <string>

namespace recoup::app {

std::string version();   // "0.1.0"
std::string commit();    // short hash, "-dirty" behind it when the tree had changes; "unknown" outside of git
std::string compiler();  // "g++ 12.2"
std::string version_line();

}  // namespace recoup::app
