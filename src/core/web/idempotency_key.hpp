#pragma once
// Idempotency-Key as draft-ietf-httpapi-idempotency-key-header defines it: a Structured Field string. A bare word, as
// most clients send it, is taken too.

#include "recoup/base/result.hpp"

#include <string>
#include <string_view>

namespace recoup::core {

/// What the header names: 1 to 255 printable ASCII characters, quotes and escapes undone. Errc::invalid otherwise.
Result<std::string> idempotency_key(std::string_view header);

}  // namespace recoup::core
