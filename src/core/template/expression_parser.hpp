#pragma once
// Reads what stands inside the braces: operands, filters, conditions.

#include "core/template/syntax.hpp"

#include <string>
#include <string_view>

namespace recoup::core::liquid {

/// Reads from left to right. The first fault sticks and everything after it reads as empty, so callers ask fault()
/// once at the end.
class ExpressionParser {
public:
    explicit ExpressionParser(std::string_view text) : text_(text) { advance(); }

    Operand operand();
    Expression expression();
    Condition condition();
    /// A variable or tag name; a fault when there is none.
    std::string identifier();
    /// Takes the next token when it is exactly `text`.
    bool take(std::string_view text);
    void expect(std::string_view text);
    void expect_end();
    bool at_end() const { return kind_ == Kind::end; }

    std::string const& fault() const { return fault_; }
    void fail(std::string message);

private:
    enum class Kind : unsigned char { end, name, string, integer, real, symbol };

    void advance();
    void advance_string();
    void advance_number();
    Path path();
    FilterCall filter();
    Comparison comparison();

    std::string_view text_;
    Kind kind_ = Kind::end;
    std::string token_;
    std::string fault_;
    int depth_ = 0;
};

}  // namespace recoup::core::liquid
