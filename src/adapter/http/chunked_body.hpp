#pragma once
// ChunkedBody: a body in chunks (RFC 9112 section 7.1), read by Beast. What its trailer says is dropped: it may not change
// what was decided by the head.

#include <boost/beast/http/basic_parser.hpp>

#include <string>
#include <string_view>

namespace recoup::http {

class ChunkedBody final : private boost::beast::http::basic_parser<true> {
public:
    /// What is read is appended to `body`, which outlives the reader. At most `limit` bytes, then error::body_limit.
    ChunkedBody(std::string& body, std::uint64_t limit);

    /// Takes what it can off the front and says how much. error::need_more until it is done.
    std::size_t read(std::string_view bytes, boost::system::error_code& failure);
    bool is_done() const { return basic_parser::is_done(); }

private:
    using Error = boost::system::error_code;
    using Text = boost::beast::string_view;

    void on_request_impl(boost::beast::http::verb, Text, Text, int, Error&) override {}
    void on_response_impl(int, Text, int, Error&) override {}
    void on_field_impl(boost::beast::http::field, Text, Text, Error&) override {}
    void on_header_impl(Error&) override {}
    void on_body_init_impl(boost::optional<std::uint64_t> const&, Error&) override {}
    std::size_t on_body_impl(Text body, Error&) override { return add(body); }
    void on_chunk_header_impl(std::uint64_t, Text, Error&) override {}
    std::size_t on_chunk_body_impl(std::uint64_t, Text body, Error&) override { return add(body); }
    void on_finish_impl(Error&) override {}

    std::size_t add(Text body) {
        body_.append(body.data(), body.size());
        return body.size();
    }

    std::string& body_;
};

}  // namespace recoup::http
