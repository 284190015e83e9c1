#pragma once
// From a handler's answer to bytes, and back to the connection that waits for it.

#include "adapter/http/lane.hpp"
#include "recoup/port/http.hpp"

#include <atomic>
#include <functional>
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
    using Resume = std::function<void(HttpResponse)>;

    PendingAnswer(std::shared_ptr<Lane> lane, Resume resume) : lane_(std::move(lane)), resume_(std::move(resume)) {}
    PendingAnswer(PendingAnswer const&) = delete;
    PendingAnswer& operator=(PendingAnswer const&) = delete;
    ~PendingAnswer();

    void answer(HttpResponse response);

private:
    std::shared_ptr<Lane> lane_;
    Resume resume_;
    std::atomic<bool> answered_{false};
};

/// Runs the handler; an exception becomes a 500 problem.
void run_handler(Route const& route, HttpRequest const& request, Responder const& respond);

}  // namespace recoup::http
