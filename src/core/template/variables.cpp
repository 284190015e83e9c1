#include "core/template/variables.hpp"

#include "core/link/url.hpp"
#include "core/policy/decline.hpp"
#include "core/template/money_text.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace recoup::core {
namespace {

using nlohmann::json;

constexpr std::size_t title_limit = 120;

json text_or_nil(std::string text) { return text.empty() ? json() : json(std::move(text)); }
json url_or_nil(std::string const& url) { return http_host(url) ? json(url) : json(); }

void put_money(json& object, std::string const& name, std::int64_t minor, std::string const& currency) {
    object[name] = money_text({minor, currency});
    object[name + "_minor"] = minor;
}

json shop_variables(Shop const& shop) {
    return json{{"name", clean_text(shop.name, title_limit)},
                {"domain", shop.domain},
                {"url", shop.domain.empty() ? json() : json("https://" + shop.domain)},
                {"email", text_or_nil(shop.email_from)},
                {"address", text_or_nil(clean_text(shop.postal_address, 300))},
                {"currency", shop.currency}};
}

json customer_variables(Person const& person) {
    auto const first = clean_name(person.first_name.value);
    auto const last = clean_name(person.last_name.value);
    return json{{"first_name", text_or_nil(first)},
                {"last_name", text_or_nil(last)},
                {"name", text_or_nil(first + (first.empty() || last.empty() ? "" : " ") + last)},
                {"orders_count", person.orders.size()}};
}

std::optional<std::int64_t> available(Stock const& stock, std::string const& variant_id) {
    auto const found = stock.find(variant_id);
    return found == stock.end() ? std::nullopt : std::optional(found->second);
}

json line_variables(Line const& line, std::optional<std::int64_t> pieces, std::string const& currency) {
    json out{{"title", clean_text(line.title, title_limit)},
             {"variant_title", text_or_nil(clean_text(line.variant_title, title_limit))},
             {"quantity", line.quantity},
             {"sku", clean_text(line.sku, title_limit)},
             {"product_id", line.product_id},
             {"variant_id", line.variant_id},
             {"image", url_or_nil(line.image_url)},
             {"url", url_or_nil(line.url)},
             {"available", pieces ? json(*pieces) : json()}};
    std::int64_t line_price = 0;
    if (__builtin_mul_overflow(line.price_minor, line.quantity, &line_price)) line_price = line.price_minor;
    put_money(out, "price", line.price_minor, currency);
    put_money(out, "line_price", line_price, currency);
    return out;
}

json cart_variables(Cart const& cart, Shop const& shop, Stock const& stock, std::string const& restore_url) {
    auto const& content = cart.content.value;
    auto const& currency = content.currency.empty() ? shop.currency : content.currency;
    json lines = json::array();
    std::int64_t count = 0;
    for (auto const& line : content.lines) {
        lines.push_back(line_variables(line, available(stock, line.variant_id), currency));
        count += line.quantity;
    }
    json out{{"line_items", std::move(lines)}, {"item_count", count}, {"currency", currency}, {"url", restore_url}};
    put_money(out, "subtotal_price", content.subtotal_minor, currency);
    put_money(out, "total_price", content.total_minor, currency);
    return out;
}

/// What the shopper can do about a declined payment, without repeating the bank's reason (reference: wire.md 10.4).
std::string_view code_class(std::string const& code) {
    for (std::string_view const expired : {"expired_card", "incorrect_cvc", "incorrect_number", "invalid_expiry_month",
                                           "invalid_expiry_year", "invalid_cvc", "invalid_number", "incorrect_zip",
                                           "incorrect_address"})
        if (code == expired) return "details";
    if (code == "authentication_required" || code == "card_not_supported" || code == "currency_not_supported")
        return "method";
    return "general";
}

json payment_variables(Payment const& payment, Shop const& shop, std::string const& url) {
    auto const& currency = payment.amount.value.currency.empty() ? shop.currency : payment.amount.value.currency;
    json out{{"currency", currency},
             {"url", url},
             {"recurring", payment.kind == PaymentKind::recurring},
             {"code_class", code_class(newest_decline(payment))}};
    put_money(out, "amount", payment.amount.value.minor, currency);
    return out;
}

json subscription_variables(Subscription const& subscription, std::string const& url) {
    return json{{"title", text_or_nil(clean_text(subscription.title.value, title_limit))}, {"url", url}};
}

}  // namespace

Stock pieces_of(std::map<std::string, Versioned<Variant>> const& goods) {
    Stock stock;
    for (auto const& [id, variant] : goods)
        if (variant.value.available) stock.emplace(id, *variant.value.available);
    return stock;
}

nlohmann::json variables(TemplateInput const& input) {
    auto const& links = input.links;
    json out{{"shop", shop_variables(input.shop)},
             {"customer", customer_variables(input.person)},
             {"restore_url", text_or_nil(links.restore_url)},
             {"unsubscribe_url", text_or_nil(links.unsubscribe_url)},
             {"step", input.step.name}};
    if (input.cart != nullptr) {
        out["cart"] = cart_variables(*input.cart, input.shop, input.stock, links.restore_url);
        out["checkout"] = out["cart"];
    }
    if (input.payment != nullptr) out["payment"] = payment_variables(*input.payment, input.shop, links.restore_url);
    if (input.subscription != nullptr) out["subscription"] = subscription_variables(*input.subscription, links.restore_url);
    if (input.incentive.percent > 0)
        out["incentive"] = json{{"percent", input.incentive.percent}, {"code", input.incentive.code}};
    return out;
}

}  // namespace recoup::core
