#pragma once
// Dead letters at the door: an event that lacks what its topic needs goes onto the log with what a replay needs.

#include "recoup/port/source.hpp"

namespace recoup::service::ingest {

/// Adds the request's allow-listed headers and call to the dead letters of the delivery, and gives them ids of their
/// own.
void keep_request(Delivery& delivery, SourceRequest const& request);

}  // namespace recoup::service::ingest
