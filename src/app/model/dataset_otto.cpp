// {"session": n, "events": [{"aid": product, "ts": Unix milliseconds, "type": "clicks" | "carts" | "orders"}, ...]},
// one line for each shopper over four weeks. Half an hour without an act ends a visit; products ordered in one go share
// a ts.

#include "app/model/data_sets.hpp"
#include "app/model/shopper_events.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <sstream>

namespace recoup::app {
namespace {

using nlohmann::json;

constexpr Millis visit_gap = std::chrono::minutes(30);

struct Act {
    Instant at{};
    std::string product, type;
};

bool read_act(json const& item, Act& act) {
    if (!item.is_object()) return false;
    auto const product = item.find("aid"), at = item.find("ts"), type = item.find("type");
    if (product == item.end() || at == item.end() || type == item.end()) return false;
    if (!product->is_number_integer() || !at->is_number_integer() || !type->is_string()) return false;
    act = {instant_from_millis(at->get<std::int64_t>()), std::to_string(product->get<std::int64_t>()),
           type->get<std::string>()};
    return true;
}

void tell_all(ShopperEvents& shopper, std::vector<Act> const& acts) {
    int visit = 0;
    Instant last{}, last_order{};
    for (auto const& act : acts) {
        if (act.at - last > visit_gap) ++visit;
        last = act.at;
        auto const session = "visit-" + std::to_string(visit);
        if (act.type == "clicks") {
            shopper.seen(act.at, session, BehaviourKind::product_viewed, act.product);
        } else if (act.type == "carts") {
            shopper.seen(act.at, session, BehaviourKind::cart_changed);
            shopper.put_in(act.at, act.product);
        } else if (act.type == "orders" && act.at != last_order) {
            last_order = act.at;
            shopper.order(act.at);
        }
    }
}

bool read_shopper(std::string const& line, std::string& id, std::vector<Act>& acts) {
    auto const document = json::parse(line, nullptr, false);
    if (!document.is_object() || !document.contains("session") || !document.contains("events")) return false;
    if (!document["session"].is_number_integer() || !document["events"].is_array()) return false;
    id = "otto-" + std::to_string(document["session"].get<std::int64_t>());
    for (auto const& item : document["events"])
        if (!read_act(item, acts.emplace_back())) return false;
    std::stable_sort(acts.begin(), acts.end(), [](Act const& a, Act const& b) { return a.at < b.at; });
    return true;
}

}  // namespace

Result<std::vector<Event>> parse_otto(std::string_view text, std::string const& name) {
    std::vector<Event> events;
    std::istringstream lines{std::string(text)};
    std::size_t number = 0;
    for (std::string line; std::getline(lines, line);) {
        ++number;
        if (line.empty()) continue;
        std::string id;
        std::vector<Act> acts;
        if (!read_shopper(line, id, acts))
            return error(Errc::invalid, "line " + std::to_string(number) + " is malformed");
        ShopperEvents shopper(name, id, events);
        tell_all(shopper, acts);
    }
    return events;
}

}  // namespace recoup::app
