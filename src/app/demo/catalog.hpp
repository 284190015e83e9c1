#pragma once
// What the simulated store sells. Fixed, so that every run with one seed tells the same story.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace recoup::demo {

struct Article {
    std::int64_t product_id;
    std::int64_t variant_id;
    std::int64_t inventory_item_id;
    std::string_view sku;
    std::string_view title;
    std::string_view variant_title;
    std::int64_t price_minor;      // USD cents
    std::int64_t stock;
    bool sells_out;                // the store runs out of it on the first afternoon
};

std::span<Article const> catalog();

struct Pick {
    std::size_t article = 0;       // index into catalog()
    std::int64_t quantity = 1;
};

using Basket = std::vector<Pick>;

std::int64_t total_minor(Basket const& basket);
/// "49.00"
std::string price_text(std::int64_t minor);

}  // namespace recoup::demo
