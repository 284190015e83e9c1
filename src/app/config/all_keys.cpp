#include "app/config/all_keys.hpp"

#include "app/config/keys.hpp"

namespace recoup::app {

std::vector<ConfigKey> const& all_keys() {
    static std::vector<ConfigKey> const keys = core_keys();
    return keys;
}

}  // namespace recoup::app
