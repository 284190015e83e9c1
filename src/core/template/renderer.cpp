#include "core/template/renderer.hpp"

#include "recoup/base/limits.hpp"

#include <algorithm>
#include <span>
#include <utility>

namespace recoup::core::liquid {
namespace {

constexpr std::size_t turn_limit = 10000;

/// The scheme decides what a link does when clicked: only these two, and mail.
bool safe_url(std::string_view url) {
    return url.starts_with("https://") || url.starts_with("http://") || url.starts_with("mailto:");
}

std::string_view currency_of(Value const& variables) {
    for (auto const* owner : {"cart", "checkout", "payment", "shop"}) {
        auto const found = variables.find(owner);
        if (found == variables.end() || !found->is_object()) continue;
        auto const currency = found->find("currency");
        if (currency != found->end() && currency->is_string() && *currency != "")
            return currency->get_ref<std::string const&>();
    }
    return {};
}

class Renderer {
public:
    Renderer(Value const& variables, bool html) : variables_(variables) {
        context_.html = html;
        if (variables.is_object()) context_.currency = currency_of(variables);
    }

    Result<std::string> run(Block const& block) {
        walk(block);
        if (failed_) return fault_;
        return std::move(out_);
    }

private:
    enum class Flow : unsigned char { on, next, end };

    Flow fail(Error fault) {
        if (!failed_) fault_ = error(fault.code, "line " + std::to_string(line_) + ": " + fault.message);
        failed_ = true;
        return Flow::end;
    }

    Flow write(std::string_view text) {
        if (out_.size() + text.size() > limits::rendered_bytes)
            return fail(error(Errc::too_large, "the message is over " + std::to_string(limits::rendered_bytes) + " bytes"));
        out_ += text;
        return Flow::on;
    }

    Flow walk(Block const& block) {
        for (auto const& node : block) {
            line_ = node.line;
            auto const flow = std::visit([this](auto const& what) { return show(what); }, node.what);
            if (failed_ || flow != Flow::on) return failed_ ? Flow::end : flow;
        }
        return Flow::on;
    }

    Flow show(Literal const& literal) { return write(literal.text); }
    Flow show(Jump jump) { return jump == Jump::next ? Flow::next : Flow::end; }

    Flow show(Output const& output) {
        auto const value = evaluate(output.expression);
        if (failed_) return Flow::end;
        auto const text = to_text(value);
        switch (output.context) {
            case Context::plain: return write(text);
            case Context::html: return write(escape_html(text));
            case Context::url_start: return write(safe_url(text) ? escape_html(text) : "#");
        }
        return Flow::on;
    }

    Flow show(Assign const& assign) {
        auto value = evaluate(assign.expression);
        if (!failed_) local(assign.name) = std::move(value);
        return Flow::on;
    }

    Flow show(If const& tag) {
        for (auto const& branch : tag.branches)
            if (branch.condition.empty() || holds(branch.condition) != branch.negated) return walk(branch.block);
        return Flow::on;
    }

    Flow show(Case const& tag) {
        auto const subject = value_of(tag.subject);
        for (auto const& when : tag.whens) {
            bool const hit = std::any_of(when.values.begin(), when.values.end(), [&](Operand const& candidate) {
                return equal(subject, value_of(candidate));
            });
            if (hit || when.values.empty()) return walk(when.block);
        }
        return Flow::on;
    }

    Flow show(For const& tag) {
        auto items = items_of(tag);
        if (failed_) return Flow::end;
        if (items.empty()) return walk(tag.otherwise);
        auto const scope = locals_.size();
        auto flow = Flow::on;
        for (std::size_t i = 0; i < items.size() && flow != Flow::end; ++i) {
            if (++turns_ > turn_limit) return fail(error(Errc::too_large, "too many loop turns"));
            auto const count = items.size();
            locals_.resize(scope);
            locals_.emplace_back(tag.variable, std::move(items[i]));
            locals_.emplace_back("forloop", Value{{"index", i + 1}, {"index0", i}, {"rindex", count - i},
                                                  {"length", count}, {"first", i == 0}, {"last", i + 1 == count}});
            flow = walk(tag.body);
        }
        locals_.resize(scope);
        return failed_ ? Flow::end : Flow::on;
    }

