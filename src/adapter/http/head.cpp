#include "adapter/http/head.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http/error.hpp>

namespace recoup::http {
namespace {

HttpResponse malformed(std::string_view detail) {
    return problem(400, "malformed-request", "The request is not well-formed HTTP", detail);
}

bool has_folded_line(std::string_view block) {
    for (auto at = block.find('\n'); at != std::string_view::npos; at = block.find('\n', at + 1))
        if (at + 1 < block.size() && (block[at + 1] == ' ' || block[at + 1] == '\t')) return true;
    return false;
}

}  // namespace

std::optional<HttpResponse> RequestParser::read_head(std::string_view block) {
    if (has_folded_line(block)) return malformed("A folded header line is not accepted.");
    Error failure;
    body_limit(boost::none);  // checked later against the route's own limit
    header_limit(static_cast<std::uint32_t>(block.size() + 1));
    eager(false);
    put(boost::asio::buffer(block.data(), block.size()), failure);
    if (failure || !is_header_done()) return malformed("The request line or a header field is malformed.");
    if (version_ != 11 && version_ != 10) return malformed("Use HTTP/1.1.");
    if (!framing_is_clear()) return malformed("Send one Content-Length or Transfer-Encoding: chunked, not both.");
    if (hosts_ > 1 || (hosts_ == 0 && version_ == 11)) return malformed("Send exactly one Host header.");
    if (!request_.path.starts_with('/')) return malformed("The request target must be a path.");
    return std::nullopt;
}

std::size_t RequestParser::read_chunks(std::string_view bytes, Error& failure) {
    // Beast 1.81 ends the process when it sees a last chunk again that is still shorter than the shortest whole one
    // ("0\r\n", then one byte more), so it sees none that cannot be whole. Every unfinished body has that much to come.
    constexpr std::size_t shortest_end = std::string_view("0\r\n\r\n").size();
    if (bytes.size() < shortest_end && bytes.starts_with('0')) {
        failure = boost::beast::http::error::need_more;
        return 0;
    }
    return put(boost::asio::buffer(bytes.data(), bytes.size()), failure);
}

/// One way only to find the end of the body.
bool RequestParser::framing_is_clear() const {
    if (lengths_ > 1 || encodings_ > 1 || (lengths_ != 0 && encodings_ != 0)) return false;
    return encodings_ == 0 || (version_ == 11 && encoding_is_chunked_);
}

void RequestParser::on_request_impl(boost::beast::http::verb, Text method, Text target, int version, Error&) {
    auto const mark = target.find('?');
    request_.method.assign(method.data(), method.size());
    request_.path.assign(target.data(), mark == Text::npos ? target.size() : mark);
    request_.query.assign(target.substr(mark == Text::npos ? target.size() : mark + 1));
    version_ = version;
}

void RequestParser::on_field_impl(Field field, Text name, Text value, Error&) {
    if (whole_head_) return;  // a trailer may not change what was decided
    hosts_ += field == Field::host ? 1 : 0;
    lengths_ += field == Field::content_length ? 1 : 0;
    if (field == Field::transfer_encoding) {
        ++encodings_;
        encoding_is_chunked_ = boost::beast::iequals(value, "chunked");
    }
    if (headers_ == request_.headers.size()) request_.headers.emplace_back();
    auto& [to_name, to_value] = request_.headers[headers_++];
    to_name.assign(name.data(), name.size());
    to_value.assign(value.data(), value.size());
}

void RequestParser::on_header_impl(Error&) {
    whole_head_ = true;
    request_.headers.resize(headers_);
}

std::size_t RequestParser::on_body_impl(Text body, Error&) {
    request_.body.append(body.data(), body.size());
    return body.size();
}

std::size_t RequestParser::on_chunk_body_impl(std::uint64_t, Text body, Error&) {
    request_.body.append(body.data(), body.size());
    return body.size();
}

}  // namespace recoup::http
