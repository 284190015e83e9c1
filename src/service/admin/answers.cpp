#include "service/admin/answers.hpp"

namespace recoup::service {
namespace {

HttpResponse try_later(HttpResponse response) {
    response.headers.emplace_back("Retry-After", "5");
    return response;
}

}  // namespace

HttpResponse problem_of(Error const& failure) {
    auto const& detail = failure.message;
    switch (failure.code) {
        case Errc::invalid: return problem(400, "malformed", "The request is malformed", detail);
        case Errc::unauthorized: return problem(401, "unauthorized", "The request is not authorized", detail);
        case Errc::forbidden: return problem(403, "forbidden", "This is not allowed", detail);
        case Errc::not_found: return problem(404, "not-found", "There is nothing here", detail);
        case Errc::conflict: return problem(409, "conflict", "It changed meanwhile", detail);
        case Errc::too_large: return problem(413, "too-large", "The request is too large", detail);
        case Errc::overloaded: return try_later(problem(503, "overloaded", "Too busy", detail));
        case Errc::unavailable: return try_later(problem(503, "unavailable", "A dependency does not answer", detail));
        case Errc::configuration: return problem(500, "configuration", "The configuration must be changed", detail);
        case Errc::internal: return problem(500, "internal", "Something went wrong here", detail);
    }
    return problem(500, "internal", "Something went wrong here", detail);
}

HttpResponse answer_of(Result<std::string> const& outcome) {
    return outcome ? json_response(200, *outcome) : problem_of(outcome.error());
}

}  // namespace recoup::service
