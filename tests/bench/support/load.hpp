#pragma once
// A load generator in one thread. Closed loop: every connection sends as soon as it was answered. Open loop: requests are
// due at fixed times whatever the server does, and latency counts from the moment a request was due, so that a server
// which stalls is charged for everybody who waited (no coordinated omission).

#include "bench/support/checkout.hpp"

#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace recoup::bench {

using Ticks = std::chrono::steady_clock;

struct LoadPlan {
    std::string host = "127.0.0.1";
    int port = 0;
    int connections = 200;
    double rate = 0;                          // requests a second; 0 is the closed loop
    std::chrono::nanoseconds warm_up{0};
    std::chrono::nanoseconds measured{std::chrono::seconds{5}};
    std::uint64_t requests = 0;               // ends after so many; 0 ends by time
    std::chrono::nanoseconds give_up{std::chrono::seconds{10}};   // a due request that found no connection for so long is dropped
    std::chrono::nanoseconds tick{0};         // how often on_tick is called within the measured time; 0 is never
};

/// Called on the generating thread.
struct LoadEvents {
    std::function<void()> on_measured_begin, on_measured_end;
    std::function<void(Ticks::time_point)> on_tick;
};

struct Sample {
    Ticks::time_point due;
    float milliseconds = 0;
};

struct LoadOutcome {
    double seconds = 0;                       // of the measured time
    std::uint64_t answered = 0;               // within the measured time, whatever the status
    std::uint64_t accepted = 0;               // of them 2xx
    std::map<int, std::uint64_t> statuses;    // within the measured time
    std::uint64_t retry_after = 0;            // answers with that header
    std::uint64_t broken = 0;                 // sent, and the connection ended without an answer
    std::uint64_t given_up = 0;               // due, but no connection came free in time
    std::uint64_t unanswered = 0;             // still open when the run ended
    std::vector<Sample> accepted_samples;     // of 2xx that were due in the measured time
    std::vector<float> refused_ms;            // of other answers, the same
    std::vector<float> answer_ms;             // within the measured time, from sent to answered, whatever the status
    std::vector<float> late_ms;               // open loop: from due to sent, the generator's own share included
};

/// `requests` are sent in turn, each time with a fresh number. Returns early with what it has when the server
/// neither answers nor takes a connection for two seconds.
LoadOutcome run_load(LoadPlan const& plan, std::vector<SignedRequest>& requests, LoadEvents const& events = {});

}  // namespace recoup::bench
