#pragma once
// Web origins (RFC 6454): which pages' browsers may speak for a shop.

#include "recoup/base/result.hpp"
#include "recoup/domain/shop.hpp"

#include <string>
#include <string_view>

namespace recoup::core {

/// "https://shop.example:8443" as browsers write it: lower case, the scheme's own port left out; or "null", what
/// sandboxed frames send. Errc::invalid for anything else, a path included.
Result<std::string> normal_origin(std::string_view text);

/// The storefront itself (https), or one of shop.origins, exactly.
bool origin_allowed(Shop const& shop, std::string_view origin);

}  // namespace recoup::core
