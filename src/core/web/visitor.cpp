#include "core/web/visitor.hpp"

#include "core/web/text.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace recoup::core {
namespace {

/// Parts of the names by which crawlers, link previews, monitors, HTTP libraries and automated browsers go.
constexpr auto robots = std::to_array<std::string_view>({
    "bot/",      "bot;",        "bot)",       "bot ",        "crawl",      "spider",      "slurp",       "headless",
    "phantomjs", "puppeteer",   "playwright", "selenium",    "webdriver",  "cypress",     "electron/",   "python",
    "curl/",     "wget/",       "libwww",     "httpclient",  "http-client", "okhttp",     "java/",       "node-fetch",
    "undici",    "axios/",      "postman",    "insomnia/",   "scrapy",     "lighthouse",  "pagespeed",   "gtmetrix",
    "preview",   "externalhit", "whatsapp",   "monitor",     "uptime",     "pingdom",     "prerender",   "archive",
    "bytespider"});

}  // namespace

bool is_prefetch(HttpRequest const& head) {
    constexpr std::array<std::string_view, 4> names{"sec-purpose", "purpose", "x-purpose", "x-moz"};
    return std::any_of(names.begin(), names.end(), [&](std::string_view name) {
        auto const value = lower_ascii(head.header(name));
        return value.starts_with("prefetch") || value.starts_with("preview") || value.starts_with("prerender");
    });
}

bool is_robot(std::string_view user_agent) {
    return user_agent.size() < 8 || is_named_robot(user_agent);   // "node", "Go": no browser is that short
}

bool is_named_robot(std::string_view user_agent) {
    auto const agent = lower_ascii(user_agent);
    if (agent.ends_with("bot")) return true;
    if (agent.find("cubot") != std::string::npos) return false;    // a maker of phones
    return std::any_of(robots.begin(), robots.end(), [&](std::string_view part) { return agent.find(part) != std::string::npos; });
}

Visitor visitor_of(HttpRequest const& head) {
    if (head.header("sec-gpc") == "1" || head.header("dnt") == "1") return Visitor::objector;
    if (is_prefetch(head)) return Visitor::prefetch;
    return is_robot(head.header("user-agent")) ? Visitor::robot : Visitor::shopper;
}

}  // namespace recoup::core
