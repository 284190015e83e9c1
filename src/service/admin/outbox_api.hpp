#pragma once
// /v1/messages and /v1/pauses: what an operator does about sending.

#include "recoup/base/clock.hpp"
#include "recoup/port/admin_store.hpp"
#include "recoup/port/http.hpp"
#include "recoup/port/outbox_store.hpp"

#include <string>
#include <vector>

namespace recoup::service {

/// Outlives its routes.
class OutboxApi {
public:
    /// What a pause held falls due within `spread` of its end.
    OutboxApi(OutboxStore& outbox, AdminStore& shops, Clock const& clock, Millis spread)
        : outbox_(outbox), shops_(shops), clock_(clock), spread_(spread) {}

    std::vector<Route> routes();

private:
    using Answer = Result<std::string> (OutboxApi::*)(HttpRequest const&);

    Route route(std::string method, std::string pattern, std::string_view summary, Answer answer);
    Result<std::string> unknown(HttpRequest const& request);
    Result<std::string> resolve(HttpRequest const& request);
    Result<std::string> pauses(HttpRequest const& request);
    Result<std::string> pause(HttpRequest const& request);
    Result<std::string> resume(HttpRequest const& request);

    OutboxStore& outbox_;
    AdminStore& shops_;
    Clock const& clock_;
    Millis const spread_;
};

}  // namespace recoup::service
