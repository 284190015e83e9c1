#include "adapter/postgres/statement.hpp"

namespace recoup::postgres {

std::string json_parameter(Json const& json) {
    auto const text = core::dump(json);
    if (text.find("\\u0000") == std::string::npos) return text;
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '\\') {
            out += text[i];
        } else if (text.compare(i, 6, "\\u0000") == 0) {
            i += 5;
        } else {
            out += text[i];
            out += text[++i];
        }
    }
    return out;
}

}  // namespace recoup::postgres
