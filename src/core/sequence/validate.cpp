#include "core/sequence/validate.hpp"

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
    if (incentive.percent > 0 && sequence.trigger == Trigger::payment_failure)
        return "a failed payment gets no incentive; remove it";
    if (!template_exists(step.template_name, step.channel))
        return "there is no template '" + step.template_name + "' for " + std::string(name(step.channel));
    return {};
}

}  // namespace

std::optional<SequenceFault> find_fault(Sequence const& sequence, TemplateExists const& template_exists) {
    if (!slug(sequence.name)) return SequenceFault{-1, "a sequence's name has 1 to 63 of a-z, 0-9, _ and -"};
    if (sequence.steps.empty()) return SequenceFault{-1, "a sequence needs at least one [[step]]"};
    if (sequence.steps.size() > step_limit) return SequenceFault{-1, "a sequence has at most 16 steps"};
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
