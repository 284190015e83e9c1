#include "adapter/source/shared/lines.hpp"

#include "recoup/base/limits.hpp"

#include <algorithm>

namespace recoup::source {

std::vector<Line> read_lines(Json lines, std::string_view currency, LineNames const& names) {
    std::vector<Line> out;
    for (auto const json : lines.items(limits::cart_lines)) {
        auto const quantity = json["quantity"].integer().value_or(1);
        if (!json.is_object() || quantity < 1) continue;
        Line line;
        line.product_id = json["product_id"].id();
        line.variant_id = json["variant_id"].id();
        line.sku = json["sku"].text(limits::id_bytes);
        line.title = json[names.title].text();
        line.variant_title = json[names.variant_title].text();
        line.image_url = json["image_url"].url();
        line.url = json["url"].url();
        line.quantity = std::min(quantity, limits::pieces_per_line);
        line.price_minor = json["price"].minor(currency).value_or(0);
        line.list_price_minor = json["list_price"].minor(currency).value_or(0);
        line.gift_card = json["gift_card"].is_true();
        out.push_back(std::move(line));
    }
    return out;
}

}  // namespace recoup::source
