#include "adapter/http/head.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/core/string.hpp>

#include <iterator>

namespace recoup::http {
namespace {

namespace beast = boost::beast;
using beast::http::field;

HttpResponse malformed(std::string_view detail) {
    return problem(400, "malformed-request", "The request is not well-formed HTTP", detail);
}

bool has_folded_line(std::string_view block) {
    for (auto at = block.find("\r\n"); at != std::string_view::npos; at = block.find("\r\n", at + 2))
        if (at + 2 < block.size() && (block[at + 2] == ' ' || block[at + 2] == '\t')) return true;
    return false;
}

template <class Message>
auto count(Message const& message, field name) {
    auto const range = message.equal_range(name);
    return std::distance(range.first, range.second);
}

/// One way only to find the end of the body.
template <class Message>
bool framing_is_clear(Message const& message) {
    auto const lengths = count(message, field::content_length);
    auto const encodings = count(message, field::transfer_encoding);
    if (lengths > 1 || encodings > 1 || (lengths != 0 && encodings != 0)) return false;
    if (encodings == 0) return true;
    return message.version() == 11 && beast::iequals(message[field::transfer_encoding], "chunked");
}

}  // namespace

std::optional<HttpResponse> parse_head(std::string_view block, Parser& parser) {
    if (has_folded_line(block)) return malformed("A folded header line is not accepted.");
    boost::system::error_code failure;
    parser.body_limit(boost::none);  // checked later against the route's own limit
    parser.header_limit(static_cast<std::uint32_t>(block.size() + 1));
    parser.eager(false);
    parser.put(boost::asio::buffer(block.data(), block.size()), failure);
    if (failure || !parser.is_header_done()) return malformed("The request line or a header field is malformed.");
    auto const& message = parser.get();
    if (message.version() != 11 && message.version() != 10) return malformed("Use HTTP/1.1.");
    if (!framing_is_clear(message))
        return malformed("Send one Content-Length or Transfer-Encoding: chunked, not both.");
    auto const hosts = count(message, field::host);
    if (hosts > 1 || (hosts == 0 && message.version() == 11)) return malformed("Send exactly one Host header.");
    if (!message.target().starts_with('/')) return malformed("The request target must be a path.");
    return std::nullopt;
}

void copy_head(Parser const& parser, HttpRequest& request) {
    auto const& message = parser.get();
    std::string_view const target{message.target().data(), message.target().size()};
    auto const mark = target.find('?');
    request.method.assign(message.method_string().data(), message.method_string().size());
    request.path = target.substr(0, mark);
    request.query = mark == std::string_view::npos ? std::string_view{} : target.substr(mark + 1);
    std::size_t used = 0;
    for (auto const& header : message) {
        if (used == request.headers.size()) request.headers.emplace_back();
        auto& [name, value] = request.headers[used++];
        name.assign(header.name_string().data(), header.name_string().size());
        value.assign(header.value().data(), header.value().size());
    }
    request.headers.resize(used);
}

}  // namespace recoup::http
