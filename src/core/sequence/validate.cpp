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
constexpr std::size_t band_limit = 16;

bool has_cart(Trigger trigger) { return lane(trigger) == Trigger::cart; }
bool has_payment(Trigger trigger) {
    return trigger == Trigger::payment_failure || trigger == Trigger::recurring_payment_failure;
}

template <class Named>
bool named(std::vector<Named> const& all, std::string_view name) {
    return std::any_of(all.begin(), all.end(), [&](Named const& one) { return one.name == name; });
}

/// A condition about a step may look back only; `before` is the index of the step that asks, or the number of steps.
std::string condition_fault(Sequence const& sequence, std::string const& text, std::size_t before) {
    auto const condition = parse_condition(text);
    if (!condition) return condition.error().message;
    using About = Condition::Subject;
    auto const subject = condition->subject;
    bool const of_cart = subject == About::cart_value || subject == About::cart_items || subject == About::cart_stage ||
                         subject == About::cart_country || subject == About::cart_band;
    bool const of_payment = subject == About::payment_class || subject == About::payment_value;
    auto const wrong = [&](std::string const& what) { return "condition '" + text + "': " + what; };
    if (of_cart && !has_cart(sequence.trigger)) return wrong("a sequence for " + std::string(name(sequence.trigger)) + " has no cart");
    if (of_payment && !has_payment(sequence.trigger))
        return wrong("a sequence for " + std::string(name(sequence.trigger)) + " has no payment");
    if (subject == About::cart_band && !named(sequence.bands, condition->value))
        return wrong("there is no band '" + condition->value + "'; name it under [bands]");
    if (!condition->about_step()) return {};
    auto const end = sequence.steps.begin() + static_cast<std::ptrdiff_t>(before);
    bool const earlier = std::any_of(sequence.steps.begin(), end, [&](SequenceStep const& one) { return one.name == condition->step; });
    return earlier ? std::string{} : wrong("no earlier step is named '" + condition->step + "'");
}

std::string incentive_fault(Incentive const& incentive) {
    if (incentive.percent < 0 || incentive.percent > 90) return "incentive.percent must be between 1 and 90";
    if ((incentive.percent > 0) != !incentive.code.empty())
        return "an incentive needs both percent and code, the store's own discount code";
    return {};
}

/// Of the incentive or the slot that a step names.
std::string offer_fault(Sequence const& sequence, SequenceStep const& step) {
    if (auto fault = incentive_fault(step.incentive); !fault.empty()) return fault;
    if (!step.slot.empty() && !named(sequence.slots, step.slot))
        return "there is no slot '" + step.slot + "'; fill it under [slots." + step.slot + "]";
    if (!step.offers() || !has_payment(sequence.trigger)) return {};
    return "a failed payment gets no incentive; remove it";
}

std::string bands_fault(Sequence const& sequence) {
    if (sequence.bands.size() > band_limit) return "there are at most 16 bands";
    if (!sequence.bands.empty() && !has_cart(sequence.trigger)) return "bands go by the cart's value; this sequence has no cart";
    for (auto const& band : sequence.bands) {
        if (!slug(band.name)) return "a band's name has 1 to 63 of a-z, 0-9, _ and -";
        if (band.name == any_band) return "'any' stands for every other cart; give the band another name";
        if (auto const range = parse_range(band.from + ".." + band.below); !range)
            return "band '" + band.name + "': " + range.error().message;
    }
    return {};
}

std::string slots_fault(Sequence const& sequence) {
    if (sequence.slots.size() > band_limit) return "there are at most 16 slots";
    for (auto const& slot : sequence.slots) {
        if (!slug(slot.name)) return "a slot's name has 1 to 63 of a-z, 0-9, _ and -";
        for (auto const& fill : slot.fills) {
            auto const where = "slot '" + slot.name + "': ";
            if (!fill.band.empty() && !named(sequence.bands, fill.band))
                return where + "there is no band '" + fill.band + "'; name it under [bands], or write 'any' for every other cart";
            if (fill.incentive.percent <= 0) return where + "percent must be between 1 and 90";
            if (auto fault = incentive_fault(fill.incentive); !fault.empty()) return where + fault;
        }
    }
    return {};
}

std::string step_fault(Sequence const& sequence, std::size_t index, TemplateExists const& template_exists) {
    auto const& step = sequence.steps[index];
    if (!slug(step.name)) return "a step's name has 1 to 63 of a-z, 0-9, _ and -";
    if (step.delay <= Seconds{0} || step.delay > longest_delay) return "delay must be more than 0 and at most 60d";
    if (index > 0 && step.delay <= sequence.steps[index - 1].delay)
        return "delay must be longer than that of the step before; put the steps in order";
    if (step.useful_for <= Seconds{0}) return "useful_for must be more than 0; say until when the message still helps";
    if (auto fault = offer_fault(sequence, step); !fault.empty()) return fault;
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
    if (auto fault = bands_fault(sequence); !fault.empty()) return SequenceFault{-1, std::move(fault), "bands"};
    if (auto fault = slots_fault(sequence); !fault.empty()) return SequenceFault{-1, std::move(fault), "slots"};
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
