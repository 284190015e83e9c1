#pragma once
// Liquid's filters, as far as messages need them. None reads files, the environment, the network or a clock.

#include "core/template/value.hpp"
#include "recoup/base/result.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace recoup::core::liquid {

struct FilterContext {
    std::string currency;      // of the cart, for `money`
    bool html = false;         // output is escaped anyway: `escape` then does nothing, so nothing is escaped twice
};

/// A value or a fault. Not a Result, because JSON converts itself into too much for one.
struct Filtered {
    Filtered(Value value_) : value(std::move(value_)) {}
    Filtered(Error fault_) : fault(std::move(fault_)) {}

    Value value;
    std::optional<Error> fault;
};

/// Errc::too_large when the result would pass limits::rendered_bytes, Errc::invalid when a number leaves 64 bits.
using FilterFunction = Filtered (*)(Value const& input, std::span<Value const> arguments, FilterContext const&);

struct Filter {
    std::string_view name;
    std::size_t min_arguments = 0, max_arguments = 0;
    FilterFunction apply = nullptr;
};

/// nullptr when there is none of that name.
Filter const* find_filter(std::string_view name);
/// For error messages: "append, capitalize, ...".
std::string filter_names();

/// & < > " ' as entities: safe between tags and inside a quoted attribute.
std::string escape_html(std::string_view text);

}  // namespace recoup::core::liquid
