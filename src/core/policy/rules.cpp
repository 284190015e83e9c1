#include "core/policy/rules.hpp"

#include <algorithm>

namespace recoup::core {

std::string rule_text(std::string_view id) {
    std::string text(id);
    if (text.find('.') == std::string::npos) std::replace(text.begin(), text.end(), '_', ' ');
    return text;
}

}  // namespace recoup::core
