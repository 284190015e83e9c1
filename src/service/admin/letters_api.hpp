#pragma once
// /v1/dead-letters: what came, was authentic and could not be used.

#include "recoup/base/clock.hpp"
#include "recoup/port/dead_letter_store.hpp"
#include "recoup/port/http.hpp"
#include "recoup/port/metrics.hpp"
#include "service/letters/replay.hpp"

#include <functional>
#include <string>
#include <vector>

namespace recoup::service {

/// Outlives its routes.
class LettersApi {
public:
    LettersApi(DeadLetterStore& letters, Replayer& replayer, Clock const& clock, Metrics& metrics)
        : letters_(letters), replayer_(replayer), clock_(clock), metrics_(metrics) {}

    std::vector<Route> routes();

private:
    using Answer = Result<std::string> (LettersApi::*)(HttpRequest const&);

    Route route(std::string method, std::string pattern, std::string_view summary, Answer answer);
    Result<std::string> list(HttpRequest const& request);
    Result<std::string> show(HttpRequest const& request);
    Result<std::string> replay(HttpRequest const& request);
    Result<std::string> drop(HttpRequest const& request);

    DeadLetterStore& letters_;
    Replayer& replayer_;
    Clock const& clock_;
    Metrics& metrics_;
};

}  // namespace recoup::service
