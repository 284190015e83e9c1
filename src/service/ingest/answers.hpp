#pragma once
// The one place where what went wrong with a delivery becomes an HTTP answer and a metric label.

#include "recoup/base/result.hpp"
#include "recoup/port/http.hpp"

#include <string_view>

namespace recoup::service::ingest {

/// RFC 9457 problem; 503 carry Retry-After. The message of Errc::unauthorized is never shown.
HttpResponse refusal(Error const& failure);
HttpResponse unsupported_media_type();

/// `outcome` label of Metric::webhook_requests for a status.
std::string_view outcome_of(int status);

}  // namespace recoup::service::ingest
