#pragma once
// From a handler's answer to bytes, and back to the connection that waits for it.

#include "adapter/http/lane.hpp"
#include "recoup/port/http.hpp"

#include <atomic>
#include <memory>
#include <string>

namespace recoup::http {

/// Status line and headers; the body follows unless the request was HEAD. Control characters in header values are
/// dropped, so no handler can split a response.
void append_head(std::string& out, HttpResponse const& response, bool keep_alive);

/// One awaited answer. Whoever answers first wins; dropped unanswered it answers 500. Any thread may call it, also
/// after the server stopped: the lane lives as long as something may post to it.
class PendingAnswer {
public:
    explicit PendingAnswer(std::shared_ptr<Lane> lane) : lane_(std::move(lane)) {}
    PendingAnswer(PendingAnswer const&) = delete;
    PendingAnswer& operator=(PendingAnswer const&) = delete;
    virtual ~PendingAnswer() = default;

    /// Of a new one, once. The last copy that goes unused answers 500.
    static Responder responder(std::shared_ptr<PendingAnswer> pending);

protected:
    /// On the lane's thread, once.
    virtual void resume(HttpResponse response) = 0;

private:
    friend class Answered;
    class Answering;

    std::shared_ptr<Lane> lane_;   // until it is answered: what waits in the lane does not hold it
    HttpResponse response_;
    std::atomic<bool> answered_{false};
    std::atomic<int> responders_{0};
};

/// Runs the handler. An exception is logged and drops the responder, which is an answer of 500.
void run_handler(Route const& route, HttpRequest const& request, Responder respond);

}  // namespace recoup::http
