#include "fuzz/support/source_bodies.hpp"

#include "fuzz/support/input.hpp"
#include "fuzz/support/target.hpp"

#include <algorithm>
#include <map>

namespace recoup::fuzz {
namespace {

using Bodies = std::vector<std::string>;

Bodies topics(std::string const& header, std::vector<std::pair<std::string, std::string>> const& all) {
    Bodies bodies;
    for (auto const& [topic, body] : all) bodies.push_back(header + ": " + topic + "\n\n" + body);
    return bodies;
}

Bodies shopify() {
    std::string const lines =
        R"("line_items":[{"key":"k","variant_id":41327142600817,"product_id":7234590408817,"sku":"HB","title":"Board",)"
        R"("variant_title":"158","quantity":2,"price":"600.00","discounted_price":"500.00","gift_card":false,)"
        R"("price_set":{"shop_money":{"amount":"600.00","currency_code":"USD"}},"properties":null}],)";
    std::string const person =
        R"("email":"jane@example.com","phone":"(212) 555-1234","customer":{"id":603851970716743426,"first_name":"J"},)"
        R"("shipping_address":[],"billing_address":{"country_code":"US","zip":"1"},"currency":"EUR",)"
        R"("discount_codes":[{"code":"HELLO"}],"total_price":"1200.00","subtotal_price":"1200.00",)"
        R"("created_at":"2025-11-20T10:05:00+00:00","updated_at":"2025-11-20T05:05:02-05:00")";
    return topics(
        "X-Shopify-Topic",
        {{"carts/update",
          R"({"id":"Z2Nw","token":"Z2Nw?key=a",)" + lines + R"("updated_at":"2025-11-20T10:03:44.902Z"})"},
         {"checkouts/update",
          R"({"token":"84ad","cart_token":"Z2Nw","gateway":null,"presentment_currency":"JPY",)"
          R"("buyer_accepts_marketing":true,)"
          R"("buyer_accepts_sms_marketing":true,"sms_marketing_phone":"+12125551234",)"
          R"("abandoned_checkout_url":"https://a.b/c",)" +
              lines + person + "}"},
         {"checkouts/delete", R"({"id":981820079255243537,"cart_token":"eeaf","presentment_currency":"USD"})"},
         {"orders/create",
          R"({"id":820982911946154508,"checkout_token":"ct","cart_token":null,"financial_status":"paid","test":true,)"
          R"("cancelled_at":null,"landing_site":"/?a","contact_email":"",)" +
              lines + person + "}"},
         {"orders/cancelled", R"({"id":1,"cancelled_at":"2025-11-20T10:00:00Z"})"},
         {"order_transactions/create",
          R"({"id":12,"order_id":34,"kind":"sale","status":"failure","amount":"419.95","currency":"USD",)"
          R"("error_code":"card_declined","processed_at":"2025-11-20T10:00:00Z"})"},
         {"refunds/create",
          R"({"id":7,"order_id":8,"refund_line_items":[{"subtotal":89.99,"total_tax":"0.1","subtotal_set":)"
          R"({"shop_money":{"currency_code":"KWD"}}}]})"},
         {"customers/update",
          R"({"id":5,"email":"a@b.example","phone":"+15551234567","default_address":{"country_code":"us"}})"},
         {"customers_email_marketing_consent/update",
          R"({"customer_id":7,"email_address":"bob@biller.com","email_marketing_consent":)"
          R"({"state":"subscribed","consent_updated_at":"2025-11-19T00:00:00Z"}})"},
         {"customers_marketing_consent/update",
          R"({"id":7,"phone":"+15551234567","sms_marketing_consent":{"state":"unsubscribed"}})"},
         {"products/update",
          R"({"id":1,"status":"active","image":{"src":"https://a.b/c.jpg"},"images":[{"id":9,"src":"//a.b"}],)"
          R"("variants":)"
          R"([{"id":2,"price":"6.00","inventory_policy":"deny","inventory_quantity":-3,"inventory_item_id":77,)"
          R"("image_id":9}]})"},
         {"variants/out_of_stock", R"({"id":2,"product_id":1,"price":1,"inventory_management":null})"},
         {"inventory_levels/update",
          R"({"inventory_item_id":271878346596884015,"location_id":24826418,"available":6})"},
         {"customers/data_request",
          R"({"customer":{"id":191167,"email":"john@example.com","phone":"555-625-1199"},"data_request":{"id":9}})"},
         {"customers/redact", R"({"customer":{"email":"john@example.com"},"orders_to_redact":[299938]})"},
         {"shop/redact", R"({"shop_id":954889})"},
         {"app/uninstalled", R"({"id":1,"myshopify_domain":null})"}});
}

Bodies events() {
    std::string const data =
        R"("data":{"cart_id":"c1","order_id":"o1","payment_id":"p1","refund_id":"r1","amount":"1.00","currency":"JPY",)"
        R"("customer":{"id":"5","email":"jane@example.com","phone":"+12125551234","country":"US",)"
        R"("accepts_email_marketing":true},"consents":[{"channel":"sms","state":"granted"}],"total":12.5,)"
        R"("lines":[{"product_id":"p","quantity":2,"price":"6.25","title":"Hat"}],"items":[],"url":"https://a.b/c"})";
    Bodies bodies;
    for (std::string const type :
         {"cart.updated", "checkout.started", "cart.deleted", "order.completed", "order.cancelled", "order.refunded",
          "payment.failed", "subscription.renewed", "subscription.cancelled", "customer.updated", "consent.updated",
          "customer.erase", "product.updated"})
        bodies.push_back(R"({"id":"e1","type":")" + type + R"(","timestamp":"2025-11-20T10:05:00Z",)" + data + "}");
    bodies.push_back("Content-Type: application/x-ndjson\n\n" + bodies[0] + "\n\n" + bodies[1] + "\r\n[]\n");
    bodies.push_back(
        "Content-Type: application/cloudevents+json\n\n"
        R"({"specversion":"1.0","id":"1","source":"/s","type":"cart.updated","time":)"
        R"("2025-11-20T10:05:00Z",)" +
        data + "}");
    bodies.push_back(
        R"({"specversion":"1.0","id":"1","source":"/s","type":"cart.deleted",)"
        R"("data_base64":"eyJjYXJ0X2lkIjoiYzEifQ=="})");
    bodies.push_back(
        "ce-specversion: 1.0\nce-id: \"%41\\\"\"\nce-source: /s\nce-type: cart.deleted\nce-time: "
        "2025-11-20T10:05:00Z\n\n"
        R"({"cart_id":"c1"})");
    bodies.push_back("Content-Encoding: gzip\nIdempotency-Key: \"k\"\n\n" +
                     bytes("\x1f\x8b\x08\0\0\0\0\0\0\x03\xab\xae\5\0\x43\xbf\xa6\xa3\2\0\0\0"));
    return bodies;
}

Bodies segment() {
    Bodies bodies;
    for (std::string const event :
         {"Product Viewed", "Product Added", "Cart Viewed", "Checkout Started", "Payment Info Entered",
          "Order Completed", "Order Refunded", "Order Cancelled", "Payment Failed"})
        bodies.push_back(
            R"({"type":"track","messageId":"m","userId":"5","event":")" + event +
            R"(","timestamp":"2025-11-20T10:05:00Z","properties":)"
            R"({"cart_id":"c","checkout_id":"k","order_id":"o","currency":"eur","total":12.5,"revenue":"1",)"
            R"("coupon":"C","shipping_method":"x",)"
            R"("products":[{"product_id":"p","quantity":2,"price":6.25,"name":"Hat"}]},"context":{"locale":"en",)"
            R"("traits":{"email":"a@b.example"}}})");
    for (std::string const type : {"identify", "page", "alias", "group"})
        bodies.push_back(
            R"({"writeKey":"wk_sample","type":")" + type +
            R"(","messageId":"m2","userId":"5","previousId":"a","anonymousId":"a1","traits":)"
            R"({"email":"j@example.com","phone":"+12125551234","name":"Jane Doe","accepts_sms_marketing":true,)"
            R"("address":{"country":"us"}},)"
            R"("sentAt":"2025-11-20T10:09:00Z","originalTimestamp":"2025-11-20T10:08:00Z"})");
    return bodies;
}

