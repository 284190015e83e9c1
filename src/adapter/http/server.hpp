#pragma once
// Server: one HTTP/1.1 listener. One I/O thread per lane, each with its own SO_REUSEPORT acceptor; handlers that block
// run on a worker pool. Threads: "<name>-io-N"; workers are unnamed.

#include "adapter/http/settings.hpp"
#include "recoup/port/http.hpp"

#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace recoup::http {

struct Lane;
struct Shared;

class Server {
public:
    Server(std::vector<Route> routes, ServerSettings settings);
    Server(Server const&) = delete;
    Server& operator=(Server const&) = delete;
    ~Server();   // stop(0)

    /// Binds and serves. Gives the bound "host:port" (the real port when 0 was asked for). Once.
    /// Errc::configuration: the address is malformed or not free.
    Result<std::string> start();
    /// Accepts no more, closes idle connections, lets requests in flight finish for up to `drain` (their answers say
    /// "Connection: close"), then ends. Handlers' answers that come later go nowhere, safely. Idempotent, any thread.
    void stop(Millis drain);

private:
    Result<void> open(std::string const& host, std::string const& port);

    std::mutex mutex_;
    std::shared_ptr<Shared> shared_;
    std::vector<std::shared_ptr<Lane>> lanes_;
    std::vector<std::thread> threads_;
    bool started_ = false, stopped_ = false;
};

}  // namespace recoup::http
