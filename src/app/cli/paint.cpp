#include "app/cli/paint.hpp"

namespace recoup::app {

Paint Paint::for_out(Context const& context) {
    return Paint(wanted(context, context.out_is_terminal));
}
Paint Paint::for_err(Context const& context) {
    return Paint(wanted(context, context.err_is_terminal));
}

bool Paint::wanted(Context const& context, bool terminal) {
    auto const value = [&](std::string const& name) {
        auto const found = context.environment.find(name);
        return found == context.environment.end() ? std::string{} : found->second;
    };
    switch (context.options.color) {
        case Color::always: return true;
        case Color::never: return false;
        case Color::automatic: return terminal && value("NO_COLOR").empty() && value("TERM") != "dumb";
    }
    return false;
}

std::string Paint::wrapped(std::string_view code, std::string_view text) const {
    if (!on_) return std::string(text);
    return "\033[" + std::string(code) + "m" + std::string(text) + "\033[0m";
}

}  // namespace recoup::app
