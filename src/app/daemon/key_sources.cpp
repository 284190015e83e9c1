#include "app/daemon/key_sources.hpp"

#include "adapter/source/list.hpp"

#include <algorithm>

namespace recoup::app {

std::vector<std::string> key_sources() {
    std::vector<std::string> names;
    for (auto const& source : source::all_sources()) {
        auto const kinds = source->secret_kinds();
        if (std::find(kinds.begin(), kinds.end(), "bearer") != kinds.end()) names.emplace_back(source->name());
    }
    return names;
}

}  // namespace recoup::app
