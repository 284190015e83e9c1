#pragma once
// A Liquid template: parsed once, rendered often. The subset is documented in config/templates/README.md.

#include "core/template/parser.hpp"
#include "recoup/base/result.hpp"

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <string_view>

namespace recoup::core {

/// Immutable, so thread-safe.
class LiquidTemplate {
public:
    enum class Escape : unsigned char { none, html };

    /// Errc::invalid, "line 3: what is wrong"; Errc::too_large past limits::rendered_bytes of source.
    static Result<LiquidTemplate> parse(std::string_view source, Escape escape, liquid::Partials const& partials = {});

    /// Errc::too_large, Errc::invalid; see renderer.hpp.
    Result<std::string> render(nlohmann::json const& variables) const;

private:
    LiquidTemplate(liquid::Block block, Escape escape) : block_(std::move(block)), escape_(escape) {}

    liquid::Block block_;
    Escape escape_;
};

}  // namespace recoup::core