Bodies stripe() {
    Bodies bodies;
    for (std::string const type :
         {"payment_intent.payment_failed", "payment_intent.succeeded", "charge.failed", "charge.refunded",
          "invoice.payment_failed", "invoice.paid", "customer.subscription.updated", "customer.subscription.deleted",
          "customer.updated", "checkout.session.completed", "checkout.session.expired"})
        bodies.push_back(
            R"({"id":"evt_1","type":")" + type +
            R"(","created":1763633390,"livemode":false,"data":{"previous_attributes":{"status":)"
            R"("past_due"},"object":{"id":"x_1","amount":1099,"amount_due":1,"amount_total":2,)"
            R"("amount_refunded":3,"currency":"ugx","customer":)"
            R"({"id":"cus_9"},"status":"canceled","payment_intent":"pi_1","invoice":"in_1",)"
            R"("subscription":"sub_1","receipt_email":"j@example.com",)"
            R"("metadata":{"cart_id":"c1","order_id":"o1"},"customer_details":{"email":"j@example.com",)"
            R"("phone":"+1212","address":{"country":"US"}},)"
            R"("hosted_invoice_url":"https://a.b","after_expiration":{"recovery":{"url":"https://a.b",)"
            R"("expires_at":1}},"payment_status":"unpaid",)"
            R"("billing_details":{"email":"a@b.example"},"last_payment_error":{"code":"card_declined",)"
            R"("decline_code":"x","charge":"ch_1"},)"
            R"("outcome":{"reason":"y"},"failure_code":"z","refunds":{"data":[{"id":"re_1","amount":1}]},)"
            R"("consent":{"promotions":"opt_in"}}}})");
    return bodies;
}

