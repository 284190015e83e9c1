#pragma once
// The admin API's routes for keys and origins of a shop.

#include "recoup/base/clock.hpp"
#include "recoup/port/http.hpp"
#include "service/admin/access_desk.hpp"

#include <functional>
#include <vector>

namespace recoup::service {

/// Outlives its routes. Thread-safe.
class AccessApi {
public:
    AccessApi(AccessDesk& desk, Clock const& clock) : desk_(desk), clock_(clock) {}

    std::vector<Route> routes();

private:
    using Answer = Result<std::string> (AccessApi::*)(HttpRequest const&);

    Route route(std::string method, std::string pattern, std::string_view summary, std::size_t body_limit, Answer answer);

    Result<std::string> keys(HttpRequest const& request);
    Result<std::string> create_key(HttpRequest const& request);
    Result<std::string> revoke_key(HttpRequest const& request);
    Result<std::string> origins(HttpRequest const& request);
    Result<std::string> set_origins(HttpRequest const& request);

    AccessDesk& desk_;
    Clock const& clock_;
};

}  // namespace recoup::service
