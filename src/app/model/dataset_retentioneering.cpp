// user_id,session_id,event,timestamp,platform,...: one row for each act, in no order. Events are as a store with the
// pixel would send them: page and product views and errors from the browser, cart and checkout steps from the store.

#include "app/model/data_sets.hpp"
#include "app/model/shopper_events.hpp"

#include <algorithm>
#include <array>
#include <map>

namespace recoup::app {
namespace {

using namespace std::chrono_literals;

constexpr Millis longest_step = 30min;

struct Row {
    Instant at{};
    std::string session, event;
};

std::vector<std::string_view> lines_of(std::string_view text) {
    std::vector<std::string_view> lines;
    while (!text.empty()) {
        auto const end = std::min(text.find('\n'), text.size());
        auto line = text.substr(0, end);
        if (line.ends_with('\r')) line.remove_suffix(1);
        lines.push_back(line);
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return lines;
}

/// The first four cells; the data set quotes nothing.
bool split(std::string_view line, std::array<std::string_view, 4>& cells) {
    for (auto& cell : cells) {
        auto const end = line.find(',');
        cell = line.substr(0, end);
        if (cell.empty()) return false;
        line.remove_prefix(end == std::string_view::npos ? line.size() : end + 1);
    }
    return true;
}

bool at_checkout(std::string_view event) { return event == "shipping_details" || event == "payment_details"; }

void tell(ShopperEvents& shopper, Row const& row) {
    if (row.event == "product_view") return shopper.seen(row.at, row.session, BehaviourKind::product_viewed);
    if (row.event == "cart") return shopper.seen(row.at, row.session, BehaviourKind::cart_viewed);
    if (row.event == "payment_error") return shopper.seen(row.at, row.session, BehaviourKind::payment_error_shown);
    if (row.event == "purchase") return shopper.order(row.at);
    if (row.event == "add_to_cart") {
        shopper.seen(row.at, row.session, BehaviourKind::cart_changed);
        return shopper.put_in(row.at, {});
    }
    if (!at_checkout(row.event)) return shopper.seen(row.at, row.session, BehaviourKind::page_viewed);
    shopper.seen(row.at, row.session, BehaviourKind::checkout_viewed);
    shopper.reach(row.at, row.event == "shipping_details" ? Stage::shipping : Stage::payment);
}

void tell_all(ShopperEvents& shopper, std::vector<Row>& rows) {
    std::stable_sort(rows.begin(), rows.end(), [](Row const& a, Row const& b) { return a.at < b.at; });
    Row const* before = nullptr;
    for (auto const& row : rows) {
        // A step's time is known when it is left: with the next act in the session.
        if (before != nullptr && before->session == row.session && at_checkout(before->event))
            shopper.seen(row.at, row.session, BehaviourKind::step_timed, {},
                         std::min(row.at - before->at, longest_step));
        tell(shopper, row);
        before = &row;
    }
}

}  // namespace

Result<std::vector<Event>> parse_retentioneering(std::string_view text, std::string const& name) {
    std::map<std::string, std::vector<Row>> rows_of;
    std::size_t number = 0;
    for (auto const line : lines_of(text)) {
        if (++number == 1 || line.empty()) continue;
        std::array<std::string_view, 4> cells;
        auto const wrong = [&] { return error(Errc::invalid, "line " + std::to_string(number) + " is malformed"); };
        if (!split(line, cells)) return wrong();
        auto const at = parse_rfc3339(std::string(cells[3]) + "Z");
        if (!at) return wrong();
        rows_of[std::string(cells[0])].push_back({*at, std::string(cells[1]), std::string(cells[2])});
    }
    std::vector<Event> events;
    for (auto& [user, rows] : rows_of) {
        ShopperEvents shopper(name, user, events);
        tell_all(shopper, rows);
    }
    return events;
}

}  // namespace recoup::app
