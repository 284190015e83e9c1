#include "recoup/domain/event.hpp"

#include "recoup/base/digest.hpp"

#include <array>

namespace recoup {

Version Event::version() const { return Version{occurred_at, order_hint, stable_hash(id)}; }

std::string Event::log_key() const {
    // A cart key first: it keeps one intent together; a person key else; the event itself when there is neither.
    constexpr std::array order{KeyKind::cart_token, KeyKind::checkout_token, KeyKind::order_id, KeyKind::customer_id,
                               KeyKind::email,      KeyKind::phone,          KeyKind::anonymous_id};
    for (auto const kind : order)
        for (auto const& key : keys)
            if (key.kind == kind) return shop_id + "/" + stable_id(name(kind), {key.value});  // no address on the log
    return shop_id + "/" + id;
}

std::string whole_product(std::string_view product_id) { return std::string(product_id) + "/*"; }

std::string coupon_key(std::string_view code) {
    std::string key(code);
    for (char& c : key)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return key;
}

}  // namespace recoup
