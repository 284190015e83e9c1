#include "simulation/script.hpp"

#include "simulation/chance.hpp"
#include "simulation/story.hpp"

#include <algorithm>

namespace recoup::simulation {
namespace {

struct Place {
    char const* zone;
    char const* country;
    char const* region;
    char const* prefix;    // of phones there, seven digits follow
};

// The phone prefix, the address and the zone agree, so that whichever is known leads to the shopper's own hours.
std::vector<Place> const places{
    {"America/New_York", "US", "NY", "+1212"},     {"America/Chicago", "US", "IL", "+1312"},
    {"America/Denver", "US", "CO", "+1303"},       {"America/Los_Angeles", "US", "CA", "+1213"},
    {"Europe/Berlin", "DE", "", "+49301"},         {"Europe/London", "GB", "", "+44201"},
    {"Asia/Tokyo", "JP", "", "+81301"},            {"Australia/Sydney", "AU", "NSW", "+61201"},
};

Shopper make_shopper(std::size_t index, Chance& chance) {
    auto const& place = chance.of(places);
    auto number = std::to_string(index);
    number.insert(0, 7 - std::min<std::size_t>(7, number.size()), '0');
    return {"s" + std::to_string(index) + "@example.com", place.prefix + number, place.zone, place.country, place.region};
}

SequenceStep step(char const* step_name, Seconds delay, Channel channel, Seconds useful_for) {
    SequenceStep out;
    out.name = step_name;
    out.delay = delay;
    out.channel = channel;
    out.template_name = step_name;
    out.useful_for = useful_for;
    return out;
}

std::vector<Sequence> the_sequences(Options const& options) {
    using std::chrono::hours, std::chrono::minutes;
    Sequence cart;
    cart.name = "cart";
    cart.trigger = Trigger::cart;
    cart.steps = {step("reminder", hours{1}, Channel::email, hours{3}), step("text", hours{4}, Channel::sms, hours{20}),
                  step("incentive", hours{24}, Channel::email, hours{24}), step("last_call", hours{72}, Channel::email, hours{48})};
    cart.steps[1].when = {"not reminder.opened"};
    cart.steps[3].when = {"not incentive.clicked"};
    Sequence payment;
    payment.name = "payment_failure";
    payment.trigger = Trigger::payment_failure;
    payment.steps = {step("notice", minutes{30}, Channel::email, hours{12}), step("text", hours{24}, Channel::sms, hours{20}),
                     step("last_notice", hours{72}, Channel::email, hours{48})};
    if (!options.browsing) return {cart, payment};
    Sequence browse;
    browse.name = "browse";
    browse.trigger = Trigger::browse;
    browse.steps = {step("seen", hours{4}, Channel::email, hours{20})};
    return {cart, payment, browse};
}

Shop the_shop() {
    Shop shop;
    shop.id = shop_id;
    shop.name = "Simulated Shop";
    shop.domain = "sim.example";
    shop.timezone = "America/New_York";
    shop.country = "US";
    shop.email_from = "Simulated Shop <hello@sim.example>";
    shop.sms_from = "+15550000000";
    shop.postal_address = "Simulated Shop, 1 Main Street";
    return shop;
}

void add_stock(Script& script, Options const& options, Chance& chance) {
    for (int i = 0; i < variant_count; ++i) {
        auto const number = std::to_string(i);
        Variant variant;
        variant.variant_id = "v" + number;
        variant.product_id = "p" + number;
        variant.inventory_item_id = "i" + number;
        variant.title = "Thing " + number;
        variant.price_minor = 1000;
        variant.available = 5;
        Event event = shop_event("product-" + number, script.start, ProductChanged{{variant}});
        script.arrivals.push_back({script.start, no_shopper, event});
        if (!chance.hit(0.3)) continue;
        auto const when = script.start + chance.millis(Millis{0}, std::chrono::hours{options.hours});
        StockChanged gone{variant.inventory_item_id, "l1", 0};
        script.arrivals.push_back({arrives(when, options, chance), no_shopper, shop_event("stock-" + number, when, gone)});
    }
}

}  // namespace

Instant arrives(Instant occurred, Options const& options, Chance& chance) {
    auto delay = chance.millis(Millis{0}, Millis{2'000});
    if (chance.hit(options.faults.late)) delay = chance.millis(Millis{60'000}, Millis{26 * 3'600'000});
    return on_grid(occurred + delay, options);
}

Script write_script(Options const& options) {
    Chance chance(options.seed * 2);
    Script script;
    // A Thursday in the week in which the United States change their clocks, at a random hour.
    script.start = parse_rfc3339("2026-03-05T00:00:00Z").value() + std::chrono::hours{chance.below(72)};
    script.shop = the_shop();
    script.sequences = the_sequences(options);
    add_stock(script, options, chance);
    for (int carts = 0; carts < options.carts;) {
        auto const index = script.shoppers.size();
        script.shoppers.push_back(make_shopper(index, chance));
        Story story(script.shoppers.back(), index, script.start, options, chance);
        carts += story.tell();
        for (auto& event : story.events()) {
            auto const at = arrives(event.occurred_at, options, chance);
            script.arrivals.push_back({at, index, std::move(event)});
        }
    }
    std::stable_sort(script.arrivals.begin(), script.arrivals.end(),
                     [](Arrival const& a, Arrival const& b) { return a.at < b.at; });
    return script;
}

}  // namespace recoup::simulation
