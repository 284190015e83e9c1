#include "contract/source_samples.hpp"

#include "recoup/base/assert.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <set>

namespace recoup::test {
namespace {

void put(HttpRequest& http, std::string_view name, std::string value) {
    for (auto& [known, content] : http.headers)
        if (known == name) {
            content = std::move(value);
            return;
        }
    http.headers.emplace_back(name, std::move(value));
}

std::string form_text(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        auto const digits = text.substr(std::min(i + 1, text.size()), 2);
        int byte = 0;
        auto const [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), byte, 16);
        bool const escape = text[i] == '%' && digits.size() == 2 && digits[0] != '-' && failure == std::errc{} && end == digits.end();
        out += escape ? static_cast<char>(byte) : text[i] == '+' ? ' ' : text[i];
        i += escape ? 2 : 0;
    }
    return out;
}

/// What Twilio signs of a form: every pair once, in order of their names and values, names and values joined.
std::string twilio_fields(std::string_view body) {
    std::set<std::pair<std::string, std::string>> pairs;
    while (!body.empty()) {
        auto const pair = body.substr(0, body.find('&'));
        body.remove_prefix(std::min(body.size(), pair.size() + 1));
        auto const name = pair.substr(0, pair.find('='));
        pairs.emplace(form_text(name), form_text(pair.substr(std::min(pair.size(), name.size() + 1))));
    }
    std::string fields;
    for (auto const& [name, value] : pairs) fields += name + value;
    return fields;
}

void stamp_standard_webhook(HttpRequest& http, std::string const& time) { put(http, "webhook-timestamp", time); }

void shopify(Sample& sample) {
    sample.secrets = {{"demo", "shopify", "hmac", "shpss_sample", never}};
    sample.signature_header = "X-Shopify-Hmac-Sha256";
    put(sample.http, "X-Shopify-Topic", "checkouts/update");
    put(sample.http, "X-Shopify-Webhook-Id", "w-1");
    sample.http.body = R"({"token":"t1","cart_token":"c1","email":"jane@example.com","updated_at":"2025-11-20T10:05:02-05:00",)"
                       R"("currency":"USD","total_price":"12.00","line_items":[{"variant_id":1,"quantity":2,"price":"6.00"}]})";
    sample.sign = [](HttpRequest& http) {
        put(http, "X-Shopify-Hmac-Sha256", to_base64(hmac_sha256(as_bytes("shpss_sample"), http.body)));
    };
}

void events(Sample& sample) {
    auto const key = to_base64(as_bytes("a key of twenty-four byt"));
    sample.secrets = {{"demo", "events", "hmac", "whsec_" + key, never}};
    sample.signature_header = "webhook-signature";
    sample.signature_prefix = "v1,";
    put(sample.http, "webhook-id", "msg_1");
    put(sample.http, "webhook-timestamp", std::to_string(to_millis(sample.received_at) / 1000));
    sample.http.body = R"([{"id":"e1","type":"checkout.started","timestamp":"2025-11-20T10:05:00Z","data":{"cart_id":"c1",)"
                       R"("customer":{"email":"jane@example.com"},"total":"12.50"}},{"type":"comets.sighted","data":{}}])";
    sample.stamp = stamp_standard_webhook;
    sample.sign = [](HttpRequest& http) {
        auto const message = "msg_1." + std::string(http.header("webhook-timestamp")) + "." + http.body;
        put(http, "webhook-signature", "v1," + to_base64(hmac_sha256(as_bytes("a key of twenty-four byt"), message)));
    };
}

void pixel(Sample& sample) {
    sample.secrets = {{"demo", "pixel", "write_key", "pk_sample", never}};
    sample.signs_body = false;
    put(sample.http, "X-Recoup-Key", "pk_sample");
    sample.http.body = R"({"anonymous_id":"a1","session_id":"s1","cart_token":"c1","events":[{"id":"1","type":"page_viewed"},)"
                       R"({"id":"2","type":"checkout_scrolled","depth":80,"timestamp":"2025-11-20T10:09:00Z"}]})";
    sample.sign = [](HttpRequest&) {};
}

void twilio(Sample& sample) {
    sample.secrets = {{"demo", "twilio", "auth_token", "token-of-the-account", never}};
    sample.signature_header = "X-Twilio-Signature";
    sample.signs_raw_bytes = false;
    sample.http.path = "/webhooks/demo/twilio";
    put(sample.http, "Content-Type", "application/x-www-form-urlencoded");
    sample.http.body = "Body=STOP&From=%2B15551234567&MessageSid=SM1&To=%2B15557654321";  // in the order of their names
    sample.sign = [](HttpRequest& http) {
        auto const message = "https://recoup.example/webhooks/demo/twilio" + twilio_fields(http.body);
        put(http, "X-Twilio-Signature", to_base64(hmac_sha1(as_bytes("token-of-the-account"), message)));
    };
}

