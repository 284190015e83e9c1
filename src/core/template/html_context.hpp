#pragma once
// Follows literal HTML far enough to know where an output stands. Branches are read in the order of the source, so
// each must leave the page as it found it (open what it closes), which good templates do anyway.

#include "core/template/syntax.hpp"
#include "recoup/base/result.hpp"

#include <string>
#include <string_view>

namespace recoup::core::liquid {

class HtmlContext {
public:
    void feed(std::string_view literal);
    /// Text or a quoted attribute: html. The first thing of an href, src or action: url_start. Errc::invalid where
    /// escaping cannot make a value safe: inside a tag, unquoted, in script, style, an event handler or a comment.
    Result<Context> output_here();

private:
    enum class State : unsigned char { text, tag_name, tag, attribute_name, after_equals, quoted, unquoted, comment, raw };

    void feed(char c);
    void end_tag();
    bool raw_ends_here() const;

    State state_ = State::text;
    std::string tag_, attribute_, recent_;
    char quote_ = 0;
    bool value_started_ = false;
};

}  // namespace recoup::core::liquid
