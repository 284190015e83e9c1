#pragma once
// http(s) URLs, as strictly as redirects need.

#include <optional>
#include <string>
#include <string_view>

namespace recoup::core {

/// The lower-case host, without port, of an absolute http or https URL of printable ASCII without credentials or
/// backslashes; nullopt for anything else, because browsers disagree about the rest.
std::optional<std::string> http_host(std::string_view url);

}  // namespace recoup::core
