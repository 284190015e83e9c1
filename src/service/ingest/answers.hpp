#pragma once
// The one place where what went wrong with a delivery becomes an HTTP answer and a metric label.

#include "recoup/base/result.hpp"
#include "recoup/port/http.hpp"
#include "recoup/port/idempotency_store.hpp"
#include "service/ingest/admission.hpp"

#include <string_view>

namespace recoup::service::ingest {

/// RFC 9457 problem; 503 carry Retry-After. The message of Errc::unauthorized is never shown.
HttpResponse refusal(Error const& failure);
/// 429 when the shop is over its quota, 503 when the house is full; both with Retry-After, and they can wait.
HttpResponse refusal(Refusal reason, std::int64_t retry_seconds);
/// 409 or 422; of a claim that is neither first nor repeated.
HttpResponse refusal(Claim::Kind kind);
HttpResponse unsupported_media_type();

/// `outcome` label of Metric::webhook_requests for a status.
std::string_view outcome_of(int status);

}  // namespace recoup::service::ingest
