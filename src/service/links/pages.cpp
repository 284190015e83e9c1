#include "service/links/pages.hpp"

#include "core/link/pixel.hpp"
#include "core/template/filters.hpp"

namespace recoup::service {
namespace {

using core::liquid::escape_html;

HeaderList safe_headers() {
    return {{"Cache-Control", "no-store"},
            {"Content-Security-Policy",
             "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"},
            {"Referrer-Policy", "no-referrer"},
            {"X-Content-Type-Options", "nosniff"},
            {"X-Robots-Tag", "noindex, nofollow"}};
}

HttpResponse page(int status, std::string_view title, std::string_view body) {
    HttpResponse response;
    response.status = status;
    response.content_type = "text/html; charset=utf-8";
    response.headers = safe_headers();
    response.body = "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
                    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>";
    response.body.append(title);
    response.body += "</title><style>body{font:16px/1.5 Helvetica,Arial,sans-serif;color:#222;background:#f4f4f2;margin:0}"
                     "main{max-width:32em;margin:15vh auto 0;padding:32px;background:#fff;border-radius:8px}"
                     "button{font:inherit;padding:12px 24px;border:0;border-radius:6px;background:#1f6f43;color:#fff}"
                     "</style></head><body><main><h1>";
    response.body.append(title).append("</h1>").append(body).append("</main></body></html>\n");
    return response;
}

std::string shop(std::string_view name) { return name.empty() ? "this shop" : escape_html(name); }

}  // namespace

HttpResponse confirm_page(std::string_view shop_name) {
    return page(200, "Unsubscribe?",
                "<p>You will get no more of these messages from " + shop(shop_name) +
                    ".</p><form method=\"post\"><button type=\"submit\" name=\"confirm\" value=\"1\">Unsubscribe"
                    "</button></form>");
}

HttpResponse unsubscribed_page(std::string_view shop_name) {
    return page(200, "You are unsubscribed", "<p>" + shop(shop_name) + " will not send you these messages again.</p>");
}

HttpResponse already_ordered_page(std::string_view shop_name, std::string_view shop_domain) {
    auto body = "<p>Thank you, your order at " + shop(shop_name) + " is already in.</p>";
    if (!shop_domain.empty())
        body += "<p><a href=\"https://" + escape_html(shop_domain) + "\">To the shop</a></p>";
    return page(200, "Already ordered", body);
}

HttpResponse bad_link_page() {
    return page(404, "This link does not work", "<p>It may have been cut off. Please open it from the message again.</p>");
}

HttpResponse expired_link_page() {
    return page(410, "This link has expired", "<p>Please visit the shop directly.</p>");
}

HttpResponse try_again_page() {
    auto response = page(503, "Please try again", "<p>We could not store this just now. Please try again in a minute.</p>");
    response.headers.emplace_back("Retry-After", "60");
    return response;
}

HttpResponse pixel() {
    HttpResponse response;
    response.content_type = "image/gif";
    response.headers = {{"Cache-Control", "no-store, max-age=0"},
                        {"Cross-Origin-Resource-Policy", "cross-origin"},
                        {"X-Content-Type-Options", "nosniff"},
                        {"X-Robots-Tag", "noindex, nofollow"}};
    response.body = core::pixel_gif();
    return response;
}

HttpResponse redirect(std::string_view url) {
    HttpResponse response;
    response.status = 302;
    response.headers = safe_headers();
    response.headers.emplace_back("Location", url);
    return response;
}

}  // namespace recoup::service
