#include "core/template/html_context.hpp"

namespace recoup::core::liquid {
namespace {

bool space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f'; }
char lowered(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

bool takes_url(std::string_view attribute) {
    return attribute == "href" || attribute == "src" || attribute == "action" || attribute == "background" ||
           attribute == "formaction" || attribute == "poster";
}

Error unsafe(std::string_view where) {
    return error(Errc::invalid, "an output may not stand " + std::string(where) +
                                    "; put it into text or a quoted attribute");
}

}  // namespace

void HtmlContext::feed(std::string_view literal) {
    for (char const c : literal) feed(lowered(c));
}

void HtmlContext::end_tag() {
    state_ = tag_ == "script" || tag_ == "style" || tag_ == "textarea" || tag_ == "title" ? State::raw : State::text;
    if (tag_ == "title" || tag_ == "textarea") state_ = State::text;  // entities work there
    recent_.clear();
}

bool HtmlContext::raw_ends_here() const { return recent_.ends_with("</" + tag_ + ">"); }

void HtmlContext::feed(char c) {
    recent_ = recent_.size() > 16 ? recent_.substr(1) + c : recent_ + c;
    switch (state_) {
        case State::text:
            if (c == '<') {
                state_ = State::tag_name;
                tag_.clear();
            }
            break;
        case State::tag_name:
            if (c == '>') end_tag();
            else if (space(c)) state_ = State::tag;
            else tag_ += c;
            if (tag_ == "!--") state_ = State::comment;
            break;
        case State::comment:
            if (recent_.ends_with("-->")) state_ = State::text;
            break;
        case State::tag:
            if (c == '>') end_tag();
            else if (!space(c) && c != '/') {
                state_ = State::attribute_name;
                attribute_ = c;
            }
            break;
        case State::attribute_name:
            if (c == '>') end_tag();
            else if (c == '=') state_ = State::after_equals;
            else if (space(c)) state_ = State::tag;
            else attribute_ += c;
            break;
        case State::after_equals:
            if (c == '>') end_tag();
            else if (c == '"' || c == '\'') {
                state_ = State::quoted;
                quote_ = c;
                value_started_ = false;
            } else if (!space(c)) state_ = State::unquoted;
            break;
        case State::quoted:
            if (c == quote_) state_ = State::tag;
            else value_started_ = true;
            break;
        case State::unquoted:
            if (c == '>') end_tag();
            else if (space(c)) state_ = State::tag;
            break;
        case State::raw:
            if (raw_ends_here()) state_ = State::text;
            break;
    }
}

Result<Context> HtmlContext::output_here() {
    switch (state_) {
        case State::text: return Context::html;
        case State::tag_name:
        case State::tag:
        case State::attribute_name: return unsafe("inside a tag");
        case State::after_equals:
        case State::unquoted: return unsafe("in an attribute without quotes");
        case State::comment: return unsafe("in an HTML comment");
        case State::raw: return unsafe("in script or style");
        case State::quoted: break;
    }
    if (attribute_.starts_with("on") || attribute_ == "style" || attribute_ == "srcdoc" || attribute_ == "srcset")
        return unsafe("in the attribute " + attribute_);
    bool const first = !value_started_;
    value_started_ = true;
    return first && takes_url(attribute_) ? Context::url_start : Context::html;
}

}  // namespace recoup::core::liquid
