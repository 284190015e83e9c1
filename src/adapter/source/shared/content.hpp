#pragma once
// Bodies as their senders compress them (RFC 9110 section 8.4): identity and gzip (RFC 1952).

#include "recoup/base/result.hpp"
#include "recoup/port/http.hpp"

#include <string>
#include <string_view>

namespace recoup::source {

/// Whether Content-Encoding says anything but identity.
bool is_encoded(HttpRequest const& http);

/// The body without its Content-Encoding; `room` holds it when it had one. Errc::invalid: broken, or another encoding
/// than gzip. Errc::too_large: more than `most` bytes come out; it stops there.
Result<std::string_view> content_of(HttpRequest const& http, std::size_t most, std::string& room);

}  // namespace recoup::source
