#pragma once
// Sequence: configuration, an ordered list of steps for one trigger. Versioned: a running enrollment keeps its version.

#include "recoup/domain/channel.hpp"
#include "recoup/base/time.hpp"

#include <array>
#include <optional>
#include <string>
#include <vector>

namespace recoup {

enum class Trigger : unsigned char {
    cart,                        // a cart or checkout was left behind
    payment_failure,             // a one-off payment failed
    recurring_payment_failure,   // a subscription's payment failed
};
inline constexpr std::array every_trigger{Trigger::cart, Trigger::payment_failure, Trigger::recurring_payment_failure};
std::string_view name(Trigger trigger);
std::optional<Trigger> trigger_from(std::string_view text);

struct Incentive {
    std::int64_t percent = 0;       // 0 = none, at most 90
    std::string code;               // the store's own discount code

    template <class Self, class V>
    static void fields(Self& self, V&& v) {
        v("percent", self.percent);
        v("code", self.code);
    }
    friend bool operator==(Incentive const&, Incentive const&) = default;
};

struct SequenceStep {
    std::string name;               // unique in the sequence
    Seconds delay{};                // after the last activity (cart) or the failure (payment)
    Channel channel = Channel::email;
    std::string template_name;      // config/templates/<name>.liquid
    Seconds useful_for{};           // past due + useful_for the step is dropped, never sent late
    Incentive incentive;
    std::vector<std::string> when;  // core/sequence/condition.hpp; all must hold, else the step is left out
    std::string window;             // "09:00-20:00" in the recipient's own time; empty = any time that the law allows
    std::vector<std::string> days;  // "mon" .. "sun" of that time; empty = every day

    template <class Self, class V>
    static void fields(Self& self, V&& v) {
        v("name", self.name);
        v("delay", self.delay);
        v("channel", self.channel);
        v("template", self.template_name);
        v("useful_for", self.useful_for);
        v("incentive", self.incentive);
        v("when", self.when);
        v("window", self.window);
        v("days", self.days);
    }
    friend bool operator==(SequenceStep const&, SequenceStep const&) = default;
};

struct Sequence {
    std::string name;
    int version = 0;                // given by the database, from 1; 0 = not applied
    Trigger trigger = Trigger::cart;
    std::vector<std::string> exit;  // conditions; the first that holds when a step is due ends the enrollment
    std::vector<SequenceStep> steps;

    template <class Self, class V>
    static void fields(Self& self, V&& v) {
        v("name", self.name);
        v("version", self.version);
        v("trigger", self.trigger);
        v("exit", self.exit);
        v("steps", self.steps);
    }
    friend bool operator==(Sequence const&, Sequence const&) = default;
};

}  // namespace recoup
