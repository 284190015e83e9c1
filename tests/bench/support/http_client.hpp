#pragma once
// One keep-alive connection of the load generator. Non-blocking; one request at a time.

#include "bench/support/checkout.hpp"

#include <netinet/in.h>

#include <optional>
#include <string>

namespace recoup::bench {

struct Answer {
    int status = 0;
    bool retry_after = false;
    bool closes = false;         // the server wants the connection to end
};

class HttpClient {
public:
    enum class State : unsigned char { connecting, idle, waiting, closed };

    explicit HttpClient(sockaddr_in const& server) : server_(server) {}
    HttpClient(HttpClient const&) = delete;
    HttpClient& operator=(HttpClient const&) = delete;
    ~HttpClient() { close(); }

    /// Closes what was open and begins anew; false when the system refuses at once.
    bool connect();
    void close();
    /// In state idle only. False when the connection broke.
    bool send(std::string const& bytes);
    /// When the socket may be written to: finishes connecting, or sends what is left. False when the connection broke.
    bool writable();
    /// Reads what is there. An answer when it is complete; state closed when the connection broke.
    std::optional<Answer> readable();

    State state() const { return state_; }
    int socket() const { return socket_; }
    /// True as long as writable() has to be called.
    bool wants_to_write() const { return state_ == State::connecting || !unsent_.empty(); }

private:
    std::optional<Answer> complete_answer();

    sockaddr_in server_;
    int socket_ = -1;
    State state_ = State::closed;
    std::string unsent_, received_;
};

}  // namespace recoup::bench
