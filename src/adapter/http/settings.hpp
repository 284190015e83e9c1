#pragma once
// What one listener needs to know. Defaults are those of the public listener (reference: performance.md 5.7).

#include "recoup/base/limits.hpp"
#include "recoup/base/time.hpp"

#include <string>

namespace recoup::http {

struct ServerSettings {
    std::string name = "public";             // names its threads
    std::string address = "127.0.0.1:0";     // "host:port", "[::1]:port", ":port" for every interface; port 0 = any free
    int threads = 1;                         // I/O threads, each with its own acceptor
    int worker_threads = 2;                  // for routes that run on_worker
    std::string admin_token;                 // for Access::admin; empty = nobody may
    std::size_t connections = limits::connections;
    std::size_t header_bytes = limits::header_bytes;
    Millis header_deadline{5'000};           // from a request's first byte to the end of its header
    Millis body_deadline{20'000};            // for all of a body,
    Millis body_patience{5'000};             // which may be this far behind
    std::size_t body_bytes_per_second = 1024;
    Millis write_deadline{20'000};
    Millis idle_deadline{75'000};            // between requests on a kept connection
    double refusals_per_second = 1000;       // for load, of one I/O thread: more than these wait for their turn,
    Millis refusal_patience{500};            // though never longer
    std::size_t crowd = 128;                 // connections that an I/O thread serves at a time when it is behind, which is
    Millis crowd_after{200};                 // when it had something to do for so long without a pause,
    Millis crowd_patience{500};              // and how long the others wait for their turn
};

}  // namespace recoup::http
