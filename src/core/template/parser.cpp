#include "core/template/parser.hpp"

#include "core/template/expression_parser.hpp"
#include "core/template/html_context.hpp"
#include "core/template/segments.hpp"

#include <algorithm>
#include <initializer_list>
#include <iterator>
#include <utility>

namespace recoup::core::liquid {
namespace {

constexpr int block_depth_limit = 32;

class Parser {
public:
    Parser(std::vector<Segment> segments, bool html, Partials const& partials)
        : segments_(std::move(segments)), html_(html), partials_(partials) {}

    Result<Block> parse() {
        auto block = parse_block({});
        if (!fault_.empty()) return error(Errc::invalid, fault_);
        return block;
    }

private:
    using Ends = std::initializer_list<std::string_view>;

    bool failed() const { return !fault_.empty(); }
    void fail(int line, std::string const& what) {
        if (!failed()) fault_ = place_ + "line " + std::to_string(line) + ": " + what;
    }
    /// Reports what a finished expression found wrong.
    void check(ExpressionParser& reader, int line) {
        reader.expect_end();
        if (!reader.fault().empty()) fail(line, reader.fault());
    }
    static std::string_view first_word(Segment const& segment) {
        return std::string_view(segment.text).substr(0, segment.text.find_first_of(" \t\r\n"));
    }
    static std::string_view rest(Segment const& segment) {
        return std::string_view(segment.text).substr(first_word(segment).size());
    }

    /// Until one of `ends`, which stays the current segment; or to the end of the template when there are none.
    Block parse_block(Ends ends) {
        Block block;
        int const opened = at_ == 0 ? 1 : segments_[at_ - 1].line;
        if (++depth_ > block_depth_limit) fail(opened, "blocks are nested too deeply");
        while (!failed() && at_ < segments_.size()) {
            auto const segment = segments_[at_];
            if (segment.kind == Segment::Kind::tag && std::find(ends.begin(), ends.end(), first_word(segment)) != ends.end())
                break;
            ++at_;
            parse_segment(segment, block);
        }
        --depth_;
        if (!failed() && ends.size() > 0 && at_ == segments_.size())
            fail(opened, "the block is not closed with " + std::string(*(ends.end() - 1)));
        return block;
    }

    void parse_segment(Segment const& segment, Block& block) {
        switch (segment.kind) {
            case Segment::Kind::text:
                context_.feed(segment.text);
                block.push_back({segment.line, Literal{segment.text}});
                return;
            case Segment::Kind::output: return parse_output(segment, block);
            case Segment::Kind::tag: return parse_tag(segment, block);
        }
    }

    void parse_output(Segment const& segment, Block& block) {
        ExpressionParser reader(segment.text);
        Output output{reader.expression(), Context::plain};
        check(reader, segment.line);
        if (html_) {
            auto const context = context_.output_here();
            if (!context) return fail(segment.line, context.error().message);
            output.context = *context;
        }
        block.push_back({segment.line, std::move(output)});
    }

    void parse_tag(Segment const& segment, Block& block) {
        auto const word = first_word(segment);
        if (word == "if" || word == "unless") return parse_if(segment, block);
        if (word == "case") return parse_case(segment, block);
        if (word == "for") return parse_for(segment, block);
        if (word == "include") return parse_include(segment, block);
        if (word == "assign") return parse_assign(segment, block);
        if (word == "break" || word == "continue") {
            if (loops_ == 0) return fail(segment.line, std::string(word) + " stands outside of a for");
            block.push_back({segment.line, word == "break" ? Jump::break_loop : Jump::next});
            return;
        }
        fail(segment.line, "unknown tag '" + std::string(word) +
                               "'; there are assign, break, case, comment, continue, for, if, include, raw, unless");
    }

    void parse_assign(Segment const& segment, Block& block) {
        ExpressionParser reader(rest(segment));
        Assign assign{reader.identifier(), {}};
        reader.expect("=");
        assign.expression = reader.expression();
        check(reader, segment.line);
        block.push_back({segment.line, std::move(assign)});
    }

