#include "core/sequence/validate.hpp"

#include "core/law/open_hours.hpp"
#include "core/sequence/condition.hpp"

#include <algorithm>
#include <set>

namespace recoup::core {
namespace {

constexpr std::size_t step_limit = 16;
constexpr Seconds longest_delay = std::chrono::days{60};

bool slug(std::string_view text) {
    return !text.empty() && text.size() <= 63 && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    });
}

constexpr std::size_t condition_limit = 16;

/// A condition about a step may look back only; `before` is the index of the step that asks, or the number of steps.
std::string condition_fault(Sequence const& sequence, std::string const& text, std::size_t before) {
    auto const condition = parse_condition(text);
    if (!condition) return condition.error().message;
    using About = Condition::Subject;
    auto const subject = condition->subject;
    bool const of_cart = subject == About::cart_value || subject == About::cart_items || subject == About::cart_stage ||
                         subject == About::cart_country;
    bool const of_payment = subject == About::payment_class || subject == About::payment_value;
    if (of_cart && sequence.trigger != Trigger::cart) return "condition '" + text + "': a failed payment has no cart";
    if (of_payment && sequence.trigger == Trigger::cart) return "condition '" + text + "': a cart has no payment yet";
    if (subject != About::step_sent && subject != About::step_clicked) return {};
    auto const end = sequence.steps.begin() + static_cast<std::ptrdiff_t>(before);
    bool const earlier = std::any_of(sequence.steps.begin(), end, [&](SequenceStep const& one) { return one.name == condition->step; });
    return earlier ? std::string{} : "condition '" + text + "': no earlier step is named '" + condition->step + "'";
}

std::string step_fault(Sequence const& sequence, std::size_t index, TemplateExists const& template_exists) {
    auto const& step = sequence.steps[index];
    auto const& incentive = step.incentive;
    if (!slug(step.name)) return "a step's name has 1 to 63 of a-z, 0-9, _ and -";
    if (step.delay <= Seconds{0} || step.delay > longest_delay) return "delay must be more than 0 and at most 60d";
    if (index > 0 && step.delay <= sequence.steps[index - 1].delay)
        return "delay must be longer than that of the step before; put the steps in order";
    if (step.useful_for <= Seconds{0}) return "useful_for must be more than 0; say until when the message still helps";
    if (incentive.percent < 0 || incentive.percent > 90) return "incentive.percent must be between 1 and 90";
    if ((incentive.percent > 0) != !incentive.code.empty())
        return "an incentive needs both percent and code, the store's own discount code";
    if (incentive.percent > 0 && sequence.trigger != Trigger::cart)
        return "a failed payment gets no incentive; remove it";
    if (step.when.size() > condition_limit) return "a step has at most 16 conditions";
    for (auto const& condition : step.when)
        if (auto fault = condition_fault(sequence, condition, index); !fault.empty()) return fault;
    if (auto const window = parse_send_window(step.window, step.days); !window) return window.error().message;
    if (!template_exists(step.template_name, step.channel))
        return "there is no template '" + step.template_name + "' for " + std::string(name(step.channel));
    return {};
}

}  // namespace

std::optional<SequenceFault> find_fault(Sequence const& sequence, TemplateExists const& template_exists) {
    if (!slug(sequence.name)) return SequenceFault{-1, "a sequence's name has 1 to 63 of a-z, 0-9, _ and -"};
    if (sequence.steps.empty()) return SequenceFault{-1, "a sequence needs at least one [[step]]"};
    if (sequence.steps.size() > step_limit) return SequenceFault{-1, "a sequence has at most 16 steps"};
    if (sequence.exit.size() > condition_limit) return SequenceFault{-1, "exit has at most 16 conditions"};
    for (auto const& condition : sequence.exit)
        if (auto fault = condition_fault(sequence, condition, sequence.steps.size()); !fault.empty())
            return SequenceFault{-1, std::move(fault)};
    std::set<std::string_view> names;
    for (std::size_t i = 0; i < sequence.steps.size(); ++i) {
        auto message = step_fault(sequence, i, template_exists);
        if (message.empty() && !names.insert(sequence.steps[i].name).second)
            message = "two steps are named '" + sequence.steps[i].name + "'";
        if (!message.empty()) return SequenceFault{static_cast<int>(i), std::move(message)};
    }
    return std::nullopt;
}

}  // namespace recoup::core
