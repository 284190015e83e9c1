#include "app/demo/catalog.hpp"

#include "recoup/domain/money.hpp"

#include <array>

namespace recoup::demo {
namespace {

constexpr std::array<Article, 12> articles{{
    {7234590408817, 41327142600801, 43218000000801, "HB-158", "Hydrogen Board", "158cm", 60000, 14, false},
    {7234590408817, 41327142600802, 43218000000802, "HB-162", "Hydrogen Board", "162cm", 62000, 9, false},
    {7234590408818, 41327142600803, 43218000000803, "WX-01", "Board Wax", "All weather", 2495, 400, false},
    {7234590408819, 41327142600804, 43218000000804, "GL-M", "Merino Gloves", "M", 5900, 60, false},
    {7234590408819, 41327142600805, 43218000000805, "GL-L", "Merino Gloves", "L", 5900, 3, true},
    {7234590408820, 41327142600806, 43218000000806, "JK-S", "Storm Jacket", "S", 28900, 20, false},
    {7234590408820, 41327142600807, 43218000000807, "JK-M", "Storm Jacket", "M", 28900, 18, false},
    {7234590408821, 41327142600808, 43218000000808, "BT-42", "Ridge Boots", "42", 19950, 11, false},
    {7234590408821, 41327142600809, 43218000000809, "BT-44", "Ridge Boots", "44", 19950, 2, true},
    {7234590408822, 41327142600810, 43218000000810, "SK-3", "Wool Socks", "3 pairs", 2400, 500, false},
    {7234590408823, 41327142600811, 43218000000811, "GG-01", "Fog Goggles", "Amber", 11900, 40, false},
    {7234590408824, 41327142600812, 43218000000812, "BP-30", "Day Pack", "30 l", 8900, 75, false},
}};

}  // namespace

std::span<Article const> catalog() { return articles; }

std::int64_t total_minor(Basket const& basket) {
    std::int64_t sum = 0;
    for (auto const& pick : basket) sum += catalog()[pick.article].price_minor * pick.quantity;
    return sum;
}

std::string price_text(std::int64_t minor) { return decimal_text(Money{minor, "USD"}); }

}  // namespace recoup::demo
