#include "adapter/http/answer.hpp"

#include <boost/beast/http/status.hpp>
#include <spdlog/spdlog.h>

#include <typeinfo>

namespace recoup::http {
namespace {

HttpResponse internal_problem() {
    return problem(500, "internal", "Something went wrong here", "The fault is ours; send the request again later.");
}

void append_value(std::string& out, std::string_view value) {
    for (char const c : value)
        if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7F) out += c;
}

}  // namespace

void append_head(std::string& out, HttpResponse const& response, bool keep_alive) {
    namespace beast_http = boost::beast::http;
    auto const reason = beast_http::obsolete_reason(beast_http::int_to_status(static_cast<unsigned>(response.status)));
    out += "HTTP/1.1 " + std::to_string(response.status) + ' ';
    out.append(reason.data(), reason.size());
    if (!response.content_type.empty()) {
        out += "\r\nContent-Type: ";
        append_value(out, response.content_type);
    }
    for (auto const& [name, value] : response.headers) {
        out += "\r\n";
        append_value(out, name);
        out += ": ";
        append_value(out, value);
    }
    bool const no_length = response.status == 204 || response.status == 304 || response.status < 200;
    if (!no_length) out += "\r\nContent-Length: " + std::to_string(response.body.size());
    out += "\r\nX-Content-Type-Options: nosniff";
    out += keep_alive ? "\r\nConnection: keep-alive\r\n\r\n" : "\r\nConnection: close\r\n\r\n";
}

PendingAnswer::~PendingAnswer() {
    if (!answered_) answer(internal_problem());
}

void PendingAnswer::answer(HttpResponse response) {
    if (answered_.exchange(true)) return;
    auto run = [resume = std::move(resume_), response = std::move(response)]() mutable { resume(std::move(response)); };
    lane_->finished.add(lane_->io, std::move(run));  // never at once: resuming inside the initiation is not allowed
}

void run_handler(Route const& route, HttpRequest const& request, Responder const& respond) {
    try {
        route.handle(request, respond);
    } catch (std::exception const& failure) {
        // The text of an exception may quote what was sent, so only its type is logged.
        spdlog::error("event=http_handler_threw route=\"{} {}\" type={}", route.method, route.pattern,
                      typeid(failure).name());
        respond(internal_problem());
    } catch (...) {
        spdlog::error("event=http_handler_threw route=\"{} {}\"", route.method, route.pattern);
        respond(internal_problem());
    }
}

}  // namespace recoup::http
