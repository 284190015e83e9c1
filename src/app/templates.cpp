#include "app/templates.hpp"

#include "app/embedded.hpp"

#include <nlohmann/json.hpp>

#include <filesystem>
#include <fstream>
#include <sstream>

namespace recoup::app {
namespace {

namespace fs = std::filesystem;

struct SourceFile {
    std::string place;    // for messages: the path, or the shipped file's name
    std::string text;
};
using SourceFiles = std::map<std::string, SourceFile, std::less<>>;

Result<void> read_folder(std::string const& folder, SourceFiles& files) {
    std::error_code fault;
    for (auto it = fs::directory_iterator(folder, fault); !fault && it != fs::directory_iterator(); it.increment(fault)) {
        auto const& path = it->path();
        if (path.extension() != ".liquid") continue;
        std::ifstream in(path, std::ios::binary);
        std::ostringstream text;
        text << in.rdbuf();
        if (!in) return error(Errc::configuration, path.string() + ": cannot be read");
        files[path.stem().string()] = {path.string(), text.str()};
    }
    if (fault) return error(Errc::configuration, "template folder " + folder + ": " + fault.message());
    return {};
}

}  // namespace

Result<FileTemplates> FileTemplates::load(std::string const& folder) {
    SourceFiles files;
    for (auto const& file : embedded_templates())
        files[std::string(file.name)] = {std::string(file.name) + ".liquid", std::string(file.text)};
    if (!folder.empty())
        if (auto const read = read_folder(folder, files); !read) return read.error();

    FileTemplates templates;
    for (auto const& [name, file] : files) {
        if (name.starts_with('_')) continue;  // partials are read where they are included
        auto const dot = name.find('.');
        auto const language = dot == name.npos ? std::string{} : name.substr(dot);
        // A template in a language takes partials in it, where there are such.
        auto const partials = [&](std::string_view partial) -> std::optional<std::string> {
            if (!partial.starts_with('_')) return std::nullopt;
            auto found = files.find(std::string(partial) + language);
            if (found == files.end()) found = files.find(partial);
            return found == files.end() ? std::nullopt : std::optional(found->second.text);
        };
        auto document = core::TemplateDocument::parse(file.text, partials);
        if (!document) return error(Errc::configuration, file.place + ": " + document.error().message);
        templates.documents_.emplace(name, std::move(*document));
    }
    return templates;
}

Result<Content> FileTemplates::render(std::string_view template_name, Channel channel,
                                      nlohmann::json const& variables) const {
    auto const found = documents_.find(template_name);
    if (found == documents_.end()) return error(Errc::not_found, "there is no template '" + std::string(template_name) + "'");
    auto content = found->second.render(channel, variables);
    if (!content) return error(content.error().code, std::string(template_name) + ": " + content.error().message);
    return content;
}

bool FileTemplates::exists(std::string_view template_name, Channel channel) const {
    auto const found = documents_.find(template_name);
    return found != documents_.end() && found->second.serves(channel);
}

std::vector<std::string> FileTemplates::names() const {
    std::vector<std::string> out;
    for (auto const& [name, document] : documents_) out.push_back(name);
    return out;
}

}  // namespace recoup::app
