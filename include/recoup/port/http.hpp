#pragma once
// HTTP in and out, without a library's name. The server (adapter/http) owns sockets, limits and deadlines; a handler
// sees one bounded request and answers once.

#include "recoup/base/time.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace recoup {

using HeaderList = std::vector<std::pair<std::string, std::string>>;

struct HttpRequest {
    std::string method;
    std::string path;                    // percent-encoded as received, without the query
    std::string query;                   // without '?'
    HeaderList headers;
    std::string body;
    std::string remote;                  // peer address without port
    bool crowded = false;                // the server is behind and serves others first, if whoever asks can be refused
    std::chrono::nanoseconds waited{};   // for its turn among them
    std::vector<std::string> captures;   // values of {name} in the route's pattern, percent-decoded, in order
    mutable std::shared_ptr<void> ticket;   // left by Route::admit for handle; dropped with the request at the latest

    /// Value of the first header of that name (ASCII case-insensitive); empty when absent.
    std::string_view header(std::string_view name) const;
    /// Percent-decoded value of a query parameter; empty when absent.
    std::string query_value(std::string_view name) const;
};

struct HttpResponse {
    int status = 200;
    std::string content_type;            // empty = no body expected (204)
    HeaderList headers;
    std::string body;
    bool can_wait = false;               // a refusal for load: where there are many, the server lets them leave one by one
};

/// "application/json" of "Application/JSON; charset=utf-8".
std::string media_type(std::string_view content_type);

/// RFC 9457: application/problem+json with type "/problems/<slug>", constant title per slug, status and detail.
HttpResponse problem(int status, std::string_view slug, std::string_view title, std::string_view detail);
HttpResponse json_response(int status, std::string body);

/// Call exactly once, from any thread.
using Responder = std::function<void(HttpResponse)>;

/// One endpoint. The tables of routes are the single source for the server, the OpenAPI document and the docs.
struct Route {
    enum class Run { on_io, on_worker };  // on_worker may block (Postgres); on_io must not
    enum class Access { open, admin };    // admin: bearer token, checked by the server before the body is read

    std::string method;
    std::string pattern;                  // "/webhooks/{shop}/{source}"
    std::string summary;                  // one line, for OpenAPI and docs
    Run run = Run::on_io;
    Access access = Access::open;
    std::size_t body_limit = 0;           // 0 = no body accepted (413 above)
    std::function<void(HttpRequest const&, Responder)> handle;
    /// When set, asked on the I/O thread once method, path and size fit, before the body is read: what it returns is the
    /// answer and the body stays unread. `head` has captures and no body; content_length is 0 when chunked.
    std::function<std::optional<HttpResponse>(HttpRequest const& head, std::uint64_t content_length)> admit = {};
    /// When set, asked before `admit` while the server is behind: whether others come first and this request waits for its turn, as
    /// long as the server's patience lasts.
    std::function<bool(HttpRequest const& head)> yields = {};
};

struct HttpCall {
    std::string method = "POST";
    std::string url;
    HeaderList headers;
    std::string body;
    std::string basic_user, basic_password;   // never logged
    Millis deadline{10000};
};

struct HttpAnswer {
    enum class Kind { answered, not_sent, unanswered };  // unanswered: the request left, no complete answer came
    Kind kind = Kind::not_sent;
    int status = 0;
    HeaderList headers;
    std::string body;
    std::string failure;                  // for people, no secret

    std::string_view header(std::string_view name) const;
};

/// Blocking; thread-safe; verifies TLS; does not follow redirects; bounds the answer to 1 MiB.
class HttpClient {
public:
    virtual ~HttpClient() = default;
    virtual HttpAnswer send(HttpCall const& call) = 0;
};

}  // namespace recoup
