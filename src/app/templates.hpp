#pragma once
// The template port over files: the shipped templates, overlaid by those of a folder.

#include "core/template/document.hpp"
#include "recoup/port/template_engine.hpp"

#include <map>
#include <string>
#include <vector>

namespace recoup::app {

class FileTemplates final : public TemplateEngine {
public:
    /// Parses everything. `folder`: <name>.liquid files that replace or add to the shipped ones; empty = none.
    /// Errc::configuration names the file and line.
    static Result<FileTemplates> load(std::string const& folder = {});

    Result<Content> render(std::string_view template_name, Channel channel,
                           nlohmann::json const& variables) const override;

    bool exists(std::string_view template_name, Channel channel) const override;
    std::vector<std::string> names() const;

private:
    std::map<std::string, core::TemplateDocument, std::less<>> documents_;
};

}  // namespace recoup::app
