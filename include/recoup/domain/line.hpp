#pragma once
// One line of a cart or an order.

#include "recoup/domain/money.hpp"

#include <string>

namespace recoup {

struct Line {
    std::string product_id;
    std::string variant_id;
    std::string sku;
    std::string title;
    std::string variant_title;
    std::string image_url;            // http(s) or empty
    std::string url;                  // http(s) or empty
    std::int64_t quantity = 1;        // 1 .. 1,000,000
    std::int64_t price_minor = 0;     // one piece, after line discounts
    std::int64_t list_price_minor = 0;  // one piece before them; 0 = not said, the same as price_minor
    bool gift_card = false;

    friend bool operator==(Line const&, Line const&) = default;

    template <class Self, class V>
    static void fields(Self& self, V&& v) {
        v("product_id", self.product_id);
        v("variant_id", self.variant_id);
        v("sku", self.sku);
        v("title", self.title);
        v("variant_title", self.variant_title);
        v("image_url", self.image_url);
        v("url", self.url);
        v("quantity", self.quantity);
        v("price_minor", self.price_minor);
        v("list_price_minor", self.list_price_minor);
        v("gift_card", self.gift_card);
    }
};

}  // namespace recoup
