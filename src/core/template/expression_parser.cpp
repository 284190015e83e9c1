#include "core/template/expression_parser.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>

namespace recoup::core::liquid {
namespace {

constexpr int bracket_depth_limit = 16;

bool name_start(char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_'; }
bool name_part(char c) { return name_start(c) || std::isdigit(static_cast<unsigned char>(c)) != 0 || c == '-'; }
bool digit(char c) { return c >= '0' && c <= '9'; }

struct OperatorName {
    std::string_view text;
    Operator op;
};
constexpr std::array operators{
    OperatorName{"==", Operator::equal},       OperatorName{"!=", Operator::unequal},
    OperatorName{"<=", Operator::less_equal},  OperatorName{">=", Operator::greater_equal},
    OperatorName{"<", Operator::less},         OperatorName{">", Operator::greater},
    OperatorName{"contains", Operator::contains},
};

}  // namespace

void ExpressionParser::fail(std::string message) {
    if (fault_.empty()) fault_ = std::move(message);
    kind_ = Kind::end;
    text_ = {};
    token_.clear();
}

void ExpressionParser::advance() {
    auto const from = text_.find_first_not_of(" \t\r\n");
    text_ = from == text_.npos ? std::string_view() : text_.substr(from);
    token_.clear();
    kind_ = Kind::end;
    if (text_.empty()) return;
    char const c = text_.front();
    if (c == '"' || c == '\'') return advance_string();
    if (digit(c) || (c == '-' && text_.size() > 1 && digit(text_[1]))) return advance_number();
    std::size_t size = 1;
    if (name_start(c)) {
        kind_ = Kind::name;
        while (size < text_.size() && name_part(text_[size])) ++size;
    } else {
        kind_ = Kind::symbol;
        for (std::string_view const two : {"==", "!=", "<=", ">=", ".."})
            if (text_.starts_with(two)) size = 2;
        if (size == 1 && std::string_view("|:,.[]()<>=").find(c) == std::string_view::npos)
            return fail(std::string("unexpected '") + c + "'");
    }
    token_ = text_.substr(0, size);
    text_.remove_prefix(size);
}

void ExpressionParser::advance_string() {
    auto const close = text_.find(text_.front(), 1);
    if (close == text_.npos) return fail("a quote is not closed");
    kind_ = Kind::string;
    token_ = text_.substr(1, close - 1);
    text_.remove_prefix(close + 1);
}

void ExpressionParser::advance_number() {
    std::size_t size = 1;
    kind_ = Kind::integer;
    while (size < text_.size() && digit(text_[size])) ++size;
    if (size + 1 < text_.size() && text_[size] == '.' && digit(text_[size + 1])) {
        kind_ = Kind::real;
        ++size;
        while (size < text_.size() && digit(text_[size])) ++size;
    }
    token_ = text_.substr(0, size);
    text_.remove_prefix(size);
}

bool ExpressionParser::take(std::string_view text) {
    if ((kind_ != Kind::symbol && kind_ != Kind::name) || token_ != text) return false;
    advance();
    return true;
}

void ExpressionParser::expect(std::string_view text) {
    if (!take(text)) fail("expected '" + std::string(text) + "'" + (at_end() ? "" : " instead of '" + token_ + "'"));
}

void ExpressionParser::expect_end() {
    if (!at_end()) fail("unexpected '" + token_ + "'");
}

std::string ExpressionParser::identifier() {
    if (kind_ != Kind::name) {
        fail("expected a name" + (at_end() ? std::string() : " instead of '" + token_ + "'"));
        return {};
    }
    auto name = token_;
    advance();
    return name;
}

Path ExpressionParser::path() {
    Path path{identifier(), {}};
    for (;;) {
        if (take(".")) {
            path.members.push_back({identifier(), {}});
        } else if (take("[")) {
            path.members.push_back(operand());
            expect("]");
        } else {
            return path;
        }
    }
}

Operand ExpressionParser::operand() {
    if (++depth_ > bracket_depth_limit) fail("brackets are nested too deeply");
    Operand result;
    if (kind_ == Kind::string) {
        result.literal = token_;
        advance();
    } else if (kind_ == Kind::integer) {
        std::int64_t number = 0;
        if (std::from_chars(token_.data(), token_.data() + token_.size(), number).ec != std::errc{})
            fail("the number '" + token_ + "' is too large");
        result.literal = number;
        advance();
    } else if (kind_ == Kind::real) {
        double number = 0;
        std::from_chars(token_.data(), token_.data() + token_.size(), number);
        result.literal = number;
        advance();
    } else if (take("true")) {
        result.literal = true;
    } else if (take("false")) {
        result.literal = false;
    } else if (!take("nil") && !take("null")) {
        if (at_end()) fail("expected a value");
        result.path.push_back(path());
    }
    --depth_;
    return result;
}

FilterCall ExpressionParser::filter() {
    auto const name = identifier();
    auto const* known = find_filter(name);
    if (known == nullptr) {
        fail("unknown filter '" + name + "'; there are " + filter_names());
        return {};
    }
    FilterCall call{known->apply, {}};
    if (take(":")) {
        do call.arguments.push_back(operand());
        while (take(","));
        if (take(":")) fail("the filter '" + name + "' takes no named arguments");
    }
    if (call.arguments.size() < known->min_arguments || call.arguments.size() > known->max_arguments)
        fail("the filter '" + name + "' takes " + std::to_string(known->max_arguments) + " arguments");
    return call;
}

Expression ExpressionParser::expression() {
    Expression result{operand(), {}};
    while (take("|")) result.filters.push_back(filter());
    return result;
}

Comparison ExpressionParser::comparison() {
    Comparison result;
    result.left = operand();
    for (auto const& [text, op] : operators) {
        if (!take(text)) continue;
        result.op = op;
        if (take("empty")) result.special = Comparison::Special::empty;
        else if (take("blank")) result.special = Comparison::Special::blank;
        else result.right = operand();
        if (result.special != Comparison::Special::none && op != Operator::equal && op != Operator::unequal)
            fail("empty and blank compare with == and != only");
        break;
    }
    return result;
}

Condition ExpressionParser::condition() {
    Condition result;
    for (;;) {
        result.push_back(comparison());
        if (take("and")) result.back().and_next = true;
        else if (!take("or")) return result;
    }
}

}  // namespace recoup::core::liquid
