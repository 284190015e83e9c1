#pragma once
// A route of the admin API as all its parts make them: with the admin token, on a worker, its query checked against the
// parameters that the table in api_schema.hpp declares for it.

#include "recoup/base/result.hpp"
#include "recoup/port/http.hpp"

#include <functional>
#include <string>
#include <string_view>

namespace recoup::service {

/// The body of a 200 answer.
using AdminAnswer = std::function<Result<std::string>(HttpRequest const&)>;

/// The table must have it. It takes no body until its body_limit is set.
Route admin_route(std::string method, std::string pattern, std::string_view summary, AdminAnswer answer);

}  // namespace recoup::service
