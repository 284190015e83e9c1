#pragma once
// Lane: one I/O thread's world. Everything in it except `io` and `answered` is touched by that thread only.

#include "adapter/http/crowd.hpp"
#include "adapter/http/pace.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <unordered_set>
#include <vector>

namespace recoup::http {

namespace asio = boost::asio;

// The concrete executor instead of any_io_executor: no type erasure on the hot path.
using Executor = asio::io_context::executor_type;
using Socket = asio::basic_stream_socket<asio::ip::tcp, Executor>;
using Acceptor = asio::basic_socket_acceptor<asio::ip::tcp, Executor>;
using Ticks = std::chrono::steady_clock;
using Timer = asio::basic_waitable_timer<Ticks, asio::wait_traits<Ticks>, Executor>;
using UseTask = asio::use_awaitable_t<Executor>;
inline constexpr UseTask use_task{};
template <class T>
using Task = asio::awaitable<T, Executor>;

class Connection;
class PendingAnswer;

/// What other threads answered for a lane. A batch of the event log answers hundreds of requests at once: the lane is
/// woken for the first and finds the others.
class Answered {
public:
    void add(asio::io_context& io, std::shared_ptr<PendingAnswer> answer);

private:
    void resume_all();

    std::mutex mutex_;
    std::vector<std::shared_ptr<PendingAnswer>> waiting_;
    std::vector<std::shared_ptr<PendingAnswer>> resuming_;   // the lane's; keeps its memory from one batch to the next
};

/// Shared, because an answer that comes after the server stopped still goes to `answered`.
struct Lane {
    Lane(Pace pace, Crowd limit) : refusals(pace), crowd(limit) {}

    /// Until `io` is stopped.
    void run();

    std::unordered_set<Connection*> connections;  // before io: coroutines destroyed with io still leave it
    asio::io_context io{1};
    Answered answered;                            // behind io, through which the coroutines that wait in it end
    asio::executor_work_guard<Executor> work{io.get_executor()};
    std::optional<Acceptor> acceptor;
    Pace refusals;                                // for load
    Crowd crowd;
};

}  // namespace recoup::http
