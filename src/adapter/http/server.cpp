#include "adapter/http/server.hpp"

#include "adapter/http/connection.hpp"
#include "recoup/base/assert.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>

#include <pthread.h>

#include <algorithm>

namespace recoup::http {
namespace {

using asio::ip::tcp;
using boost::system::error_code;

struct ReusePort {  // Asio has no public name for this option
    int on = 1;
    template <class P> int level(P const&) const { return SOL_SOCKET; }
    template <class P> int name(P const&) const { return SO_REUSEPORT; }
    template <class P> void const* data(P const&) const { return &on; }
    template <class P> std::size_t size(P const&) const { return sizeof on; }
};

void refuse(Socket& socket) {
    constexpr std::string_view full = "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nContent-Length: 0\r\n"
                                      "Connection: close\r\n\r\n";
    error_code ignored;
    socket.non_blocking(true, ignored);
    socket.write_some(asio::buffer(full.data(), full.size()), ignored);
}

Task<void> serve(std::weak_ptr<Lane> weak, Lane& lane, std::shared_ptr<Shared> shared, Socket socket) {
    Connection connection(std::move(weak), lane, std::move(shared), std::move(socket));
    co_await connection.run();
}

Task<void> accept(std::weak_ptr<Lane> weak, Lane& lane, std::shared_ptr<Shared> shared) {
    Timer pause(lane.io);
    while (lane.acceptor->is_open()) {
        Socket socket(lane.io);
        error_code failure;
        auto token = asio::redirect_error(use_task, failure);
        co_await lane.acceptor->async_accept(socket, token);
        if (failure == asio::error::operation_aborted) break;
        if (failure) {  // out of descriptors, most likely: give connections time to end
            pause.expires_after(std::chrono::milliseconds(50));
            co_await pause.async_wait(token);
        } else if (!shared->enter()) {
            refuse(socket);
        } else {
            asio::co_spawn(lane.io, serve(weak, lane, shared, std::move(socket)), asio::detached);
        }
    }
}

/// Closes connections whose deadline has passed.
Task<void> keep_time(Lane& lane, Millis between) {
    Timer timer(lane.io);
    for (;;) {
        error_code failure;
        auto token = asio::redirect_error(use_task, failure);
        timer.expires_after(between);
        co_await timer.async_wait(token);
        auto const now = Ticks::now();
        for (auto* connection : lane.connections)
            if (connection->late(now)) connection->close();
    }
}

Millis resolution(ServerSettings const& settings) {
    auto const shortest = std::min({settings.header_deadline, settings.body_deadline, settings.body_patience,
                                    settings.write_deadline, settings.idle_deadline});
    return std::clamp<Millis>(shortest / 8, Millis{5}, Millis{500});
}

Error cannot_listen(tcp::endpoint const& at, std::string const& why) {
    return error(Errc::configuration, "cannot listen on " + at.address().to_string() + ":" + std::to_string(at.port()) +
                                          ": " + why);
}

Result<void> bind_to(Acceptor& acceptor, tcp::endpoint const& at) {
    error_code failure;
    acceptor.open(at.protocol(), failure);
    if (!failure) acceptor.set_option(tcp::acceptor::reuse_address(true), failure);
    if (!failure) acceptor.set_option(ReusePort{}, failure);
    if (!failure) acceptor.bind(at, failure);
    if (failure) return cannot_listen(at, failure.message());
    return {};
}

/// With SO_REUSEPORT a second instance would silently share the port, so ask whether somebody listens there. The
/// address is bound here already: it is local, and the answer comes at once.
bool somebody_listens(tcp::endpoint const& at) {
    asio::io_context scratch;
    tcp::socket socket(scratch);
    auto target = at;
    if (at.address().is_unspecified()) target.address(at.address().is_v6() ? asio::ip::address(asio::ip::address_v6::loopback())
                                                                           : asio::ip::address(asio::ip::address_v4::loopback()));
    error_code failure;
    socket.connect(target, failure);
    return !failure;
}

std::string text_of(tcp::endpoint const& at) {
    auto const host = at.address().to_string();
    return (at.address().is_v6() ? "[" + host + "]" : host) + ":" + std::to_string(at.port());
}

}  // namespace

/// As `io.run()`, which does not tell when nothing is left to do.
void Lane::run() {
    while (!io.stopped()) {
        if (io.poll() > 0) continue;
        crowd.done(Ticks::now());
        io.run_one();
    }
}

Server::Server(std::vector<Route> routes, ServerSettings settings)
    : shared_(std::make_shared<Shared>(std::move(routes), std::move(settings))) {}

Server::~Server() { stop(Millis{0}); }

Result<std::string> Server::start() {
    std::lock_guard const lock(mutex_);
    RECOUP_ASSERT(!started_ && !stopped_);
    auto const& address = shared_->settings.address;
    auto const colon = address.rfind(':');
    if (colon == std::string::npos || colon + 1 == address.size())
        return error(Errc::configuration, "address \"" + address + "\" must be host:port");
    auto host = address.substr(0, colon);
    if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
    auto const opened = open(host, address.substr(colon + 1));
    if (!opened) {
        lanes_.clear();
        return opened.error();
    }
    started_ = true;
    shared_->workers.emplace(static_cast<std::size_t>(std::max(1, shared_->settings.worker_threads)));
    for (std::size_t i = 0; i < lanes_.size(); ++i) {
        auto const lane = lanes_[i];
        asio::co_spawn(lane->io, accept(lane, *lane, shared_), asio::detached);
        asio::co_spawn(lane->io, keep_time(*lane, resolution(shared_->settings)), asio::detached);
        auto const name = (shared_->settings.name + "-io-" + std::to_string(i)).substr(0, 15);
        threads_.emplace_back([lane, name] {
            pthread_setname_np(pthread_self(), name.c_str());
            lane->run();
        });
    }
    return text_of(lanes_.front()->acceptor->local_endpoint());
}

Result<void> Server::open(std::string const& host, std::string const& port) {
    asio::io_context scratch;
    tcp::resolver resolver(scratch);
    error_code failure;
    auto const found = resolver.resolve(host.empty() ? "0.0.0.0" : host, port, tcp::resolver::passive, failure);
    if (failure || found.empty())
        return error(Errc::configuration, "cannot resolve \"" + host + ":" + port + "\": " + failure.message());
    tcp::endpoint at = found.begin()->endpoint();
    for (int i = 0; i < std::max(1, shared_->settings.threads); ++i) {
        auto lane = std::make_shared<Lane>(Pace(shared_->settings.refusals_per_second, shared_->settings.refusal_patience),
                                           Crowd(shared_->settings.crowd, shared_->settings.crowd_after), shared_->settings.crowd_patience);
        lane->acceptor.emplace(lane->io);
        if (auto bound = bind_to(*lane->acceptor, at); !bound) return bound;
        at = lane->acceptor->local_endpoint();
        lanes_.push_back(std::move(lane));
    }
    if (somebody_listens(at)) return cannot_listen(at, "another process listens there");
    for (auto const& lane : lanes_) {
        lane->acceptor->listen(asio::socket_base::max_listen_connections, failure);
        if (failure) return cannot_listen(at, failure.message());
    }
    return {};
}

void Server::stop(Millis drain) {
    std::lock_guard const lock(mutex_);
    if (stopped_) return;
    stopped_ = true;
    if (!started_) return;
    shared_->draining = true;
    for (auto const& lane : lanes_) {
        asio::post(lane->io, [&home = *lane] {
            error_code ignored;
            home.acceptor->close(ignored);
            auto const all = home.connections;
            for (auto* connection : all) connection->drain();
            home.line.disband();
        });
    }
    {
        std::unique_lock waiting(shared_->mutex);
        shared_->empty.wait_for(waiting, drain, [this] { return shared_->open == 0; });
    }
    shared_->workers->stop();
    for (auto const& lane : lanes_) lane->io.stop();
    for (auto& thread : threads_) thread.join();
    shared_->workers.reset();  // joins; what was queued answers 500 into the stopped lanes
    for (auto const& lane : lanes_)  // their coroutines may live on as long as somebody owes them an answer
        for (auto* connection : lane->connections) connection->close();
    lanes_.clear();
}

}  // namespace recoup::http
