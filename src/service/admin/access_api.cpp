#include "service/admin/access_api.hpp"

#include "core/key/shop_key.hpp"
#include "service/admin/admin_route.hpp"
#include "service/admin/answers.hpp"
#include "service/admin/api_json.hpp"
#include "service/admin/list_query.hpp"

#include <algorithm>
#include <array>

namespace recoup::service {
namespace {

constexpr std::size_t key_body = 8 * 1024, origins_body = 32 * 1024;

ApiJson key_json(ShopSecret const& key, Instant now, std::string const& shown = {}) {
    ApiJson scopes = ApiJson::array();
    for (auto const& scope : key.scopes) scopes.push_back(scope);
    if (key.scopes.empty()) scopes.push_back("*");
    ApiJson json = {{"id", core::key_id(key)},
                    {"source", key.source},
                    {"kind", key.kind},
                    {"name", text_or_null(key.label)},
                    {"hint", text_or_null(key.hint)},
                    {"scopes", std::move(scopes)},
                    {"active", core::is_active(key, now)},
                    {"created_at", time_or_null(key.created_at)},
                    {"expires_at", time_or_null(key.not_after)},
                    {"last_used_at", time_or_null(key.last_used_at)}};
    if (!shown.empty()) json["key"] = shown;
    return json;
}

ApiJson page_of(ApiJson data) { return {{"data", std::move(data)}, {"next", nullptr}}; }

Result<std::vector<std::string>> texts(ApiJson const& json, std::string_view member) {
    std::vector<std::string> found;
    bool const good = json.is_array() && std::all_of(json.begin(), json.end(), [](auto const& one) { return one.is_string(); });
    if (!good) return error(Errc::invalid, "'" + std::string(member) + "' must be a list of texts.");
    for (auto const& one : json) found.push_back(one.get<std::string>());
    return found;
}

/// Reads the body as an object of these members only; `needed` is one that must be there.
Result<void> read_object(std::string const& body, std::span<std::string_view const> members, std::string_view needed,
                         ApiJson& json) {
    json = ApiJson::parse(body, nullptr, false);
    if (!json.is_object()) return error(Errc::invalid, "The body must be a JSON object.");
    for (auto const& [name, value] : json.items())
        if (std::find(members.begin(), members.end(), name) == members.end())
            return error(Errc::invalid, "The body has a member that is not known: '" + name + "'.");
    if (!json.contains(needed)) return error(Errc::invalid, "The body needs '" + std::string(needed) + "'.");
    return {};
}

Result<KeyWish> read_wish(std::string const& body) {
    constexpr std::array<std::string_view, 4> members{"source", "scopes", "name", "expires_at"};
    ApiJson json;
    if (auto const read = read_object(body, members, "source", json); !read) return read.error();
    KeyWish wish;
    for (auto const& [name, value] : json.items()) {
        if (name == "scopes") {
            auto scopes = texts(value, name);
            if (!scopes) return scopes.error();
            wish.scopes = *std::move(scopes);
        } else if (!value.is_string() && !(value.is_null() && name != "source")) {
            return error(Errc::invalid, "'" + name + "' must be a text.");
        } else if (name == "source") {
            wish.source = value.get<std::string>();
        } else if (name == "name" && value.is_string()) {
            wish.label = value.get<std::string>();
        } else if (name == "expires_at" && value.is_string()) {
            auto const at = parse_rfc3339(value.get<std::string>());
            if (!at) return error(Errc::invalid, "'expires_at' must be RFC 3339, like 2027-01-01T00:00:00Z.");
            wish.not_after = *at;
        }
    }
    return wish;
}

ApiJson origins_json(std::vector<std::string> const& origins) {
    ApiJson list = ApiJson::array();
    for (auto const& origin : origins) list.push_back(origin);
    return {{"origins", std::move(list)}};
}

}  // namespace

Route AccessApi::route(std::string method, std::string pattern, std::string_view summary, std::size_t body_limit,
                       Answer answer) {
    auto out = admin_route(std::move(method), std::move(pattern), summary,
                           [this, answer](HttpRequest const& request) { return (this->*answer)(request); });
    out.body_limit = body_limit;
    return out;
}

std::vector<Route> AccessApi::routes() {
    return {
        route("GET", "/v1/shops/{shop}/keys", "Keys, the oldest first, ended ones too", 0, &AccessApi::keys),
        route("POST", "/v1/shops/{shop}/keys", "Make a key; only this answer shows it", key_body, &AccessApi::create_key),
        route("DELETE", "/v1/shops/{shop}/keys/{key}", "Revoke a key", 0, &AccessApi::revoke_key),
        route("GET", "/v1/shops/{shop}/origins", "Origins whose pages may use the pixel, beside the storefront's own", 0,
              &AccessApi::origins),
        route("PUT", "/v1/shops/{shop}/origins", "Replace the origins", origins_body, &AccessApi::set_origins),
    };
}

Result<std::string> AccessApi::keys(HttpRequest const& request) {
    auto const found = desk_.list(request.captures.at(0));
    if (!found) return found.error();
    ApiJson data = ApiJson::array();
    for (auto const& key : *found) data.push_back(key_json(key, clock_.now()));
    return dump(page_of(std::move(data)));
}

Result<std::string> AccessApi::create_key(HttpRequest const& request) {
    auto const wish = read_wish(request.body);
    if (!wish) return wish.error();
    auto const now = clock_.now();
    auto const made = desk_.create(request.captures.at(0), *wish, now);
    if (!made) return made.error();
    return dump(key_json(made->key, now, made->shown));
}

Result<std::string> AccessApi::revoke_key(HttpRequest const& request) {
    auto const now = clock_.now();
    auto const ended = desk_.revoke(request.captures.at(0), request.captures.at(1), now);
    if (!ended) return ended.error();
    return dump(key_json(*ended, now));
}

Result<std::string> AccessApi::origins(HttpRequest const& request) {
    auto const found = desk_.origins(request.captures.at(0));
    if (!found) return found.error();
    return dump(origins_json(*found));
}

Result<std::string> AccessApi::set_origins(HttpRequest const& request) {
    constexpr std::array<std::string_view, 1> members{"origins"};
    ApiJson json;
    if (auto const read = read_object(request.body, members, "origins", json); !read) return read.error();
    auto const wanted = texts(json["origins"], "origins");
    if (!wanted) return wanted.error();
    auto const kept = desk_.set_origins(request.captures.at(0), *wanted);
    if (!kept) return kept.error();
    return dump(origins_json(*kept));
}

}  // namespace recoup::service
