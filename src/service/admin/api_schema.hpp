#pragma once
// The shape of every answer of the admin API, once: the OpenAPI document and docs/api.md are made from it, and a test
// holds what is served against it.

#include "service/admin/list_query.hpp"

#include <span>
#include <string_view>

namespace recoup::service {

struct FieldInfo {
    enum class Type : unsigned char { text, integer, number, boolean, time, money, object, list, interval };

    std::string_view name;
    Type type = Type::text;
    bool nullable = false;
    std::string_view help = {};
    std::string_view of = {};   // object, list: name of a schema; empty = a list of texts, an object of any shape
    bool optional = false;      // left out unless asked for
};

struct SchemaInfo {
    std::string_view name;
    std::span<FieldInfo const> fields;
};

std::span<SchemaInfo const> api_schemas();

/// What is known about a route beyond its Route: its parameters and the schema of its 200 answer.
struct RouteInfo {
    std::string_view method, pattern;
    std::span<ParameterInfo const> parameters;
    std::string_view schema;    // empty = described by content_type alone
    bool list = false;          // {"data": [schema], "next": ...}
    std::string_view content_type = "application/json";
    std::string_view request_schema = {};
};

/// nullptr for a route of another part.
RouteInfo const* route_info(std::string_view method, std::string_view pattern);


}  // namespace recoup::service
