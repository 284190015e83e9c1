#include "service/admin/api_schema.hpp"
#include "service/admin/openapi.hpp"

namespace recoup::service {
namespace {

constexpr std::string_view introduction =
    "# HTTP API\n\n"
    "`GET /v1/openapi.json` on the admin listener describes the same routes as OpenAPI 3.1.\n\n"
    "- Routes marked *token* need `Authorization: Bearer <admin token>`.\n"
    "- Lists run from oldest to newest and answer `{\"data\": [...], \"next\": cursor or null}`. Pass `next` unchanged as\n"
    "  `cursor` for the page behind it; pages do not shift while rows arrive.\n"
    "- Names are snake_case, times RFC 3339 in UTC, money `{\"amount\": \"12.50\", \"minor\": 1250, \"currency\": \"USD\"}`; what\n"
    "  is not known is null.\n"
    "- An unknown query parameter, a wrong value or an unknown shop is answered with a problem (RFC 9457,\n"
    "  `application/problem+json`) that says what to do.\n\n";

std::string type_text(FieldInfo const& field) {
    using Type = FieldInfo::Type;
    std::string const of(field.of);
    switch (field.type) {
        case Type::text: return "text";
        case Type::integer: return "integer";
        case Type::number: return "number";
        case Type::boolean: return "boolean";
        case Type::time: return "time";
        case Type::money: return "Money";
        case Type::object: return of.empty() ? "object" : of;
        case Type::list: return "list of " + (of.empty() ? "text" : of);
        case Type::interval: return "[low, high]";
    }
    return {};
}

std::string routes_table(Listener const& listener) {
    std::string page = "## Routes of the " + std::string(listener.name) + " listener\n\n";
    page += "| route | access | what it does | answers |\n|---|---|---|---|\n";
    for (auto const& route : listener.routes) {
        auto const* info = route_info(route.method, route.pattern);
        std::string answer;
        if (info != nullptr && !info->schema.empty())
            answer = (info->list ? "list of " : "") + std::string(info->schema);
        std::string const access = route.access == Route::Access::admin ? "token" : "open";
        page += "| `" + route.method + " " + route.pattern + "` | " + access + " | " + route.summary + " | " + answer +
                " |\n";
    }
    return page + "\n";
}

std::string parameters_table(Listener const& listener) {
    std::string page = "## Query parameters\n\n";
    for (auto const& route : listener.routes) {
        auto const* info = route_info(route.method, route.pattern);
        if (info == nullptr || info->parameters.empty()) continue;
        page += "`" + route.method + " " + route.pattern + "`:\n";
        for (auto const& parameter : info->parameters)
            page += "- `" + std::string(parameter.name) + "`: " + std::string(parameter.help) + "\n";
        page += "\n";
    }
    return page;
}

std::string schema_tables() {
    std::string page = "## Shapes\n";
    for (auto const& schema : api_schemas()) {
        page += "\n### " + std::string(schema.name) + "\n\n| field | type | meaning |\n|---|---|---|\n";
        for (auto const& field : schema.fields) {
            page += "| `" + std::string(field.name) + "` | " + type_text(field) + (field.nullable ? " or null" : "") +
                    (field.optional ? ", may be absent" : "") + " | " + std::string(field.help) + " |\n";
        }
    }
    return page;
}

}  // namespace

std::string api_markdown(std::span<Listener const> listeners) {
    std::string page(introduction);
    for (auto const& listener : listeners) page += routes_table(listener);
    for (auto const& listener : listeners)
        if (listener.name == "admin") page += parameters_table(listener);
    return page + schema_tables();
}

}  // namespace recoup::service
