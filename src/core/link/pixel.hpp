#pragma once
// The picture in HTML mail that tells that it was opened, and who it was that touched a message: a human, or one of the
// machines that fetch pictures and follow links by themselves.

#include "recoup/port/http.hpp"

#include <string>
#include <string_view>

namespace recoup::core {

/// Puts the picture at the end of the body of an HTML document, where nothing is moved by it.
void add_pixel(std::string& html, std::string_view url);

/// The picture: one transparent point, 43 bytes of GIF89a.
std::string_view pixel_gif();

/// Which machine asks, "" = nothing says that it is one. By the request alone: programs that hide who opens (Apple's and
/// Gmail's fetch pictures before anybody looks; Gmail's and Yahoo's proxies fetch once for whoever may look), scanners of mail,
/// robots, prefetching. A person behind a proxy is not told from it: an opening counts only where a human is sure.
std::string_view machine_of(HttpRequest const& request);

}  // namespace recoup::core
