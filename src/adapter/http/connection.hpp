#pragma once
// Connection: one accepted socket, one request at a time. Its buffers are reused from request to request.

#include "adapter/http/answer.hpp"
#include "adapter/http/head.hpp"
#include "adapter/http/lane.hpp"
#include "adapter/http/shared.hpp"

#include <boost/beast/core/flat_buffer.hpp>

#include <array>
#include <memory>
#include <optional>

namespace recoup::http {

class Connection {
public:
    /// The caller has entered `shared`; the connection leaves it.
    Connection(std::weak_ptr<Lane> weak, Lane& lane, std::shared_ptr<Shared> shared, Socket socket);
    Connection(Connection const&) = delete;
    Connection& operator=(Connection const&) = delete;
    ~Connection();

    /// Serves until the peer leaves, a deadline passes or the server drains.
    Task<void> run();
    /// Closes it when no request is in flight; an answer that waits leaves. On the lane's thread, as close.
    void drain();
    void close();
    /// Its deadline has passed; the lane looks a few times a second, which costs less than a timer for each read.
    bool late(Ticks::time_point now) const { return now >= deadline_; }

private:
    // A coroutine costs an allocation. So where a usual request waits for nothing, it meets plain functions: its body came with its
    // head, and its answer fits into the socket's buffer.
    enum class Step { keep, close, linger };  // linger: unread bytes may come, let the peer read our answer first

    Task<Step> serve_one();
    Task<bool> read_head();
    Task<std::size_t> receive(std::size_t most);
    bool took(std::size_t count);
    std::optional<HttpResponse> refuse_before_body();
    bool is_to_wait();
    Task<void> wait_for_turn();
    void empty_body();
    bool take_body();
    Task<std::optional<HttpResponse>> read_body();
    Task<bool> read_sized_body(std::uint64_t length, Ticks::time_point since);
    Task<std::optional<HttpResponse>> read_chunked_body(Ticks::time_point since);
    Task<bool> invite_body();
    Task<HttpResponse> ask();
    void start(Responder respond);
    Task<void> wait_to_leave();
    Task<bool> write(HttpResponse const& response, bool keep_alive);
    bool write_at_once(HttpResponse const& response, bool keep_alive);
    Task<bool> write_rest();
    Task<void> linger();
    bool admitted() const;
    void expire_after(Millis time) { deadline_ = Ticks::now() + time; }
    void expect_body(Ticks::time_point since);

    std::weak_ptr<Lane> weak_lane_;  // weak: the lane's io_context owns this coroutine
    Lane& lane_;
    std::shared_ptr<Shared> shared_;
    Socket socket_;
    boost::beast::flat_buffer in_;
    boost::system::error_code received_;   // how the last receive() ended
    std::string out_;
    std::array<asio::const_buffer, 2> unsent_;   // of out_ and of the answer's body
    HttpRequest request_;
    std::optional<RequestHead> head_;
    Ticks::time_point deadline_ = Ticks::time_point::max();
    Match match_;
    Timer* leaving_ = nullptr;     // of the answer that waits for it
    std::int64_t served_in_ = 0;   // turn of the crowd
    std::size_t head_bytes_ = 0;   // of the request whose head was read, with its empty line
    bool idle_ = true;
    bool head_too_large_ = false;
};

}  // namespace recoup::http
