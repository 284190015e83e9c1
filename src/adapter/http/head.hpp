#pragma once
// The head of a request as the server accepts it. Stricter than Beast where two parsers could disagree about where a
// request ends (request smuggling, RFC 9112 section 11.2).

#include "recoup/port/http.hpp"

#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <optional>
#include <string_view>

namespace recoup::http {

using Parser = boost::beast::http::request_parser<boost::beast::http::string_body>;

/// `block` is everything up to and including the empty line. Gives the answer that refuses it, or nothing when the
/// head is good; `parser` then holds it. Every refusal ends the connection.
std::optional<HttpResponse> parse_head(std::string_view block, Parser& parser);

/// Method, path, query and headers into `request`, reusing its memory.
void copy_head(Parser const& parser, HttpRequest& request);

}  // namespace recoup::http
