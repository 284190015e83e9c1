#include "simulation/options.hpp"

#include "app/law_file.hpp"
#include "simulation/chance.hpp"

#include <array>
#include <utility>

namespace recoup::simulation {
namespace {

constexpr std::array breakages{
    std::pair{Breakage::none, std::string_view("none")},
    std::pair{Breakage::order_check_outside, std::string_view("order-check-outside")},
    std::pair{Breakage::no_fencing, std::string_view("no-fencing")},
    std::pair{Breakage::cap_off_by_one, std::string_view("cap-off-by-one")},
    std::pair{Breakage::retry_on_unknown, std::string_view("retry-on-unknown")},
    std::pair{Breakage::wrong_zone, std::string_view("wrong-zone")},
    std::pair{Breakage::ignored_pause, std::string_view("ignored-pause")},
    std::pair{Breakage::rate_of_another, std::string_view("rate-of-another")},
    std::pair{Breakage::law_of_the_shop, std::string_view("law-of-the-shop")},
    std::pair{Breakage::unseen_opening, std::string_view("unseen-opening")},
};

/// Each seed has some faults often and others not at all: rare things meet more often than if all were a bit likely.
Faults draw_faults(Chance& chance) {
    auto const some = [&](double often) { return chance.hit(0.5) ? often * static_cast<double>(chance.between(1, 10)) / 10 : 0.0; };
    Faults faults;
    faults.yield = 0.05 + some(0.6);
    faults.crash = some(0.002);
    faults.lost_before = some(0.02);
    faults.lost_after = some(0.02);
    faults.conflict = some(0.02);
    faults.duplicate = some(0.2);
    faults.late = some(0.05);
    faults.append_lost = some(0.05);
    faults.append_refused = some(0.05);
    faults.accepted_timeout = some(0.1);
    faults.timeout = some(0.1);
    faults.try_later = some(0.2);
    faults.refused = some(0.05);
    faults.slow = some(0.05);
    faults.clock_jump = chance.hit(0.3) ? 0.05 : 0.0;
    faults.skew = chance.of(std::vector{Millis{0}, Millis{0}, Millis{2'000}, Millis{600'000}});
    return faults;
}

}  // namespace

std::string_view name(Breakage breakage) {
    for (auto const& [value, text] : breakages)
        if (value == breakage) return text;
    return "none";
}

std::optional<Breakage> breakage_from(std::string_view text) {
    for (auto const& [value, name_] : breakages)
        if (name_ == text) return value;
    return std::nullopt;
}

Instant on_grid(Instant at, Options const& options) {
    auto const grid = options.tick.count();
    return instant_from_millis((to_millis(at) + grid - 1) / grid * grid);
}

Options drawn(Options options) {
    Chance chance(options.seed * 2 + 1);
    auto const faults = draw_faults(chance);
    options.faults = faults;
    if (options.calm) {
        options.faults = Faults{};
        options.faults.yield = faults.yield;
    }
    auto& policy = options.policy;
    policy.open[Channel::sms] = *core::parse_quiet_hours("21:00-08:00");
    policy.person_cap.max = static_cast<int>(chance.between(2, 6));
    policy.holdout_share = 0.1;
    policy.risk_mode = core::RiskMode::off;
    options.tick = options.carts > 2000 ? Millis{10'000} : chance.of(std::vector{Millis{1}, Millis{1000}, Millis{10'000}});
    options.trackers = static_cast<int>(chance.between(0, 1));
    options.keyed_sms = chance.hit(0.5);
    options.track_batch = static_cast<std::size_t>(chance.of(std::vector{1, 7, 100, 500}));
    options.claim_batch = static_cast<std::size_t>(chance.of(std::vector{1, 5, 50, 200}));
    if (options.carts > 2000) options.track_batch = 500;
    if (chance.hit(0.3)) options.rate = core::Rate{1.0 / static_cast<double>(chance.between(20, 300)), static_cast<double>(chance.between(1, 3))};
    options.operators = chance.hit(0.4);
    options.look_ups = chance.hit(0.4);
    if (chance.hit(0.2)) policy.shop_cap = {static_cast<int>(chance.between(10, 60)), std::chrono::hours{12}};
    options.browsing = chance.hit(0.4);
    options.reading = chance.hit(0.5) ? 0.5 : 0.05;
    static auto const law = app::load_law({}).value();
    policy.law = law;
    return options;
}

std::string command(Options const& options) {
    auto const seed = std::to_string(options.seed);
    std::string line = "scripts/simulate --seeds " + seed + ".." + seed + " --carts " + std::to_string(options.carts) +
                       " --hours " + std::to_string(options.hours);
    if (options.calm) line += " --calm";
    if (options.breakage != Breakage::none) line += " --break " + std::string(name(options.breakage));
    return line;
}

}  // namespace recoup::simulation