void segment(Sample& sample) {
    sample.secrets = {{"demo", "segment", "write_key", "wk_sample", never}};
    sample.signs_body = false;
    sample.call = "v1/batch";
    put(sample.http, "Authorization", "Basic " + to_base64(as_bytes("wk_sample:")));
    sample.http.body = R"({"sentAt":"2025-11-20T10:09:59Z","batch":[{"type":"identify","messageId":"m1","userId":"5",)"
                       R"("traits":{"email":"jane@example.com"},"timestamp":"2025-11-20T10:09:00Z"},{"type":"track","messageId":"m2",)"
                       R"("anonymousId":"a1","event":"Checkout Started","properties":{"cart_id":"c1","revenue":12.5,"products":)"
                       R"([{"product_id":"p1","quantity":2,"price":6.25}]}}]})";
    sample.sign = [](HttpRequest&) {};
}

void stripe(Sample& sample) {
    sample.secrets = {{"demo", "stripe", "hmac", "whsec_sample", never}};
    sample.signature_header = "Stripe-Signature";
    sample.signature_prefix = "t=" + std::to_string(to_millis(sample.received_at) / 1000) + ",v1=";
    sample.signature_text = to_hex;
    sample.http.body = R"({"id":"evt_1","object":"event","type":"payment_intent.payment_failed","created":1763633390,"livemode":true,)"
                       R"("data":{"object":{"id":"pi_1","amount":1099,"currency":"usd","customer":"cus_9","receipt_email":)"
                       R"("jane@example.com","last_payment_error":{"code":"card_declined","decline_code":"do_not_honor","charge":"ch_1"}}}})";
    sample.stamp = [](HttpRequest& http, std::string const& time) { put(http, "Stripe-Signature", "t=" + time + ",v1="); };
    sample.stamp(sample.http, std::to_string(to_millis(sample.received_at) / 1000));
    sample.sign = [](HttpRequest& http) {
        std::string const header(http.header("stripe-signature"));
        auto const end = header.find(",v1=");
        auto const time = header.starts_with("t=") && end != header.npos ? header.substr(2, end - 2) : std::string{};
        auto const prefix = "t=" + time + ",v1=";
        put(http, "Stripe-Signature", prefix + to_hex(hmac_sha256(as_bytes("whsec_sample"), time + "." + http.body)));
    };
}

void woocommerce(Sample& sample) {
    sample.secrets = {{"demo", "woocommerce", "hmac", "woo_sample", never}};
    sample.signature_header = "X-WC-Webhook-Signature";
    put(sample.http, "X-WC-Webhook-Topic", "order.updated");
    sample.http.body = R"({"id":7,"status":"refunded","currency":"USD","total":"12.00","date_paid_gmt":"2025-11-20T10:00:00",)"
                       R"("date_modified_gmt":"2025-11-20T10:05:00","billing":{"email":"jane@example.com","country":"US"},"line_items":)"
                       R"([{"product_id":1,"quantity":2,"total":"12.00"}],"refunds":[{"id":8,"total":"-5.00"}]})";
    sample.sign = [](HttpRequest& http) {
        put(http, "X-WC-Webhook-Signature", to_base64(hmac_sha256(as_bytes("woo_sample"), http.body)));
    };
}

void bigcommerce(Sample& sample) {
    sample.secrets = {{"demo", "bigcommerce", "hmac", "bc_client_secret", never}};
    sample.signature_header = "webhook-signature";
    sample.signature_prefix = "v1,";
    put(sample.http, "webhook-id", "msg_1");
    put(sample.http, "webhook-timestamp", std::to_string(to_millis(sample.received_at) / 1000));
    sample.http.body = R"({"scope":"store/cart/updated","store_id":"1","producer":"stores/abc","created_at":1763633390,)"
                       R"("hash":"352e4afc6dd3fc85ea26bfdf3f91852604d57528","data":{"type":"cart","id":"c1"}})";
    sample.stamp = stamp_standard_webhook;
    sample.sign = [](HttpRequest& http) {
        auto const message = "msg_1." + std::string(http.header("webhook-timestamp")) + "." + http.body;
        put(http, "webhook-signature", "v1," + to_base64(hmac_sha256(as_bytes("bc_client_secret"), message)));
    };
}

}  // namespace

std::vector<Sample> samples() {
    std::map<std::string, void (*)(Sample&), std::less<>> const makers{
        {"shopify", shopify}, {"events", events}, {"pixel", pixel}, {"twilio", twilio}, {"segment", segment},
        {"stripe", stripe}, {"woocommerce", woocommerce}, {"bigcommerce", bigcommerce}};
    std::vector<Sample> all;
    for (auto& source : source::all_sources()) {
        Sample sample;
        sample.shop.id = "demo";
        sample.shop.currency = "USD";
        sample.shop.country = "US";
        sample.source = std::move(source);
        auto const maker = makers.find(sample.source->name());
        RECOUP_ASSERT(maker != makers.end());  // write a sample for the new source here
        maker->second(sample);
        sample.sign(sample.http);
        all.push_back(std::move(sample));
    }
    return all;
}

}  // namespace recoup::test
