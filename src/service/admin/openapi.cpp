#include "service/admin/openapi.hpp"

#include "service/admin/api_schema.hpp"

#include <algorithm>
#include <vector>

namespace recoup::service {
namespace {

using Type = FieldInfo::Type;

ApiJson reference(std::string_view schema) { return {{"$ref", "#/components/schemas/" + std::string(schema)}}; }

ApiJson value_schema(FieldInfo const& field) {
    switch (field.type) {
        case Type::text: return {{"type", "string"}};
        case Type::integer: return {{"type", "integer"}};
        case Type::number: return {{"type", "number"}};
        case Type::boolean: return {{"type", "boolean"}};
        case Type::time: return {{"type", "string"}, {"format", "date-time"}};
        case Type::money: return reference("Money");
        case Type::object: return field.of.empty() ? ApiJson{{"type", "object"}} : reference(field.of);
        case Type::list:
            return {{"type", "array"}, {"items", field.of.empty() ? ApiJson{{"type", "string"}} : reference(field.of)}};
        case Type::interval:
            return {{"type", "array"}, {"items", {{"type", "number"}}}, {"minItems", 2}, {"maxItems", 2}};
    }
    return {};
}

ApiJson field_schema(FieldInfo const& field) {
    auto schema = value_schema(field);
    if (field.nullable) {
        if (schema.contains("$ref")) schema = {{"anyOf", ApiJson::array({schema, {{"type", "null"}}})}};
        else schema["type"] = ApiJson::array({schema["type"], "null"});
    }
    if (!field.help.empty()) schema["description"] = field.help;
    return schema;
}

ApiJson object_schema(SchemaInfo const& info) {
    ApiJson properties = ApiJson::object(), required = ApiJson::array();
    for (auto const& field : info.fields) {
        properties[std::string(field.name)] = field_schema(field);
        if (!field.optional) required.push_back(field.name);
    }
    return {{"type", "object"}, {"properties", properties}, {"required", required}, {"additionalProperties", false}};
}

ApiJson page_schema(std::string_view schema) {
    return {{"type", "object"},
            {"properties",
             {{"data", {{"type", "array"}, {"items", reference(schema)}}},
              {"next", {{"type", {"string", "null"}}, {"description", "Cursor of the next page; null = no more now"}}}}},
            {"required", {"data", "next"}},
            {"additionalProperties", false}};
}

ApiJson path_parameters(std::string_view pattern) {
    ApiJson list = ApiJson::array();
    for (auto open = pattern.find('{'); open != std::string_view::npos; open = pattern.find('{', open + 1)) {
        auto const name = pattern.substr(open + 1, pattern.find('}', open) - open - 1);
        list.push_back({{"name", name}, {"in", "path"}, {"required", true}, {"schema", {{"type", "string"}}}});
    }
    return list;
}

ApiJson good_answer(RouteInfo const* info) {
    ApiJson answer = {{"description", "Done"}};
    if (info == nullptr) return answer;
    ApiJson schema = {{"type", info->content_type == "text/plain" ? "string" : "object"}};
    if (!info->schema.empty()) schema = info->list ? page_schema(info->schema) : reference(info->schema);
    answer["content"][std::string(info->content_type)]["schema"] = std::move(schema);
    return answer;
}

// "GET /v1/shops/{shop}/events" -> "get_v1_shops_shop_events"
std::string operation_id(Route const& route) {
    std::string id;
    for (char const c : route.method + route.pattern) {
        bool const letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (letter) id += c;
        else if (c >= 'A' && c <= 'Z') id += static_cast<char>(c + 32);
        else if (!id.empty() && id.back() != '_') id += '_';
    }
    while (!id.empty() && id.back() == '_') id.pop_back();
    return id;
}

ApiJson request_body(Route const& route, RouteInfo const* info) {
    ApiJson schema = ApiJson::object();
    if (info != nullptr && !info->request_schema.empty()) schema = reference(info->request_schema);
    auto const limit = "At most " + std::to_string(route.body_limit) + " bytes";
    return {{"required", true}, {"description", limit}, {"content", {{"application/json", {{"schema", schema}}}}}};
}

ApiJson operation(Route const& route, std::string_view tag) {
    auto const* info = route_info(route.method, route.pattern);
    auto parameters = path_parameters(route.pattern);
    if (info != nullptr)
        for (auto const& parameter : info->parameters)
            parameters.push_back({{"name", parameter.name},
                                  {"in", "query"},
                                  {"required", false},
                                  {"description", parameter.help},
                                  {"schema", {{"type", parameter.type}}}});
    ApiJson problem = {{"description", "A problem (RFC 9457)"},
                       {"content", {{"application/problem+json", {{"schema", reference("Problem")}}}}}};
    ApiJson out = {{"operationId", operation_id(route)}, {"tags", {tag}}, {"summary", route.summary}};
    if (!parameters.empty()) out["parameters"] = std::move(parameters);
    if (route.body_limit > 0) out["requestBody"] = request_body(route, info);
    out["responses"] = {{info != nullptr ? "200" : "2XX", good_answer(info)}, {"4XX", problem}, {"5XX", problem}};
    if (route.access == Route::Access::admin) out["security"] = ApiJson::array({{{"token", ApiJson::array()}}});
    else out["security"] = ApiJson::array();
    return out;
}

}  // namespace

ApiJson openapi_document(std::span<Listener const> listeners, std::string_view version) {
    ApiJson paths = ApiJson::object(), schemas = ApiJson::object(), tags = ApiJson::array();
    for (auto const& listener : listeners) {
        tags.push_back({{"name", listener.name},
                        {"description", "Served on the " + std::string(listener.name) + " listener"}});
        for (auto const& route : listener.routes) {
            auto method = route.method;
            std::transform(method.begin(), method.end(), method.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
            paths[route.pattern][method] = operation(route, listener.name);
        }
    }
    for (auto const& schema : api_schemas()) schemas[std::string(schema.name)] = object_schema(schema);
    ApiJson token = {{"type", "http"}, {"scheme", "bearer"}, {"description", "The admin token (admin.token)"}};
    return {{"openapi", "3.1.0"},
            {"info",
             {{"title", "Recoup"},
              {"version", version},
              {"description", "Recovers abandoned carts and failed payments. Lists run from oldest to newest."},
              {"license", {{"name", "Apache-2.0"}, {"identifier", "Apache-2.0"}}}}},
            {"servers", ApiJson::array({{{"url", "/"}}})},
            {"tags", std::move(tags)},
            {"paths", std::move(paths)},
            {"components", {{"schemas", std::move(schemas)}, {"securitySchemes", {{"token", std::move(token)}}}}}};
}

Route openapi_route(std::span<Listener const> listeners, std::string_view version) {
    Route route;
    route.method = "GET";
    route.pattern = "/v1/openapi.json";
    route.summary = "This description of every route";
    route.access = Route::Access::admin;

    std::vector<Listener> all(listeners.begin(), listeners.end());
    auto const admin = std::find_if(all.begin(), all.end(), [](Listener const& one) { return one.name == "admin"; });
    std::vector<Route> admin_routes;
    if (admin != all.end()) {
        admin_routes.assign(admin->routes.begin(), admin->routes.end());
        admin_routes.push_back(route);
        admin->routes = admin_routes;
    }
    route.handle = [body = dump(openapi_document(all, version))](HttpRequest const&, Responder const& respond) {
        respond(json_response(200, body));
    };
    return route;
}

}  // namespace recoup::service
