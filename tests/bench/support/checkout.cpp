#include "bench/support/checkout.hpp"

#include "recoup/base/digest.hpp"
#include "recoup/base/random.hpp"

#include <array>

namespace recoup::bench {
namespace {

constexpr std::array titles{"Hydrogen Board", "Oxygen Jacket", "Carbon Poles", "Neon Goggles", "Argon Boots",
                            "Helium Helmet", "Boron Bindings", "Radon Gloves"};

std::string hex(Random& random, std::size_t digits) {
    constexpr std::string_view alphabet = "0123456789abcdef";
    std::string out;
    for (std::size_t i = 0; i < digits; ++i) out += alphabet[random.below(16)];
    return out;
}

std::string cents(std::uint64_t minor) {
    auto const rest = std::to_string(minor % 100);
    return std::to_string(minor / 100) + (rest.size() == 1 ? ".0" : ".") + rest;
}

std::string line_item(Random& random) {
    auto const variant = std::to_string(41'000'000'000'000 + random.below(1'000'000'000));
    auto const price = cents(500 + random.below(20'000));
    return R"({"key":")" + hex(random, 12) + R"(","variant_id":)" + variant + R"(,"product_id":)" +
           std::to_string(7'000'000'000'000 + random.below(1'000'000'000)) + R"(,"title":")" +
           titles[random.below(titles.size())] + R"(","variant_title":")" + std::to_string(140 + random.below(50)) +
           R"(cm","vendor":"Acme","sku":"SKU-)" + hex(random, 6) + R"(","quantity":)" + std::to_string(1 + random.below(3)) +
           R"(,"price":")" + price + R"(","line_price":")" + price + R"(","grams":)" + std::to_string(random.below(4000)) +
           R"(,"gift_card":false,"requires_shipping":true,"taxable":true,"fulfillment_service":"manual","properties":{},)"
           R"("applied_discounts":[],"discount_allocations":[],"tax_lines":[]})";
}

std::string beginning(std::uint64_t shopper, Random& random, std::string const& at) {
    auto const n = std::to_string(shopper);
    auto const total = cents(1000 + random.below(100'000));
    auto const cart = hex(random, 32);
    return R"({"token":")" + hex(random, 32) + R"(","cart_token":")" + cart + R"(","email":"shopper)" + n +
           R"(@example.com","phone":null,"gateway":null,"buyer_accepts_marketing":true,"created_at":")" + at +
           R"(","updated_at":")" + at + R"(","completed_at":null,"closed_at":null,"currency":"USD",)"
           R"("presentment_currency":"USD","customer_locale":"en-US","source_name":"web","name":"#)" + n +
           R"(","abandoned_checkout_url":"https://demo.myshopify.com/548380009/checkouts/ac/)" + cart +
           R"(/recover?key=)" + hex(random, 16) + R"(","subtotal_price":")" + total + R"(","total_price":")" + total +
           R"(","total_discounts":"0.00","total_tax":"0.00","discount_codes":[],"tax_lines":[],"shipping_lines":[],)"
           R"("shipping_address":{"first_name":"Jane","last_name":"Doe","country_code":"US","province_code":"NY",)"
           R"("zip":"10001"},"customer":{"id":)" + std::to_string(6'000'000'000 + shopper) +
           R"(,"email":"shopper)" + n + R"(@example.com","phone":null,"first_name":"Jane","last_name":"Doe"},"line_items":[)";
}

}  // namespace

void SignedRequest::set_number(std::uint64_t number) {
    for (int digit = number_digits; digit-- > 0; number /= 10)
        bytes[number_at + static_cast<std::size_t>(digit)] = static_cast<char>('0' + number % 10);
}

std::string checkout_body(std::uint64_t shopper, std::size_t size, Instant now) {
    constexpr std::string_view note_begin = R"(],"note_attributes":[{"name":"session","value":")", note_end = R"("}]})";
    SeededRandom random(shopper);
    auto body = beginning(shopper, random, to_rfc3339(now));
    auto const around = note_begin.size() + note_end.size();
    for (int lines = 0;; ++lines) {
        auto const line = line_item(random);
        if (lines > 0 && body.size() + 1 + line.size() + around > size) break;
        body += (lines == 0 ? "" : ",") + line;
    }
    body += note_begin;
    if (body.size() + note_end.size() < size) body += hex(random, size - body.size() - note_end.size());
    return body.append(note_end);
}

SignedRequest signed_checkout(Door const& door, std::string_view ids, std::string_view body) {
    SignedRequest request;
    request.bytes = "POST " + door.path + " HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\n"
                    "User-Agent: Shopify-Captain-Hook\r\nX-Shopify-Topic: checkouts/update\r\nX-Shopify-API-Version: 2026-04\r\n"
                    "X-Shopify-Shop-Domain: " + door.domain + "\r\nX-Shopify-Hmac-Sha256: " +
                    to_base64(hmac_sha256(as_bytes(door.secret), body)) + "\r\nX-Shopify-Webhook-Id: " + std::string(ids) + "-";
    request.number_at = request.bytes.size();
    request.bytes += std::string(SignedRequest::number_digits, '0') +
                     "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n";
    request.bytes += body;
    return request;
}

std::vector<SignedRequest> signed_checkouts(Door const& door, std::string_view ids, std::uint64_t first, std::size_t shoppers,
                                            std::size_t size, Instant now) {
    std::vector<SignedRequest> requests;
    requests.reserve(shoppers);
    for (std::uint64_t shopper = first; shopper < first + shoppers; ++shopper)
        requests.push_back(signed_checkout(door, ids, checkout_body(shopper, size, now)));
    return requests;
}

}  // namespace recoup::bench
