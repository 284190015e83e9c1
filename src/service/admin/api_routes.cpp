// Parameters and answers of the routes, beside their Route tables.
#include "service/admin/api_schema.hpp"

#include <algorithm>
#include <array>

namespace recoup::service {
namespace {

constexpr std::array message_list_parameters{
    ParameterInfo{"limit", "integer", "Items on a page, 1 to 200; 100 if not given"},
    ParameterInfo{"cursor", "string", "The `next` of the answer before; not given = from the oldest"},
    ParameterInfo{"email", "string", "Only what belongs to the person with this address"},
    ParameterInfo{"cart", "string", "Only what belongs to this cart, by its id or any of its tokens"},
    ParameterInfo{"since", "string", "Only what is as new as this RFC 3339 time or newer"},
    ParameterInfo{"include", "string", "`content` adds subject, text, html and target_url"},
};
constexpr std::array export_list_parameters{
    message_list_parameters[0], message_list_parameters[1], message_list_parameters[2],
    message_list_parameters[3], message_list_parameters[4],
    ParameterInfo{"include", "string", "`content` adds the document"},
};
constexpr std::size_t without_content = message_list_parameters.size() - 1;
constexpr std::array period_parameters{
    ParameterInfo{"since", "string", "Start of the period, RFC 3339; not given = from the beginning"},
    ParameterInfo{"until", "string", "End of the period (not included), RFC 3339; not given = now"},
};
constexpr std::array story_parameters{
    ParameterInfo{"email", "string", "The person's address"},
    ParameterInfo{"message", "string", "A message's id"},
    ParameterInfo{"enrollment", "string", "An enrollment's id; give exactly one of the three"},
};
constexpr std::array letter_list_parameters{
    message_list_parameters[0], message_list_parameters[1],
    ParameterInfo{"shop", "string", "Only of this shop"},
    ParameterInfo{"source", "string", "Only of this source"},
    ParameterInfo{"reason", "string", "Only of this kind (unusable, unreadable, poison) or with this text in the reason"},
    message_list_parameters[4],
    ParameterInfo{"before", "string", "Only what came before this RFC 3339 time"},
};
constexpr std::array letter_parameters{
    ParameterInfo{"include", "string", "`raw` adds the original bytes, which may hold personal data"},
};
constexpr std::array replay_parameters{
    ParameterInfo{"dry_run", "string", "`true` only tells what would become of it"},
};
constexpr std::array drop_parameters{ParameterInfo{"note", "string", "Why, for the record; no personal data"}};
constexpr std::array unknown_parameters{
    ParameterInfo{"status", "string", "`unknown`, which is also what is listed without it"},
    message_list_parameters[0], message_list_parameters[1],
    ParameterInfo{"shop", "string", "Only of this shop"},
};
constexpr std::array resolve_parameters{ParameterInfo{"outcome", "string", "`sent` or `not_sent`"}};
constexpr std::array pause_parameters{
    ParameterInfo{"shop", "string", "A shop; not given = every one"},
    ParameterInfo{"channel", "string", "email, sms, push or ads; not given = every one"},
    ParameterInfo{"sequence", "string", "A sequence; not given = every one"},
    ParameterInfo{"incentives", "string", "`true`: only the incentives of a shop, or of all"},
    ParameterInfo{"note", "string", "Why, for the record; no personal data"},
};
constexpr auto resume_parameters = std::span(pause_parameters).first(4);
constexpr std::array verbose_parameters{ParameterInfo{"verbose", "string", "One line for each check"}};

constexpr std::span<ParameterInfo const> lists = std::span(message_list_parameters).first(without_content);
constexpr bool a_list = true;
constexpr std::string_view json = "application/json", plain_text = "text/plain";

constexpr std::array routes{
    RouteInfo{"GET", "/v1/shops", {}, "Shop", a_list, json, {}},
    RouteInfo{"GET", "/v1/shops/{shop}/events", lists, "Event", a_list, json, {}},
    RouteInfo{"GET", "/v1/shops/{shop}/people", lists, "Person", a_list, json, {}},
    RouteInfo{"GET", "/v1/shops/{shop}/carts", lists, "Cart", a_list, json, {}},
    RouteInfo{"GET", "/v1/shops/{shop}/enrollments", lists, "Enrollment", a_list, json, {}},
    RouteInfo{"GET", "/v1/shops/{shop}/messages", message_list_parameters, "Message", a_list, json, {}},
    RouteInfo{"GET", "/v1/shops/{shop}/decisions", lists, "Decision", a_list, json, {}},
    RouteInfo{"GET", "/v1/shops/{shop}/orders", lists, "Order", a_list, json, {}},
    RouteInfo{"GET", "/v1/shops/{shop}/exports", export_list_parameters, "Export", a_list, json, {}},
    RouteInfo{"GET", "/v1/shops/{shop}/report", period_parameters, "Report", false, json, {}},
    RouteInfo{"GET", "/v1/shops/{shop}/why", story_parameters, "Story", a_list, json, {}},
    RouteInfo{"GET", "/v1/shops/{shop}/keys", {}, "ShopKey", a_list, json, {}},
    RouteInfo{"POST", "/v1/shops/{shop}/keys", {}, "ShopKey", false, json, "KeyWish"},
    RouteInfo{"DELETE", "/v1/shops/{shop}/keys/{key}", {}, "ShopKey", false, json, {}},
    RouteInfo{"GET", "/v1/shops/{shop}/origins", {}, "Origins", false, json, {}},
    RouteInfo{"PUT", "/v1/shops/{shop}/origins", {}, "Origins", false, json, "Origins"},
    RouteInfo{"GET", "/v1/dead-letters", letter_list_parameters, "DeadLetter", a_list, json, {}},
    RouteInfo{"GET", "/v1/dead-letters/{letter}", letter_parameters, "DeadLetter", false, json, {}},
    RouteInfo{"POST", "/v1/dead-letters/{letter}/replay", replay_parameters, "LetterOutcome", false, json, {}},
    RouteInfo{"POST", "/v1/dead-letters/{letter}/drop", drop_parameters, "LetterOutcome", false, json, {}},
    RouteInfo{"GET", "/v1/messages", unknown_parameters, "UnknownMessage", a_list, json, {}},
    RouteInfo{"POST", "/v1/messages/{message}/resolve", resolve_parameters, "Resolution", false, json, {}},
    RouteInfo{"GET", "/v1/pauses", {}, "Pause", a_list, json, {}},
    RouteInfo{"POST", "/v1/pauses", pause_parameters, "Pause", false, json, {}},
    RouteInfo{"DELETE", "/v1/pauses", resume_parameters, "Pause", false, json, {}},
    RouteInfo{"POST", "/v1/clock/advance", {}, "Now", false, json, "Advance"},
    RouteInfo{"GET", "/v1/openapi.json", {}, {}, false, json, {}},
    RouteInfo{"GET", "/livez", {}, {}, false, plain_text, {}},
    RouteInfo{"GET", "/readyz", verbose_parameters, {}, false, plain_text, {}},
    RouteInfo{"GET", "/healthz", verbose_parameters, {}, false, plain_text, {}},
    RouteInfo{"GET", "/metrics", {}, {}, false, plain_text, {}},
};

}  // namespace

RouteInfo const* route_info(std::string_view method, std::string_view pattern) {
    auto const found = std::find_if(routes.begin(), routes.end(), [&](RouteInfo const& info) {
        return info.method == method && info.pattern == pattern;
    });
    return found == routes.end() ? nullptr : &*found;
}

}  // namespace recoup::service
