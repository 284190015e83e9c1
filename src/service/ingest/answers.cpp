#include "service/ingest/answers.hpp"

namespace recoup::service::ingest {
namespace {

HttpResponse with_retry(HttpResponse response, std::int64_t seconds) {
    response.headers.emplace_back("Retry-After", std::to_string(seconds));
    return response;
}

HttpResponse try_later(std::string_view slug, std::string_view title, std::string_view seconds) {
    auto response = problem(503, slug, title, "Nothing was stored; send it again after Retry-After seconds.");
    response.headers.emplace_back("Retry-After", seconds);
    return response;
}

HttpResponse problem_of(Refusal reason) {
    switch (reason) {
        case Refusal::shop_rate:
            return problem(429, "shop-rate", "The shop sends more than its quota of events",
                           "Nothing was stored; send it again after Retry-After seconds.");
        case Refusal::shop_bytes:
            return problem(429, "shop-in-flight", "The shop has too much in flight", "Nothing was stored; send less at the same time.");
        case Refusal::share:
        case Refusal::full:
        case Refusal::crowded: break;
    }
    return problem(503, "overloaded", "Too much is going on here", "Nothing was stored; send it again after Retry-After seconds.");
}

}  // namespace

HttpResponse refusal(Error const& failure) {
    switch (failure.code) {
        case Errc::invalid: return problem(400, "malformed", "The delivery is malformed", failure.message);
        case Errc::unauthorized:
            return problem(401, "unauthorized", "The delivery could not be verified", "Check the secret of this source.");
        case Errc::forbidden: return problem(403, "forbidden", "This key may not send that", failure.message);
        case Errc::not_found: return problem(404, "not-found", "There is nothing here", failure.message);
        case Errc::conflict: return problem(409, "conflict", "The delivery conflicts with an earlier one", failure.message);
        case Errc::too_large: return problem(413, "body-too-large", "The body is too large", failure.message);
        case Errc::overloaded: return try_later("overloaded", "Too much is going on here", "2");
        case Errc::unavailable: return try_later("unavailable", "The event log does not answer", "5");
        case Errc::configuration:
        case Errc::internal: break;
    }
    return problem(500, "internal", "Something went wrong here", "The fault is ours; send the delivery again later.");
}

HttpResponse refusal(Refusal reason, std::int64_t retry_seconds) {
    auto response = with_retry(problem_of(reason), retry_seconds);
    response.can_wait = true;
    return response;
}

HttpResponse refusal(Claim::Kind kind) {
    if (kind == Claim::Kind::in_progress)
        return with_retry(problem(409, "idempotency-in-progress", "The first request with this Idempotency-Key is not answered yet",
                                  "Send it again after Retry-After seconds."), 1);
    return problem(422, "idempotency-key-reused", "The Idempotency-Key named another request",
                   "Nothing was stored; a new request needs a new key.");
}

HttpResponse unsupported_media_type() {
    return problem(415, "unsupported-media-type", "The content type is not one of this source",
                   "Send the Content-Type that the source documents, usually application/json.");
}

std::string_view outcome_of(int status) {
    if (status < 300) return "accepted";
    switch (status) {
        case 400: return "malformed";
        case 401: return "unauthorized";
        case 403: return "forbidden";
        case 404: return "not_found";
        case 405: return "method_not_allowed";
        case 409: return "conflict";
        case 413: return "too_large";
        case 415: return "unsupported_media_type";
        case 422: return "unprocessable";
        case 429: return "throttled";
        case 500: return "internal";
        case 503: return "unavailable";
        default: return "other";
    }
}

}  // namespace recoup::service::ingest
