#include "adapter/http/chunked_body.hpp"

#include "recoup/base/assert.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/error.hpp>

namespace recoup::http {

ChunkedBody::ChunkedBody(std::string& body, std::uint64_t limit) : body_(body) {
    constexpr std::string_view head = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";   // brings it to the body
    Error failure;
    body_limit(limit);
    put(boost::asio::buffer(head.data(), head.size()), failure);
    RECOUP_ASSERT(!failure && is_header_done());
    eager(true);
}

std::size_t ChunkedBody::read(std::string_view bytes, Error& failure) {
    // Beast 1.81 ends the process when it sees a last chunk again that is still shorter than the shortest whole one
    // ("0\r\n", then one byte more), so it sees none that cannot be whole. Every unfinished body has that much to come.
    constexpr std::size_t shortest_end = std::string_view("0\r\n\r\n").size();
    if (bytes.size() < shortest_end && bytes.starts_with('0')) {
        failure = boost::beast::http::error::need_more;
        return 0;
    }
    return put(boost::asio::buffer(bytes.data(), bytes.size()), failure);
}

}  // namespace recoup::http
