#pragma once
// RequestHead: the head of a request (RFC 9112 sections 3 and 5), read straight into our request, whose memory is reused
// from one to the next. Strict where two readers could disagree about where a request ends (request smuggling, section
// 11.2): one reading only, or a refusal.

#include "recoup/port/http.hpp"

#include <optional>
#include <string_view>

namespace recoup::http {

class RequestHead {
public:
    /// Method, path, query and headers go into `request`, which outlives the head.
    explicit RequestHead(HttpRequest& request) : request_(request) {}

    /// `block` is everything up to and including the empty line. Gives the answer that refuses it, or nothing when the
    /// head is good. Every refusal ends the connection.
    std::optional<HttpResponse> read(std::string_view block);

    std::uint64_t content_length() const { return length_; }   // 0 when not said
    bool chunked() const { return chunked_; }
    bool keep_alive() const { return version_ == 11 ? !close_ : keep_ && !close_; }

private:
    bool read_request_line(std::string_view line);
    bool read_field(std::string_view line);
    bool note(std::string_view name, std::string_view value);
    void note_connection(std::string_view options);
    bool framing_is_clear() const;

    HttpRequest& request_;
    std::uint64_t length_ = 0;
    std::size_t headers_ = 0;
    int hosts_ = 0, lengths_ = 0, encodings_ = 0, version_ = 0;
    bool chunked_ = false, close_ = false, keep_ = false;
};

}  // namespace recoup::http
