#include "app/trigger/bodies.hpp"

#include "recoup/base/digest.hpp"
#include "recoup/domain/money.hpp"

#include <nlohmann/json.hpp>

namespace recoup::trigger {
namespace {

using Json = nlohmann::json;

std::string token(std::string_view what, Request const& request) {
    return to_hex(sha256(std::string(what) + "|" + request.email + "|" + request.phone)).substr(0, 32);
}

std::int64_t number(std::string_view what, Request const& request) {
    return 820'000'000'000'000'000 + static_cast<std::int64_t>(stable_hash(token(what, request)) % 1'000'000'000'000'000);
}

std::string price(Request const& request) { return decimal_text(Money{request.value_minor, request.currency}); }

Json text_or_null(std::string const& text) { return text.empty() ? Json(nullptr) : Json(text); }

Json lines(Request const& request) {
    Json const money = {{"amount", price(request)}, {"currency_code", request.currency}};
    Json const line = {{"key", "41327142600900"},
                       {"variant_id", 41327142600900},
                       {"product_id", 7234590408900},
                       {"sku", "TRY-1"},
                       {"title", "Something to try"},
                       {"variant_title", nullptr},
                       {"quantity", 1},
                       {"price", price(request)},
                       {"line_price", price(request)},
                       {"price_set", {{"shop_money", money}, {"presentment_money", money}}},
                       {"gift_card", false},
                       {"properties", Json::object()}};
    return Json::array({line});
}

Json customer(Request const& request) {
    return {{"id", number("customer", request)},
            {"email", request.email},
            {"phone", text_or_null(request.phone)},
            {"first_name", "Jane"},
            {"last_name", "Doe"}};
}

}  // namespace

Webhook cart(Request const& request) {
    Json const body = {{"id", token("cart", request)},
                       {"token", token("cart", request)},
                       {"created_at", to_rfc3339(request.now)},
                       {"updated_at", to_rfc3339(request.now)},
                       {"line_items", lines(request)}};
    return {"carts/update", body.dump()};
}

Webhook checkout(Request const& request, bool with_lines) {
    auto const total = with_lines ? price(request) : decimal_text(Money{0, request.currency});
    Json const body = {{"token", token("checkout", request)},
                       {"cart_token", token("cart", request)},
                       {"email", request.email},
                       {"phone", text_or_null(request.phone)},
                       {"gateway", "shopify_payments"},
                       {"buyer_accepts_marketing", true},
                       {"buyer_accepts_sms_marketing", !request.phone.empty()},
                       {"sms_marketing_phone", text_or_null(request.phone)},
                       {"created_at", to_rfc3339(request.now)},
                       {"updated_at", to_rfc3339(request.now)},
                       {"completed_at", nullptr},
                       {"currency", request.currency},
                       {"presentment_currency", request.currency},
                       {"customer_locale", "en-US"},
                       {"source_name", "web"},
                       {"abandoned_checkout_url", "https://" + request.store.shop_domain + "/checkouts/ac/" +
                                                      token("cart", request) + "/recover"},
                       {"discount_codes", Json::array()},
                       {"shipping_address", {{"country_code", "US"}, {"province_code", "NY"}, {"zip", "10001"}}},
                       {"subtotal_price", total},
                       {"total_price", total},
                       {"line_items", with_lines ? lines(request) : Json::array()},
                       {"customer", customer(request)}};
    return {"checkouts/update", body.dump()};
}

Webhook order(Request const& request, std::string_view financial_status, std::string topic) {
    Json const body = {{"id", number("order", request)},
                       {"token", token("order", request)},
                       {"checkout_token", token("checkout", request)},
                       {"cart_token", token("cart", request)},
                       {"email", request.email},
                       {"phone", text_or_null(request.phone)},
                       {"customer", customer(request)},
                       {"name", "#1001"},
                       {"created_at", to_rfc3339(request.now)},
                       {"processed_at", to_rfc3339(request.now)},
                       {"updated_at", to_rfc3339(request.now)},
                       {"cancelled_at", nullptr},
                       {"financial_status", financial_status},
                       {"currency", request.currency},
                       {"total_price", price(request)},
                       {"subtotal_price", price(request)},
                       {"discount_codes", Json::array()},
                       {"test", false},
                       {"source_name", "web"},
                       {"landing_site", "/"},
                       {"refunds", Json::array()},
                       {"line_items", lines(request)}};
    return {std::move(topic), body.dump()};
}

Webhook transaction(Request const& request, bool success) {
    Json const code = success ? Json(nullptr) : Json("card_declined");
    Json const body = {{"id", number(success ? "success" : "failure", request)},
                       {"order_id", number("order", request)},
                       {"kind", "sale"},
                       {"gateway", "shopify_payments"},
                       {"status", success ? "success" : "failure"},
                       {"message", success ? "Transaction approved" : "Your card was declined."},
                       {"error_code", code},
                       {"amount", price(request)},
                       {"currency", request.currency},
                       {"test", false},
                       {"created_at", to_rfc3339(request.now)},
                       {"processed_at", to_rfc3339(request.now)}};
    return {"order_transactions/create", body.dump()};
}

std::vector<Webhook> revocations(Request const& request) {
    Json const state = {{"state", "unsubscribed"},
                        {"opt_in_level", "single_opt_in"},
                        {"consent_updated_at", to_rfc3339(request.now)}};
    auto const id = number("customer", request);
    Json const email = {{"customer_id", id}, {"email_address", request.email}, {"email_marketing_consent", state}};
    std::vector<Webhook> out{{"customers_email_marketing_consent/update", email.dump()}};
    if (request.phone.empty()) return out;
    Json const sms = {{"id", id}, {"phone", request.phone}, {"sms_marketing_consent", state}};
    out.push_back({"customers_marketing_consent/update", sms.dump()});
    return out;
}

}  // namespace recoup::trigger
