#pragma once
// Which sources take keys that people make: those that know secrets of kind "bearer".

#include <string>
#include <vector>

namespace recoup::app {

std::vector<std::string> key_sources();

}  // namespace recoup::app
