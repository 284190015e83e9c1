#include "core/template/liquid_template.hpp"

#include "core/template/renderer.hpp"
#include "recoup/base/limits.hpp"

namespace recoup::core {

Result<LiquidTemplate> LiquidTemplate::parse(std::string_view source, Escape escape,
                                             liquid::Partials const& partials) {
    if (source.size() > limits::rendered_bytes) return error(Errc::too_large, "the template is too large");
    auto block = liquid::parse(source, escape == Escape::html, partials);
    if (!block) return block.error();
    return LiquidTemplate(std::move(*block), escape);
}

Result<std::string> LiquidTemplate::render(nlohmann::json const& variables) const {
    return liquid::render(block_, variables, escape_ == Escape::html);
}

}  // namespace recoup::core
