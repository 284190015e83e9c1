#pragma once
// The parsed form of a template. Values only; parser.cpp makes it, renderer.cpp walks it.

#include "core/template/filters.hpp"
#include "core/template/value.hpp"

#include <string>
#include <variant>
#include <vector>

namespace recoup::core::liquid {

struct Path;

/// A literal (`path` empty) or a variable.
struct Operand {
    Value literal;
    std::vector<Path> path;   // none or one; a vector because Path holds operands
};

struct Path {
    std::string root;
    std::vector<Operand> members;
};

struct FilterCall {
    FilterFunction apply = nullptr;
    std::vector<Operand> arguments;
};

struct Expression {
    Operand value;
    std::vector<FilterCall> filters;
};

enum class Operator : unsigned char { truth, equal, unequal, less, greater, less_equal, greater_equal, contains };

struct Comparison {
    Operand left, right;
    Operator op = Operator::truth;
    enum class Special : unsigned char { none, empty, blank } special = Special::none;  // right is `empty` or `blank`
    bool and_next = false;    // how it joins what follows; Liquid reads conditions from the right, without precedence
};

using Condition = std::vector<Comparison>;

/// Where an output stands decides how it is escaped.
enum class Context : unsigned char { plain, html, url_start };

struct Node;
using Block = std::vector<Node>;

struct Literal {
    std::string text;
};
struct Output {
    Expression expression;
    Context context = Context::plain;
};
struct Assign {
    std::string name;
    Expression expression;
};
struct Branch {
    Condition condition;      // empty = else
    bool negated = false;     // unless
    Block block;
};
struct If {
    std::vector<Branch> branches;
};
struct When {
    std::vector<Operand> values;   // empty = else
    Block block;
};
struct Case {
    Operand subject;
    std::vector<When> whens;
};
struct For {
    std::string variable;
    Operand list, range_first, range_last;
    bool is_range = false;
    bool reversed = false;
    std::vector<Operand> limit, offset;  // none or one
    Block body, otherwise;
};
enum class Jump : unsigned char { next, break_loop };

struct Node {
    int line = 0;
    std::variant<Literal, Output, Assign, If, Case, For, Jump> what;
};

}  // namespace recoup::core::liquid
