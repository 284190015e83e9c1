#include "core/template/document.hpp"

#include "core/sms/segments.hpp"
#include "core/template/variables.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>

namespace recoup::core {
namespace {

constexpr std::size_t sms_segments = 2;
constexpr std::size_t subject_limit = 200;

struct Section {
    std::string name;
    std::string source;    // led by as many line ends as stand before it, so that its lines count as the file's
};

std::string trimmed(std::string const& text) {
    auto const from = text.find_first_not_of(" \t\r\n");
    if (from == std::string::npos) return {};
    return text.substr(from, text.find_last_not_of(" \t\r\n") - from + 1);
}

Result<std::vector<Section>> sections_of(std::string_view source) {
    std::vector<Section> sections;
    for (std::size_t line = 1; !source.empty(); ++line) {
        auto const size = std::min(source.find('\n'), source.size() - 1) + 1;
        auto const text = source.substr(0, size);
        source.remove_prefix(size);
        if (text.starts_with("--- ")) {
            auto name = trimmed(std::string(text.substr(4)));
            bool const twice = std::any_of(sections.begin(), sections.end(), [&](auto const& s) { return s.name == name; });
            if (twice) return error(Errc::invalid, "line " + std::to_string(line) + ": a second section " + name);
            sections.push_back({std::move(name), std::string(line, '\n')});
        } else if (!sections.empty()) {
            sections.back().source += text;
        }  // what stands before the first section is a comment
    }
    return sections;
}

Result<std::string> render_trimmed(LiquidTemplate const& part, nlohmann::json const& variables) {
    auto text = part.render(variables);
    return text ? Result<std::string>(trimmed(*text)) : text;
}

}  // namespace

Result<TemplateDocument> TemplateDocument::parse(std::string_view source, liquid::Partials const& partials) {
    auto const sections = sections_of(source);
    if (!sections) return sections.error();
    TemplateDocument document;
    std::map<std::string, std::optional<LiquidTemplate>*, std::less<>> const parts{{"subject", &document.subject_},
                                                                                   {"text", &document.text_},
                                                                                   {"short", &document.short_text_},
                                                                                   {"html", &document.html_}};
    for (auto const& section : *sections) {
        auto const part = parts.find(section.name);
        if (part == parts.end())
            return error(Errc::invalid, "unknown section '" + section.name + "'; there are subject, text, short, html");
        auto const escape = section.name == "html" ? LiquidTemplate::Escape::html : LiquidTemplate::Escape::none;
        auto parsed = LiquidTemplate::parse(section.source, escape, partials);
        if (!parsed) return parsed.error();
        *part->second = std::move(*parsed);
    }
    if (!document.text_) return error(Errc::invalid, "the section '--- text' is missing; every message has one");
    return document;
}

bool TemplateDocument::serves(Channel channel) const {
    switch (channel) {
        case Channel::email: return subject_ && html_;
        case Channel::sms: return !subject_ && !html_;
        case Channel::push: return !html_;
        case Channel::ads: return false;
    }
    return false;
}

Result<Content> TemplateDocument::render(Channel channel, nlohmann::json const& variables) const {
    if (!serves(channel)) return error(Errc::not_found, "the template has no parts for " + std::string(name(channel)));
    if (channel == Channel::sms) return render_sms(variables);
    Content content;
    auto text = render_trimmed(*text_, variables);
    if (!text) return text.error();
    content.text = std::move(*text);
    if (subject_) {
        auto const subject = subject_->render(variables);
        if (!subject) return subject.error();
        content.subject = clean_text(*subject, subject_limit);
    }
    if (html_) {
        auto html = render_trimmed(*html_, variables);
        if (!html) return html.error();
        content.html = std::move(*html);
    }
    return content;
}

Result<Content> TemplateDocument::render_sms(nlohmann::json const& variables) const {
    for (auto const* part : {&text_, &short_text_}) {
        if (!*part) continue;
        auto const rendered = (*part)->render(variables);
        if (!rendered) return rendered.error();
        auto text = sms_text(*rendered);
        if (sms_length(text).segments <= sms_segments) return Content{{}, std::move(text), {}};
    }
    return error(Errc::too_large, "the SMS needs more than two segments; shorten it or add a '--- short' section");
}

}  // namespace recoup::core
