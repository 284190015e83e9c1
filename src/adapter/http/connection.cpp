#include "adapter/http/connection.hpp"

#include "adapter/http/chunked_body.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http/error.hpp>

#include <algorithm>
#include <array>

namespace recoup::http {
namespace {

namespace beast = boost::beast;
using boost::system::error_code;

constexpr std::size_t read_bytes = 16 * 1024;
constexpr std::size_t kept_bytes = 64 * 1024;              // memory a quiet connection may hold
constexpr std::size_t linger_bytes = 16 * 1024 * 1024;
constexpr std::chrono::seconds linger_time{2};

std::string_view view(beast::flat_buffer const& buffer) {
    auto const data = buffer.data();
    return {static_cast<char const*>(data.data()), data.size()};
}

HttpResponse too_large(std::size_t limit) {
    return problem(413, "body-too-large", "The body is too large",
                   "This endpoint takes at most " + std::to_string(limit) + " bytes.");
}

HttpResponse malformed_body() {
    return problem(400, "malformed-request", "The request is not well-formed HTTP", "The chunked body is malformed.");
}

/// A connection that waits for its answer.
template <class Handler>
class Parked final : public PendingAnswer {
public:
    Parked(std::shared_ptr<Lane> lane, Handler handler) : PendingAnswer(std::move(lane)), handler_(std::move(handler)) {}

private:
    void resume(HttpResponse response) override {
        auto handler = std::move(handler_);
        handler(std::move(response));
    }

