#include "core/policy/bought.hpp"

#include <algorithm>

namespace recoup::core {

bool by_visit(PastOrder const& order) { return !order.renewal; }

std::vector<Line> lines_left(Cart const& cart, Person const& person, Instant since) {
    std::map<std::string, std::int64_t> bought;
    for (auto const& [id, order] : person.orders)
        if (by_visit(order) && order.placed_at >= since)
            for (auto const& [variant, pieces] : order.pieces) bought[variant] += pieces;
    std::vector<Line> left;
    for (auto line : cart.content.value.lines) {
        if (auto const it = bought.find(line.variant_id); it != bought.end() && !line.variant_id.empty()) {
            auto const pieces = std::min(it->second, line.quantity);
            it->second -= pieces;
            line.quantity -= pieces;
        }
        if (line.quantity > 0) left.push_back(std::move(line));
    }
    return left;
}

bool ordered_since(Person const& person, Instant since) {
    return std::any_of(person.orders.begin(), person.orders.end(),
                       [&](auto const& order) { return by_visit(order.second) && order.second.placed_at >= since; });
}

std::int64_t value_of(std::vector<Line> const& lines) {
    std::int64_t sum = 0;
    for (auto const& line : lines) {
        std::int64_t value = 0, next = 0;
        if (line.gift_card || __builtin_mul_overflow(line.price_minor, line.quantity, &value)) continue;
        if (!__builtin_add_overflow(sum, value, &next)) sum = next;
    }
    return sum;
}

std::int64_t value_of(Cart const& cart) {
    auto const& content = cart.content.value;
    std::vector<Line> gifts;
    std::copy_if(content.lines.begin(), content.lines.end(), std::back_inserter(gifts), [](Line const& line) { return line.gift_card; });
    for (auto& line : gifts) line.gift_card = false;
    return content.subtotal_minor - std::min(value_of(gifts), content.subtotal_minor);
}

bool ordered(Cart const& cart, Person const& person, Policy const& policy) {
    if (cart.ordered_at != never) return true;
    if (!ordered_since(person, cart.last_activity_at)) return false;
    if (policy.order_covers <= 0) return true;
    auto const all = value_of(cart.content.value.lines);
    auto const left = value_of(lines_left(cart, person, cart.last_activity_at));
    auto const covered = static_cast<double>(all - left);
    return left < policy.value_floor_minor || covered >= policy.order_covers * static_cast<double>(all);
}

}  // namespace recoup::core
