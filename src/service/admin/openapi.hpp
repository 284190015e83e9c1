#pragma once
// The OpenAPI 3.1 document and docs/api.md, both from the Route tables that are served and the schemas beside them.

#include "recoup/port/http.hpp"
#include "service/admin/api_json.hpp"

#include <span>
#include <string>
#include <string_view>

namespace recoup::service {

struct Listener {
    std::string_view name;             // "public", "admin": the tag of its routes
    std::span<Route const> routes;
};

ApiJson openapi_document(std::span<Listener const> listeners, std::string_view version);

/// GET /v1/openapi.json for the listeners given; the document describes this route too (under "admin").
Route openapi_route(std::span<Listener const> listeners, std::string_view version);

/// docs/api.md.
std::string api_markdown(std::span<Listener const> listeners);

}  // namespace recoup::service
