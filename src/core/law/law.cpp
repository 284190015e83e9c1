#include "core/law/law.hpp"

#include <algorithm>
#include <set>

namespace recoup::core {
namespace {

template <class T>
bool has(std::vector<T> const& all, T const& one) {
    return std::find(all.begin(), all.end(), one) != all.end();
}

void join(std::vector<std::string>& zones, std::vector<std::string> const& more) {
    for (auto const& zone : more)
        if (!has(zones, zone)) zones.push_back(zone);
}

std::optional<std::string> fault_of(std::vector<LawPack> const& packs) {
    std::set<std::string> ids, names, countries;
    for (auto const& pack : packs) {
        if (!names.insert(pack.name).second) return "there are two packs named '" + pack.name + "'";
        for (auto const& country : pack.countries)
            if (!countries.insert(country).second) return "two packs name the country '" + country + "'; '" + pack.name + "' is one";
        for (auto const& rule : pack.rules)
            if (!ids.insert(rule.id).second) return "two rules have the id '" + rule.id + "'";
    }
    return std::nullopt;
}

}  // namespace

Result<std::shared_ptr<Law const>> Law::make(std::vector<LawPack> packs, std::string_view digest) {
    if (auto fault = fault_of(packs)) return error(Errc::configuration, "law: " + *fault);
    std::shared_ptr<Law> law(new Law);
    law->packs_ = std::move(packs);
    for (auto const& pack : law->packs_) {
        law->version_ = std::max(law->version_, pack.version);
        law->index(pack);
    }
    law->version_.append("-").append(digest.substr(0, 8));
    return std::shared_ptr<Law const>(std::move(law));
}

void Law::index(LawPack const& pack) {
    for (auto const& rule : pack.rules) {
        if (pack.countries.empty()) elsewhere_.push_back({&rule, {}});
        for (auto const& country : rule.countries) {
            Indexed one{&rule, {}};
            for (auto const& region : rule.regions) join(one.zones, zones_of_region(country, region));
            by_country_[country].push_back(std::move(one));
        }
    }
    for (auto const& country : pack.countries) by_country_.try_emplace(country);   // its pack may be silent about it
}

Law::Rules const& Law::of_country(std::string const& country) const {
    auto const it = by_country_.find(country);
    return it == by_country_.end() ? elsewhere_ : it->second;
}

std::vector<AppliedRule> Law::rules_for(std::span<Place const> places, Channel channel, Trigger trigger) const {
    std::vector<AppliedRule> applied;
    for (auto const& place : places) {
        for (auto const& [rule, own_zones] : of_country(place.country)) {
            if (!rule->covers(channel) || !rule->covers(trigger)) continue;
            if (!rule->regions.empty() && !place.region.empty() && !has(rule->regions, place.region)) continue;
            // One zone is one that is certain, whichever part of the country it is.
            bool const own = place.region.empty() && !own_zones.empty() && place.zones.size() > 1;
            auto const seen = std::find_if(applied.begin(), applied.end(), [&](AppliedRule const& one) { return one.rule == rule; });
            auto& into = seen != applied.end() ? *seen : applied.emplace_back(AppliedRule{rule, {}});
            join(into.zones, own ? own_zones : place.zones);
        }
    }
    return applied;
}

}  // namespace recoup::core
