#pragma once
// Lane: one I/O thread's world. Everything in it except `io` and `answered` is touched by that thread only.

#include "adapter/http/line.hpp"
#include "adapter/http/pace.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>

#include <memory>
#include <mutex>
#include <optional>
#include <unordered_set>
#include <vector>

namespace recoup::http {

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
    Lane(Pace pace, Crowd limit, std::chrono::nanoseconds patience) : refusals(pace), crowd(limit), line(io, crowd, patience) {}

    /// Until `io` is stopped.
    void run();

    std::unordered_set<Connection*> connections;  // before io: coroutines destroyed with io still leave it
    asio::io_context io{1};
    Answered answered;                            // behind io, through which the coroutines that wait in it end
    asio::executor_work_guard<Executor> work{io.get_executor()};
    std::optional<Acceptor> acceptor;
    Pace refusals;                                // for load
    Crowd crowd;
    Line line;                                    // behind io, whose timers it has
};

}  // namespace recoup::http
