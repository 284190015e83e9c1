#include "core/policy/incentive.hpp"

#include <algorithm>

namespace recoup::core {
namespace {

/// Why a coupon cannot be used at `now`; empty: nothing that is known speaks against it.
std::string fault_of(Coupon const& coupon, std::int64_t percent, Instant now) {
    if (!coupon.active) return "is switched off";
    if (coupon.starts_at != never && now < coupon.starts_at) return "begins at " + to_rfc3339(coupon.starts_at);
    if (coupon.ends_at != never && now >= coupon.ends_at) return "ended at " + to_rfc3339(coupon.ends_at);
    if (coupon.uses_left && *coupon.uses_left <= 0) return "is used up";
    if (coupon.percent && *coupon.percent != percent) return "takes off " + std::to_string(*coupon.percent) + " % in the store";
    return {};
}

Incentive const* fill_for(std::vector<IncentiveSlot> const& slots, std::string const& slot, std::string const& band) {
    auto const named = std::find_if(slots.begin(), slots.end(), [&](IncentiveSlot const& one) { return one.name == slot; });
    if (named == slots.end()) return nullptr;
    Incentive const* other = nullptr;
    for (auto const& fill : named->fills) {
        if (!band.empty() && fill.band == band) return &fill.incentive;
        if (fill.band.empty()) other = &fill.incentive;
    }
    return other;
}

}  // namespace

bool lies_within(std::int64_t minor, std::string const& currency, std::string_view from, std::string_view below) {
    auto const low = from.empty() ? Result<std::int64_t>(minor) : parse_minor(from, currency);
    auto const high = below.empty() ? Result<std::int64_t>(minor + 1) : parse_minor(below, currency);
    return low && high && minor >= *low && minor < *high;
}

std::string band_of(std::vector<Band> const& bands, std::int64_t minor, std::string const& currency) {
    auto const holds = [&](Band const& band) { return lies_within(minor, currency, band.from, band.below); };
    auto const band = std::find_if(bands.begin(), bands.end(), holds);
    return band == bands.end() ? std::string{} : band->name;
}

Offer offer_of(SendFacts const& facts, CartContent const& cart) {
    Offer offer;
    if (!facts.config.offers()) return offer;
    auto const* given = &facts.config.incentive;
    if (!facts.config.slot.empty()) {
        auto const band = band_of(facts.sequence->bands, cart.subtotal_minor, cart.currency);
        given = fill_for(facts.sequence->slots, facts.config.slot, band);
        if (given == nullptr) {
            offer.lost = "slot " + facts.config.slot + " is empty for " + (band.empty() ? "this value" : "band " + band);
            return offer;
        }
    }
    auto const coupon = facts.coupons.find(coupon_key(given->code));
    auto const fault = coupon == facts.coupons.end() ? std::string{} : fault_of(coupon->second, given->percent, facts.now);
    if (fault.empty()) offer.incentive = *given;
    else offer.lost = given->code + " " + fault;
    return offer;
}

std::optional<std::string> kept_back(SendFacts const& facts) {
    if (!facts.config.offers()) return std::nullopt;
    if (facts.payment) return "a declined card says nothing about the price";
    if (facts.on_sale) return "the shop has a sale";
    if (facts.cart && !facts.cart->content.value.discount_codes.empty()) return "the cart has a discount of its own";
    return std::nullopt;
}

}  // namespace recoup::core
