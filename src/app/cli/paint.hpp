#pragma once
// Colour for people: only where one watches, unless told otherwise (https://no-color.org).

#include "app/cli/context.hpp"

#include <string>
#include <string_view>

namespace recoup::app {

class Paint {
public:
    static Paint for_out(Context const& context);
    static Paint for_err(Context const& context);

    std::string good(std::string_view text) const { return wrapped("32", text); }
    std::string bad(std::string_view text) const { return wrapped("31", text); }
    std::string strong(std::string_view text) const { return wrapped("1", text); }
    std::string faint(std::string_view text) const { return wrapped("2", text); }

private:
    explicit Paint(bool on) : on_(on) {}
    static bool wanted(Context const& context, bool terminal);
    std::string wrapped(std::string_view code, std::string_view text) const;

    bool on_;
};

}  // namespace recoup::app
