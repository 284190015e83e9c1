#pragma once
// One template file: sections for the parts of a message, each Liquid (format: config/templates/README.md).

#include "core/template/liquid_template.hpp"
#include "recoup/domain/message.hpp"

#include <optional>
#include <string_view>

namespace recoup::core {

/// Immutable, so thread-safe.
class TemplateDocument {
public:
    /// Errc::invalid, "line 3: what is wrong".
    static Result<TemplateDocument> parse(std::string_view source, liquid::Partials const& partials = {});

    /// Email needs subject, text and html; the others text.
    bool serves(Channel channel) const;
    /// Errc::not_found when it does not serve the channel; Errc::too_large when an SMS stays over two segments, also
    /// with its short text; else as LiquidTemplate::render.
    Result<Content> render(Channel channel, nlohmann::json const& variables) const;

private:
    Result<Content> render_sms(nlohmann::json const& variables) const;

    std::optional<LiquidTemplate> subject_, text_, short_text_, html_;
};

}  // namespace recoup::core
