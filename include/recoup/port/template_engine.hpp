#pragma once
// Template port: names to content. Variables carry Shopify's names where it has one (see config/templates/README.md).

#include "recoup/domain/message.hpp"
#include "recoup/base/result.hpp"

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <string_view>

namespace recoup {

class TemplateEngine {
public:
    virtual ~TemplateEngine() = default;
    /// Thread-safe. Errc::not_found, Errc::invalid (with template and line), Errc::too_large.
    virtual Result<Content> render(std::string_view template_name, Channel channel,
                                   nlohmann::json const& variables) const = 0;
    /// There is a template of this name with what the channel needs.
    virtual bool exists(std::string_view template_name, Channel channel) const = 0;
};

}  // namespace recoup
