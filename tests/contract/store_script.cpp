#include "contract/store_script.hpp"

#include "simulation/story.hpp"

#include <algorithm>

namespace recoup::test {
namespace {

using std::chrono::hours;

SequenceStep mail(std::string name, Seconds delay, std::vector<std::string> when = {}) {
    SequenceStep step;
    step.name = step.template_name = std::move(name);
    step.delay = delay;
    step.useful_for = hours{20};
    step.when = std::move(when);
    return step;
}

Sequence with_offer(Sequence sequence, std::size_t step, Otherwise otherwise) {
    sequence.bands = {{"low", "", "30"}, {"high", "30", ""}};
    sequence.slots = {{"comeback", {{"high", {10, "COMEBACK10"}}, {"", {5, "COMEBACK5"}}}}};
    sequence.steps[step].slot = "comeback";
    sequence.steps[step].otherwise = otherwise;
    return sequence;
}

Sequence made(std::string name, Trigger trigger, std::vector<SequenceStep> steps) {
    Sequence sequence;
    sequence.name = std::move(name);
    sequence.trigger = trigger;
    sequence.steps = std::move(steps);
    return sequence;
}

std::vector<Sequence> every_sequence(std::vector<Sequence> sequences) {
    sequences[0] = with_offer(sequences[0], 2, Otherwise::send);
    sequences.push_back(with_offer(made("checkout", Trigger::checkout,
                                        {mail("early", hours{1}), mail("more", hours{5}, {"not early.opened", "cart.band = high"}),
                                         mail("offer", hours{20})}),
                                   2, Otherwise::skip));
    sequences.push_back(made("browse", Trigger::browse, {mail("seen", hours{2}), mail("again", hours{8}, {"not seen.visited"})}));
    sequences.push_back(made("cancelled", Trigger::subscription_cancelled, {mail("goodbye", hours{6}), mail("back", hours{30})}));
    return sequences;
}

IdentityKey browser(std::size_t index) { return {KeyKind::anonymous_id, "browser-" + std::to_string(index)}; }

class Extras {
public:
    explicit Extras(simulation::Script& script) : script_(script) {}

    void add(std::size_t shopper, std::string const& id, Seconds after, std::vector<IdentityKey> keys, EventBody body, bool trusted = true) {
        auto const at = script_.start + after;
        Event event = simulation::shop_event(id, at, std::move(body));
        event.keys = std::move(keys);
        event.trusted = trusted;
        script_.arrivals.push_back({at, shopper, std::move(event)});
    }

    void browse(std::size_t index) {
        for (int view = 0; view < 4; ++view) {
            BehaviourSeen seen;
            seen.kind = BehaviourKind::product_viewed;
            seen.session_id = "session-" + std::to_string(index % 2 == 0 ? view / 2 : 0);
            seen.product_id = "p" + std::to_string((index + static_cast<std::size_t>(view)) % simulation::variant_count);
            add(index, "view-" + std::to_string(index) + "-" + std::to_string(view), hours{5 * view} + Seconds{index * 60},
                {browser(index)}, seen, false);
        }
        auto const& email = script_.shoppers[index].email;
        add(index, "known-" + std::to_string(index), hours{1 + index % 7}, {browser(index), {KeyKind::email, email}}, CustomerChanged{});
    }

    void cancel(std::size_t index) {
        IdentityKey const who{KeyKind::email, script_.shoppers[index].email};
        auto const id = std::to_string(index);
        add(index, "cancel-" + id, hours{index % 11}, {who}, SubscriptionChanged{"sub-" + id, false, "Coffee", {}});
        if (index % 3 == 0) add(index, "again-" + id, hours{12 + index % 11}, {who}, SubscriptionChanged{"sub2-" + id, true, {}, {}});
    }

private:
    simulation::Script& script_;
};

}  // namespace

simulation::Script wide_script(simulation::Options const& options) {
    auto script = simulation::write_script(options);
    script.sequences = every_sequence(std::move(script.sequences));
    Extras extras(script);
    for (std::size_t i = 0; i < script.shoppers.size(); ++i) {
        extras.browse(i);
        if (i % 2 == 0) extras.cancel(i);
    }
    for (int i = 0; i < 6; ++i) {
        Coupon coupon;
        coupon.code = i % 2 == 0 ? "comeback10" : "COMEBACK5";
        coupon.active = i % 3 != 1;
        extras.add(simulation::no_shopper, "coupon-" + std::to_string(i), hours{9 * i}, {}, CouponChanged{coupon});
    }
    Variant gone;
    gone.variant_id = whole_product("p1");
    gone.product_id = "p1";
    gone.active = false;
    extras.add(simulation::no_shopper, "gone", hours{15}, {}, ProductChanged{{gone}});
    std::stable_sort(script.arrivals.begin(), script.arrivals.end(), [](auto const& a, auto const& b) { return a.at < b.at; });
    return script;
}

}  // namespace recoup::test
