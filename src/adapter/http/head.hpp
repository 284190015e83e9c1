#pragma once
// RequestParser: Beast's parser writing straight into our request, whose memory is reused from one request to the next.
// Stricter than Beast where two parsers could disagree about where a request ends (request smuggling, RFC 9112 section
// 11.2).

#include "recoup/port/http.hpp"

#include <boost/beast/http/basic_parser.hpp>

#include <optional>
#include <string_view>

namespace recoup::http {

class RequestParser final : public boost::beast::http::basic_parser<true> {
public:
    /// Method, path, query and headers go into `request`, which outlives the parser; its body grows by what put() reads.
    explicit RequestParser(HttpRequest& request) : request_(request) {}

    /// `block` is everything up to and including the empty line. Gives the answer that refuses it, or nothing when the
    /// head is good. Every refusal ends the connection.
    std::optional<HttpResponse> read_head(std::string_view block);

    /// Of a chunked body: takes what it can off the front and says how much. error::need_more until is_done().
    std::size_t read_chunks(std::string_view bytes, boost::system::error_code& failure);

private:
    using Error = boost::system::error_code;
    using Field = boost::beast::http::field;
    using Text = boost::beast::string_view;

    bool framing_is_clear() const;

    void on_request_impl(boost::beast::http::verb, Text method, Text target, int version, Error&) override;
    void on_response_impl(int, Text, int, Error&) override {}
    void on_field_impl(Field field, Text name, Text value, Error&) override;
    void on_header_impl(Error&) override;
    void on_body_init_impl(boost::optional<std::uint64_t> const&, Error&) override {}
    std::size_t on_body_impl(Text body, Error&) override;
    void on_chunk_header_impl(std::uint64_t, Text, Error&) override {}
    std::size_t on_chunk_body_impl(std::uint64_t, Text body, Error&) override;
    void on_finish_impl(Error&) override {}

    HttpRequest& request_;
    std::size_t headers_ = 0, hosts_ = 0, lengths_ = 0, encodings_ = 0;
    int version_ = 0;
    bool encoding_is_chunked_ = false, whole_head_ = false;
};

}  // namespace recoup::http
