#include "adapter/http/answer.hpp"

#include <boost/asio/post.hpp>
#include <boost/beast/http/status.hpp>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <iterator>
#include <typeinfo>

namespace recoup::http {
namespace {

HttpResponse internal_problem() {
    return problem(500, "internal", "Something went wrong here", "The fault is ours; send the request again later.");
}

void append_value(std::string& out, std::string_view value) {
    auto const control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; };
    if (std::none_of(value.begin(), value.end(), control)) out += value;
    else std::remove_copy_if(value.begin(), value.end(), std::back_inserter(out), control);
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

class PendingAnswer::Answering {
public:
    explicit Answering(std::shared_ptr<PendingAnswer> pending) : pending_(std::move(pending)) { ++pending_->responders_; }
    Answering(Answering const& other) : Answering(other.pending_) {}
    Answering(Answering&&) noexcept = default;
    Answering& operator=(Answering const&) = delete;
    Answering& operator=(Answering&&) = delete;
    ~Answering() {
        if (pending_ && --pending_->responders_ == 0) answer(pending_, internal_problem);
    }

    void operator()(HttpResponse response) const {
        answer(pending_, [&response] { return std::move(response); });
    }

private:
    /// Never at once: resuming inside the initiation is not allowed.
    template <class Make>
    static void answer(std::shared_ptr<PendingAnswer> const& pending, Make make) {
        if (pending->answered_.exchange(true)) return;
        pending->response_ = make();
        auto const lane = std::move(pending->lane_);
        lane->answered.add(lane->io, pending);
    }

    std::shared_ptr<PendingAnswer> pending_;
};

Responder PendingAnswer::responder(std::shared_ptr<PendingAnswer> pending) { return Answering(std::move(pending)); }

void Answered::add(asio::io_context& io, std::shared_ptr<PendingAnswer> answer) {
    {
        std::lock_guard const lock(mutex_);
        waiting_.push_back(std::move(answer));
        if (waiting_.size() > 1) return;
    }
    asio::post(io, [this] { resume_all(); });
}

void Answered::resume_all() {
    {
        std::lock_guard const lock(mutex_);
        resuming_.swap(waiting_);
    }
    for (auto const& pending : resuming_) pending->resume(std::move(pending->response_));
    resuming_.clear();
}

void run_handler(Route const& route, HttpRequest const& request, Responder respond) {
    try {
        route.handle(request, std::move(respond));
    } catch (std::exception const& failure) {
        // The text of an exception may quote what was sent, so only its type is logged.
        spdlog::error("event=http_handler_threw route=\"{} {}\" type={}", route.method, route.pattern,
                      typeid(failure).name());
    } catch (...) {
        spdlog::error("event=http_handler_threw route=\"{} {}\"", route.method, route.pattern);
    }
}

}  // namespace recoup::http
