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
    cart,                        // a cart was left behind, and a checkout when the shop has no sequence for those
    payment_failure,             // a one-off payment failed
    recurring_payment_failure,   // a subscription's payment failed
    checkout,                    // a checkout was left behind
    browse,                      // products were looked at and nothing was put into a cart
    subscription_cancelled,      // a subscription ended: win-back
};
inline constexpr std::array every_trigger{Trigger::cart,     Trigger::payment_failure, Trigger::recurring_payment_failure,
                                          Trigger::checkout, Trigger::browse,          Trigger::subscription_cancelled};
std::string_view name(Trigger trigger);
std::optional<Trigger> trigger_from(std::string_view text);
/// Triggers of one lane never run side by side for one person: cart, checkout and browse are one buying intent and share
/// `cart`; the others have lanes of their own.
Trigger lane(Trigger trigger);

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

/// What becomes of a step whose incentive cannot be given: its coupon is known to be of no use, or its slot is empty.
enum class Otherwise : unsigned char { skip, send };
std::string_view name(Otherwise otherwise);
std::optional<Otherwise> otherwise_from(std::string_view text);

/// A range of cart values in the cart's own currency: `from` up to but not including `below`, decimals as written; empty =
/// no such end.
struct Band {
    std::string name;
    std::string from, below;

    template <class Self, class V>
    static void fields(Self& self, V&& v) {
        v("name", self.name);
        v("from", self.from);
        v("below", self.below);
    }
    friend bool operator==(Band const&, Band const&) = default;
};

/// A place for an incentive that steps name. What it holds goes by the band of the cart; the fill without a band is for every
/// other cart. Filled by the file, and a place where what is learned can be put later.
struct IncentiveSlot {
    struct Fill {
        std::string band;           // empty = any other
        Incentive incentive;

        template <class Self, class V>
        static void fields(Self& self, V&& v) {
            v("band", self.band);
            v("incentive", self.incentive);
        }
        friend bool operator==(Fill const&, Fill const&) = default;
    };
    std::string name;
    std::vector<Fill> fills;

    template <class Self, class V>
    static void fields(Self& self, V&& v) {
        v("name", self.name);
        v("fills", self.fills);
    }
    friend bool operator==(IncentiveSlot const&, IncentiveSlot const&) = default;
};

struct SequenceStep {
    std::string name;               // unique in the sequence
    Seconds delay{};                // after the last activity (cart), the failure (payment) or the cancellation
    Channel channel = Channel::email;
    std::string template_name;      // config/templates/<name>.liquid
    Seconds useful_for{};           // past due + useful_for the step is dropped, never sent late
    Incentive incentive;
    std::string slot;               // of the sequence, instead of `incentive`; empty = none
    Otherwise otherwise = Otherwise::skip;
    std::vector<std::string> when;  // core/sequence/condition.hpp; all must hold, else the step is left out
    std::string window;             // "09:00-20:00" in the recipient's own time; empty = any time that the law allows
    std::vector<std::string> days;  // "mon" .. "sun" of that time; empty = every day

    bool offers() const { return incentive.percent > 0 || !slot.empty(); }

    template <class Self, class V>
    static void fields(Self& self, V&& v) {
        v("name", self.name);
        v("delay", self.delay);
        v("channel", self.channel);
        v("template", self.template_name);
        v("useful_for", self.useful_for);
        v("incentive", self.incentive);
        v("slot", self.slot);
        v("otherwise", self.otherwise);
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
    std::vector<Band> bands;
    std::vector<IncentiveSlot> slots;
    std::vector<SequenceStep> steps;

    template <class Self, class V>
    static void fields(Self& self, V&& v) {
        v("name", self.name);
        v("version", self.version);
        v("trigger", self.trigger);
        v("exit", self.exit);
        v("bands", self.bands);
        v("slots", self.slots);
        v("steps", self.steps);
    }
    friend bool operator==(Sequence const&, Sequence const&) = default;
};

}  // namespace recoup