    /// Reads the partial in place: it sees the same variables and continues the same HTML.
    void parse_include(Segment const& segment, Block& block) {
        ExpressionParser reader(rest(segment));
        auto const name = to_text(reader.operand().literal);
        check(reader, segment.line);
        if (failed()) return;
        auto const source = partials_ ? partials_(name) : std::nullopt;
        if (!source) return fail(segment.line, "there is no partial '" + name + "'");
        if (++depth_ > block_depth_limit) return fail(segment.line, "a partial includes itself");
        auto segments = cut(*source);
        if (!segments) return fail(segment.line, "in " + name + ": " + segments.error().message);
        auto outer_segments = std::exchange(segments_, std::move(*segments));
        auto const outer_at = std::exchange(at_, 0);
        auto const outer_loops = std::exchange(loops_, 0);
        auto const outer_place = std::exchange(place_, "in " + name + ", ");
        auto inner = parse_block({});
        std::move(inner.begin(), inner.end(), std::back_inserter(block));
        segments_ = std::move(outer_segments);
        at_ = outer_at;
        loops_ = outer_loops;
        place_ = outer_place;
        --depth_;
    }

    void parse_if(Segment const& segment, Block& block) {
        bool const unless = first_word(segment) == "unless";
        std::string_view const end = unless ? "endunless" : "endif";
        If tag;
        tag.branches.push_back({condition(segment), unless, {}});
        tag.branches.back().block = parse_block({"elsif", "else", end});
        while (!failed()) {
            auto const& next = segments_[at_++];
            if (first_word(next) == end) break;
            bool const otherwise = first_word(next) == "else";
            tag.branches.push_back({otherwise ? Condition{} : condition(next), false, {}});
            tag.branches.back().block = otherwise ? parse_block({end}) : parse_block({"elsif", "else", end});
        }
        block.push_back({segment.line, std::move(tag)});
    }

    Condition condition(Segment const& segment) {
        ExpressionParser reader(rest(segment));
        auto result = reader.condition();
        check(reader, segment.line);
        return result;
    }

    void parse_case(Segment const& segment, Block& block) {
        ExpressionParser reader(rest(segment));
        Case tag{reader.operand(), {}};
        check(reader, segment.line);
        parse_block({"when", "else", "endcase"});  // what stands before the first when is never shown
        while (!failed()) {
            auto const& next = segments_[at_++];
            if (first_word(next) == "endcase") break;
            tag.whens.push_back({first_word(next) == "when" ? when_values(next) : std::vector<Operand>{}, {}});
            tag.whens.back().block = parse_block({"when", "else", "endcase"});
        }
        block.push_back({segment.line, std::move(tag)});
    }

    std::vector<Operand> when_values(Segment const& segment) {
        ExpressionParser reader(rest(segment));
        std::vector<Operand> values;
        do values.push_back(reader.operand());
        while (reader.take(",") || reader.take("or"));
        check(reader, segment.line);
        return values;
    }

    void parse_for(Segment const& segment, Block& block) {
        For tag;
        ExpressionParser reader(rest(segment));
        tag.variable = reader.identifier();
        reader.expect("in");
        if (reader.take("(")) {
            tag.is_range = true;
            tag.range_first = reader.operand();
            reader.expect("..");
            tag.range_last = reader.operand();
            reader.expect(")");
        } else {
            tag.list = reader.operand();
        }
        parse_for_options(reader, tag);
        check(reader, segment.line);
        ++loops_;
        tag.body = parse_block({"else", "endfor"});
        --loops_;
        if (!failed() && first_word(segments_[at_]) == "else") {
            ++at_;
            tag.otherwise = parse_block({"endfor"});
        }
        ++at_;
        block.push_back({segment.line, std::move(tag)});
    }

    static void parse_for_options(ExpressionParser& reader, For& tag) {
        for (;;) {
            if (reader.take("reversed")) {
                tag.reversed = true;
            } else if (reader.take("limit")) {
                reader.expect(":");
                tag.limit = {reader.operand()};
            } else if (reader.take("offset")) {
                reader.expect(":");
                tag.offset = {reader.operand()};
            } else {
                return;
            }
        }
    }

    std::vector<Segment> segments_;
    bool html_;
    std::size_t at_ = 0;
    int depth_ = 0, loops_ = 0;
    HtmlContext context_;
    Partials const& partials_;
    std::string place_;      // "in _head, " inside a partial
    std::string fault_;
};

}  // namespace

Result<Block> parse(std::string_view source, bool html, Partials const& partials) {
    auto segments = cut(source);
    if (!segments) return segments.error();
    return Parser(std::move(*segments), html, partials).parse();
}

}  // namespace recoup::core::liquid