    std::vector<Value> items_of(For const& tag) {
        std::vector<Value> items;
        if (tag.is_range) {
            auto const first = to_integer(value_of(tag.range_first));
            auto const last = to_integer(value_of(tag.range_last));
            if (last >= first && static_cast<std::uint64_t>(last) - static_cast<std::uint64_t>(first) >= turn_limit) {
                fail(error(Errc::too_large, "the range is too long"));
                return items;
            }
            for (auto number = first; number <= last; ++number) items.emplace_back(number);
        } else {
            auto const list = value_of(tag.list);
            if (list.is_array()) items.assign(list.begin(), list.end());
        }
        auto const size = static_cast<std::int64_t>(items.size());
        if (!tag.offset.empty())
            items.erase(items.begin(), items.begin() + std::clamp<std::int64_t>(to_integer(value_of(tag.offset[0])), 0, size));
        if (!tag.limit.empty()) {
            auto const limit = static_cast<std::size_t>(std::max<std::int64_t>(to_integer(value_of(tag.limit[0])), 0));
            if (items.size() > limit) items.resize(limit);
        }
        if (tag.reversed) std::reverse(items.begin(), items.end());
        return items;
    }

    Value& local(std::string const& name) {
        for (auto& [known, value] : assigned_)
            if (known == name) return value;
        return assigned_.emplace_back(name, Value()).second;
    }

    /// Innermost loop variable, then what was assigned, then the message's variables.
    Value const* find_root(std::string const& name) const {
        for (auto it = locals_.rbegin(); it != locals_.rend(); ++it)
            if (it->first == name) return &it->second;
        for (auto const& [known, value] : assigned_)
            if (known == name) return &value;
        if (!variables_.is_object()) return nullptr;
        auto const found = variables_.find(name);
        return found == variables_.end() ? nullptr : &*found;
    }

    Value value_of(Operand const& operand) {
        if (operand.path.empty()) return operand.literal;
        auto const& path = operand.path.front();
        auto const* stored = find_root(path.root);
        if (stored == nullptr) return nullptr;
        for (auto const& step : path.members) {
            auto const key = value_of(step);
            auto const* inner = find_member(*stored, key);
            if (inner == nullptr) return &step == &path.members.back() ? member(*stored, key) : Value();
            stored = inner;
        }
        return *stored;
    }

    Value evaluate(Expression const& expression) {
        auto value = value_of(expression.value);
        for (auto const& filter : expression.filters) {
            std::vector<Value> arguments;
            for (auto const& argument : filter.arguments) arguments.push_back(value_of(argument));
            auto next = filter.apply(value, arguments, context_);
            if (next.fault) {
                fail(*next.fault);
                return nullptr;
            }
            value = std::move(next.value);
        }
        return value;
    }

    bool holds(Condition const& condition) {
        bool result = holds(condition.back());
        for (auto i = condition.size() - 1; i-- > 0;) {
            bool const here = holds(condition[i]);
            result = condition[i].and_next ? here && result : here || result;
        }
        return result;
    }

    bool holds(Comparison const& comparison) {
        auto const left = value_of(comparison.left);
        if (comparison.special != Comparison::Special::none) {
            bool const is = comparison.special == Comparison::Special::blank
                                ? blank(left)
                                : left == "" || (left.is_structured() && left.empty());
            return is == (comparison.op == Operator::equal);
        }
        if (comparison.op == Operator::truth) return truthy(left);
        auto const right = value_of(comparison.right);
        auto const order = compare(left, right);
        switch (comparison.op) {
            case Operator::truth: return truthy(left);
            case Operator::equal: return equal(left, right);
            case Operator::unequal: return !equal(left, right);
            case Operator::less: return order && *order < 0;
            case Operator::greater: return order && *order > 0;
            case Operator::less_equal: return order && *order <= 0;
            case Operator::greater_equal: return order && *order >= 0;
            case Operator::contains: return contains(left, right);
        }
        return false;
    }

    Value const& variables_;
    FilterContext context_;
    std::vector<std::pair<std::string, Value>> locals_;    // two for each open loop
    std::vector<std::pair<std::string, Value>> assigned_;
    std::string out_;
    std::size_t turns_ = 0;
    int line_ = 1;
    bool failed_ = false;
    Error fault_;
};

}  // namespace

Result<std::string> render(Block const& block, Value const& variables, bool html) {
    return Renderer(variables, html).run(block);
}

}  // namespace recoup::core::liquid