Bodies woocommerce() {
    std::string const order =
        R"({"id":7,"status":"pending","currency":"USD","total":"12.00","cart_hash":"h","customer_id":3,)"
        R"("date_paid_gmt":null,)"
        R"("date_modified_gmt":"2025-11-20T10:05:00","date_created_gmt":"2025-11-20T10:05:00",)"
        R"("payment_url":"https://a.b",)"
        R"("billing":{"email":"jane@example.com","phone":"212 555 1234","country":"US"},"coupon_lines":[{"code":"A"}],)"
        R"("line_items":[{"product_id":1,"variation_id":0,"quantity":2,"total":"12.00","price":6}],)"
        R"("refunds":[{"id":8,"total":"-5"}]})";
    return topics(
        "X-WC-Webhook-Topic",
        {{"order.created", order},
         {"order.updated", order},
         {"order.deleted", R"({"id":7})"},
         {"customer.updated",
          R"({"id":3,"email":"a@b.example","billing":{"phone":"1","state":"NY"},"first_name":"J"})"},
         {"customer.deleted", R"({"id":3})"},
         {"product.updated",
          R"({"id":1,"type":"variation","parent_id":2,"manage_stock":true,"stock_quantity":3,"price":"1.5",)"
          R"("images":[]})"},
         {"product.deleted", R"({"id":1})"}});
}

Bodies bigcommerce() {
    Bodies bodies;
    for (std::string const scope : {"cart/created", "cart/lineItem/updated", "cart/deleted", "cart/converted",
                                    "cart/abandoned", "order/created", "customer/updated", "app/uninstalled"})
        bodies.push_back(R"({"scope":"store/)" + scope +
                         R"(","producer":"stores/abc","created_at":1763633390,"data":{"type":"cart","id":"c1",)"
                         R"("cartId":"c2","orderId":5}})");
    return bodies;
}

Bodies twilio() {
    return {"MessageSid=SM1&From=%2B15551234567&To=%2B15557654321&Body=Stop+it",
            "OptOutType=START&MessageSid=SM1&From=%2B15551234567&Body=",
            "MessageSid=SM1&MessageStatus=undelivered&ErrorCode=21610&To=%2B15551234567",
            "SmsSid=SM2&MessageStatus=delivered&=&&%zz=%e2%82%ac", "Content-Type: application/json\n\n{}"};
}

Bodies pixel() {
    return {
        R"({"key":"pk_sample","anonymous_id":"a1","session_id":"s1","cart_token":"c1","checkout_token":"k1",)"
        R"("events":[{"id":"1","type":)"
        R"("payment_method_selected","method":"paypal","timestamp":1763633390000},{"type":"time_on_page",)"
        R"("duration_ms":99},[],null]})"};
}

}  // namespace

std::vector<std::string> source_bodies(std::string_view source) {
    static std::map<std::string_view, Bodies (*)()> const makers{
        {"shopify", shopify},         {"events", events},           {"segment", segment}, {"stripe", stripe},
        {"woocommerce", woocommerce}, {"bigcommerce", bigcommerce}, {"twilio", twilio},   {"pixel", pixel}};
    auto const maker = makers.find(source);
    return maker == makers.end() ? Bodies{} : maker->second();
}

HttpRequest request_of(test::Sample const& sample, std::string_view text) {
    auto http = sample.http;
    Input input(text);
    if (text.find("\n\n") != std::string_view::npos) {
        Input head(input.until("\n\n"));
        while (!head.empty()) {
            auto const line = head.until("\n");
            auto const name = line.substr(0, line.find(':'));
            if (name.size() + 2 > line.size()) continue;
            auto const held =
                std::ranges::find_if(http.headers, [&](auto const& header) { return header.first == name; });
            if (held != http.headers.end()) held->second = line.substr(name.size() + 2);
            else http.headers.emplace_back(name, line.substr(name.size() + 2));
        }
    }
    http.body = input.rest();
    return http;
}

}  // namespace recoup::fuzz
