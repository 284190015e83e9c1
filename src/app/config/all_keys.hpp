#pragma once
// The keys of this binary: its own and those that the linked plug-ins declare.

#include "recoup/base/settings.hpp"

#include <vector>

namespace recoup::app {

std::vector<ConfigKey> const& all_keys();

}  // namespace recoup::app