    Handler handler_;
};

}  // namespace

Connection::Connection(std::weak_ptr<Lane> weak, Lane& lane, std::shared_ptr<Shared> shared, Socket socket)
    : weak_lane_(std::move(weak)), lane_(lane), shared_(std::move(shared)), socket_(std::move(socket)) {
    lane_.connections.insert(this);
    error_code ignored;
    socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
    socket_.non_blocking(true, ignored);
    auto const peer = socket_.remote_endpoint(ignored);
    if (!ignored) request_.remote = peer.address().to_string();
}

void Connection::drain() {
    if (idle_) close();
    if (leaving_ != nullptr) leaving_->cancel();
}

void Connection::close() {
    error_code ignored;
    socket_.close(ignored);
}

Connection::~Connection() {
    lane_.connections.erase(this);
    shared_->leave();
}

Task<void> Connection::run() {
    Step step = Step::keep;
    while (step == Step::keep) step = co_await serve_one();
    if (step == Step::linger) co_await linger();
    error_code ignored;
    socket_.shutdown(asio::ip::tcp::socket::shutdown_both, ignored);
}

Task<Connection::Step> Connection::serve_one() {
    request_.method.clear();  // of the request before; a refused head leaves it empty
    request_.ticket.reset();
    request_.waited = {};
    if (!co_await read_head()) {
        if (!head_too_large_) co_return Step::close;
        auto const refusal = problem(431, "headers-too-large", "The headers are too large", "Send fewer or shorter headers.");
        co_await write(refusal, false);
        co_return Step::linger;
    }
    auto const block = view(in_).substr(0, head_bytes_);
    head_.emplace(request_);
    request_.body.clear();
    auto refusal = head_->read(block);
    in_.consume(block.size());
    if (!refusal) {
        refusal = refuse_before_body();
        if (!refusal && match_.route->admit) {
            if (is_to_wait()) co_await wait_for_turn();
            refusal = match_.route->admit(request_, head_->content_length());
        }
        auto const length = head_->content_length();
        if (refusal && !head_->chunked() && length <= in_.size()) {  // nothing unread: the connection can go on
            in_.consume(length);
            if (refusal->can_wait) co_await wait_to_leave();
            bool const keep = head_->keep_alive() && !shared_->draining;
            co_return co_await write(*refusal, keep) && keep ? Step::keep : Step::close;
        }
    }
    if (!refusal && !take_body()) refusal = co_await read_body();
    if (refusal) {
        request_.ticket.reset();
        if (refusal->can_wait) co_await wait_to_leave();
        if (refusal->status != 0) co_await write(*refusal, false);
        co_return refusal->status != 0 ? Step::linger : Step::close;
    }
    bool const can_keep = head_->keep_alive();
    deadline_ = Ticks::time_point::max();  // the handler has its own
    auto const response = co_await ask();
    if (response.can_wait) co_await wait_to_leave();
    bool const keep = can_keep && !shared_->draining;
    bool written = write_at_once(response, keep);
    if (!written) written = co_await write_rest();
    co_return written && keep ? Step::keep : Step::close;
}

Task<bool> Connection::read_head() {
    auto const& settings = shared_->settings;
    head_too_large_ = false;
    idle_ = in_.size() == 0;
    if (idle_ && in_.capacity() > kept_bytes) in_.shrink_to_fit();
    if (idle_ && shared_->draining) co_return false;
    expire_after(idle_ ? settings.idle_deadline : settings.header_deadline);
    for (std::size_t seen = 0;;) {
        constexpr std::string_view end = "\r\n\r\n";
        auto const found = view(in_).find(end, seen - std::min(seen, end.size() - 1));
        if (found != std::string_view::npos) {
            head_bytes_ = found + end.size();
            break;
        }
        seen = in_.size();
        if (seen >= settings.header_bytes) {
            head_too_large_ = true;
            co_return false;
        }
        if (!took(co_await receive(read_bytes))) co_return false;
        if (idle_) expire_after(settings.header_deadline);
        idle_ = false;
    }
    head_too_large_ = head_bytes_ > settings.header_bytes;
    co_return !head_too_large_;
}

Task<std::size_t> Connection::receive(std::size_t most) {
    return socket_.async_read_some(in_.prepare(most), asio::redirect_error(use_task, received_));
}

/// What receive() got; false when the peer left or was too slow.
bool Connection::took(std::size_t count) {
    in_.commit(count);
    return !received_;
}

std::optional<HttpResponse> Connection::refuse_before_body() {
    match_ = shared_->router.match(request_.method, request_.path);
    if (match_.route == nullptr) {
        if (match_.allow.empty()) return problem(404, "not-found", "There is nothing here", "Check the path.");
        auto refusal = problem(405, "method-not-allowed", "The method is not allowed here", "Use one of Allow.");
        refusal.headers.emplace_back("Allow", match_.allow);
        return refusal;
    }
    if (match_.route->access == Route::Access::admin && !admitted()) {
        auto refusal = problem(401, "unauthorized", "A valid admin token is needed", "Send Authorization: Bearer <token>.");
        refusal.headers.emplace_back("WWW-Authenticate", "Bearer");
        return refusal;
    }
    if (head_->content_length() > match_.route->body_limit) return too_large(match_.route->body_limit);
    auto const expect = request_.header("Expect");
    if (!expect.empty() && !beast::iequals({expect.data(), expect.size()}, "100-continue"))
        return problem(417, "expectation-failed", "The expectation cannot be met", "Only 100-continue is known.");
    request_.captures = std::move(match_.captures);
    request_.body.clear();  // of the request before
    return std::nullopt;
}

/// Whether others come first, and it would help to wait.
bool Connection::is_to_wait() {
    request_.crowded = lane_.line.too_many(Ticks::now(), served_in_);
    return request_.crowded && match_.route->yields && !shared_->draining && match_.route->yields(request_);
}

Task<void> Connection::wait_for_turn() {
    auto const since = Ticks::now();
    deadline_ = Ticks::time_point::max();
    request_.crowded = !co_await lane_.line.wait(served_in_);
    request_.waited = Ticks::now() - since;
}

bool Connection::admitted() const {
    std::string_view given = request_.header("Authorization");
    constexpr std::string_view scheme = "bearer ";
    if (shared_->settings.admin_token.empty() || given.size() <= scheme.size()) return false;
    if (!beast::iequals({given.data(), scheme.size()}, {scheme.data(), scheme.size()})) return false;
    return equal_constant_time(sha256(given.substr(scheme.size())), shared_->admin_digest);
}

/// The room of a large body is not kept.
void Connection::empty_body() {
    request_.body.clear();
    if (request_.body.capacity() > kept_bytes) request_.body.shrink_to_fit();
}

/// When all of it is there.
bool Connection::take_body() {
    auto const length = head_->content_length();
    if (head_->chunked() || length > in_.size()) return false;
    empty_body();
    request_.body.assign(view(in_).substr(0, length));
    in_.consume(length);
    return true;
}

/// Status 0: the peer is gone, there is nobody to answer.
Task<std::optional<HttpResponse>> Connection::read_body() {
    std::optional<HttpResponse> refusal;
    HttpResponse gone;
    gone.status = 0;
    empty_body();
    auto const length = head_->content_length();
    auto const since = Ticks::now();
    expect_body(since);
    if (!co_await invite_body()) refusal = gone;
    else if (head_->chunked()) refusal = co_await read_chunked_body(since);
    else if (!co_await read_sized_body(length, since)) refusal = gone;
    co_return refusal;
}

/// A body has its whole time, but only as long as it keeps coming.
void Connection::expect_body(Ticks::time_point since) {
    auto const& settings = shared_->settings;
    auto const earned = std::chrono::milliseconds(request_.body.size() * 1000 / settings.body_bytes_per_second);
    deadline_ = since + std::min<Millis>(settings.body_deadline, settings.body_patience + earned);
}

Task<bool> Connection::invite_body() {
    if (request_.header("Expect").empty() || in_.size() != 0) co_return true;
    constexpr std::string_view invitation = "HTTP/1.1 100 Continue\r\n\r\n";
    error_code failure;
    auto const bytes = asio::buffer(invitation.data(), invitation.size());
    auto token = asio::redirect_error(use_task, failure);
    co_await asio::async_write(socket_, bytes, token);
    co_return !failure;
}

/// Memory grows with what arrives, not with what Content-Length promises.
Task<bool> Connection::read_sized_body(std::uint64_t length, Ticks::time_point since) {
    auto& body = request_.body;
    auto const present = std::min<std::size_t>(in_.size(), length);
    body.assign(view(in_).substr(0, present));
    in_.consume(present);
    while (body.size() < length) {
        auto const have = body.size();
        body.resize(have + std::min<std::size_t>(length - have, kept_bytes));
        error_code failure;
        auto const space = asio::buffer(body.data() + have, body.size() - have);
        auto token = asio::redirect_error(use_task, failure);
        auto const count = co_await socket_.async_read_some(space, token);
        body.resize(have + count);
        if (failure) co_return false;
        expect_body(since);
    }
    co_return true;
}

Task<std::optional<HttpResponse>> Connection::read_chunked_body(Ticks::time_point since) {
    std::optional<HttpResponse> refusal;
    auto const limit = match_.route->body_limit;
    ChunkedBody chunks(request_.body, limit);
    while (!chunks.is_done()) {
        error_code failure;
        auto const used = chunks.read(view(in_), failure);
        in_.consume(used);
        if (failure == beast::http::error::body_limit) refusal = too_large(limit);
        else if (failure && failure != beast::http::error::need_more) refusal = malformed_body();
        if (refusal) co_return refusal;
        if (chunks.is_done()) break;
        if (in_.size() >= kept_bytes) co_return malformed_body();  // an endless chunk header or trailer
        if (!took(co_await receive(read_bytes))) {
            refusal.emplace().status = 0;
            co_return refusal;
        }
        expect_body(since);
    }
    co_return refusal;
}

Task<HttpResponse> Connection::ask() {
    auto initiate = [this](auto handler) {
        start(PendingAnswer::responder(std::make_shared<Parked<decltype(handler)>>(weak_lane_.lock(), std::move(handler))));
    };
    return asio::async_initiate<UseTask const, void(HttpResponse)>(initiate, use_task);
}

void Connection::start(Responder respond) {
    auto const& route = *match_.route;
    if (route.run == Route::Run::on_io) {
        run_handler(route, request_, std::move(respond));
        return;
    }
    // The worker may still read the request when its answer already went out, so it gets its own.
    auto const request = std::make_shared<HttpRequest>(request_);
    asio::post(*shared_->workers, [&route, request, respond = std::move(respond)] { run_handler(route, *request, respond); });
}

/// Holding back the answer, and not what is read next, makes whoever is refused send less, and a proxy's next request on
/// this connection, perhaps of another shop, wait no longer than this one. Who waited for a turn does not wait again.
Task<void> Connection::wait_to_leave() {
    if (request_.waited.count() > 0 || shared_->draining) co_return;
    auto const now = Ticks::now();
    auto const turn = lane_.refusals.turn(now);
    if (turn <= now) co_return;
    deadline_ = Ticks::time_point::max();
    Timer timer(lane_.io, turn);
    leaving_ = &timer;
    error_code ignored;
    auto token = asio::redirect_error(use_task, ignored);
    co_await timer.async_wait(token);
    leaving_ = nullptr;
}

Task<bool> Connection::write(HttpResponse const& response, bool keep_alive) {
    if (write_at_once(response, keep_alive)) co_return true;
    co_return co_await write_rest();
}

/// A short answer fits into the socket's buffer. Otherwise `unsent_` is what is left.
bool Connection::write_at_once(HttpResponse const& response, bool keep_alive) {
    out_.clear();
    append_head(out_, response, keep_alive);
    bool const bodyless = request_.method == "HEAD" || response.status == 204 || response.status == 304;
    unsent_ = {asio::buffer(out_), asio::buffer(response.body.data(), bodyless ? 0 : response.body.size())};
    error_code failure;
    auto sent = socket_.write_some(unsent_, failure);
    for (auto& part : unsent_) {
        auto const gone = std::min(sent, part.size());
        part += gone;
        sent -= gone;
    }
    return !failure && asio::buffer_size(unsent_) == 0;
}

Task<bool> Connection::write_rest() {
    expire_after(shared_->settings.write_deadline);
    error_code failure;
    auto token = asio::redirect_error(use_task, failure);
    co_await asio::async_write(socket_, unsent_, token);
    co_return !failure;
}

/// Closing with unread input would reset the connection and lose our answer on the way (RFC 9112 section 9.6).
Task<void> Connection::linger() {
    error_code ignored;
    socket_.shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
    expire_after(linger_time);
    std::size_t dropped = 0;
    in_.clear();
    while (dropped < linger_bytes && took(co_await receive(kept_bytes))) {
        dropped += in_.size();
        in_.clear();
    }
}

}  // namespace recoup::http
