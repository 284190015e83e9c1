#include "adapter/http/head.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace recoup::http {
namespace {

HttpResponse malformed(std::string_view detail) {
    return problem(400, "malformed-request", "The request is not well-formed HTTP", detail);
}

using Set = std::array<bool, 256>;

template <class In>
constexpr Set set_of(In in) {
    Set set{};
    for (std::size_t c = 0; c < set.size(); ++c) set[c] = in(static_cast<unsigned char>(c));
    return set;
}

constexpr bool letter_or_digit(unsigned char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

// RFC 9110 sections 5.6.2 and 5.5; bytes past ASCII are opaque text.
constexpr Set tokens = set_of([](unsigned char c) {
    return letter_or_digit(c) || std::string_view("!#$%&'*+-.^_`|~").find(static_cast<char>(c)) != std::string_view::npos;
});
constexpr Set texts = set_of([](unsigned char c) { return c == '\t' || (c >= 0x20 && c != 0x7F); });
constexpr Set targets = set_of([](unsigned char c) { return c > 0x20 && c != 0x7F; });

std::size_t span_of(Set const& set, std::string_view text) {
    std::size_t count = 0;
    while (count < text.size() && set[static_cast<unsigned char>(text[count])]) ++count;
    return count;
}

bool is_blank(char c) { return c == ' ' || c == '\t'; }

std::string_view without_blanks(std::string_view text) {
    while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
    while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
    return text;
}

/// `lower` is in lower case.
bool same(std::string_view text, std::string_view lower) {
    auto const folded = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
    return text.size() == lower.size() &&
           std::equal(text.begin(), text.end(), lower.begin(), [&](char a, char b) { return folded(a) == b; });
}

/// Without its CRLF, which `block` is known to have at its end. A bare CR or LF stays in the line and is refused there.
std::string_view take_line(std::string_view& block) {
    auto const end = block.find("\r\n");
    auto const line = block.substr(0, end);
    block.remove_prefix(end + 2);
    return line;
}

}  // namespace

std::optional<HttpResponse> RequestHead::read(std::string_view block) {
    if (!read_request_line(take_line(block))) return malformed("The request line is malformed.");
    for (auto line = take_line(block); !line.empty(); line = take_line(block)) {
        if (is_blank(line.front())) return malformed("A folded header line is not accepted.");
        if (!read_field(line)) return malformed("A header field is malformed.");
    }
    request_.headers.resize(headers_);
    if (version_ != 11 && version_ != 10) return malformed("Use HTTP/1.1.");
    if (!framing_is_clear()) return malformed("Send one Content-Length or Transfer-Encoding: chunked, not both.");
    if (hosts_ > 1 || (hosts_ == 0 && version_ == 11)) return malformed("Send exactly one Host header.");
    if (!request_.path.starts_with('/')) return malformed("The request target must be a path.");
    return std::nullopt;
}

bool RequestHead::read_request_line(std::string_view line) {
    auto const method = line.substr(0, span_of(tokens, line));
    line.remove_prefix(method.size());
    if (method.empty() || !line.starts_with(' ')) return false;
    line.remove_prefix(1);
    auto const target = line.substr(0, span_of(targets, line));
    line.remove_prefix(target.size());
    constexpr std::string_view name = " HTTP/";
    if (target.empty() || line.size() != name.size() + 3 || !line.starts_with(name) || line[name.size() + 1] != '.') return false;
    char const major = line[name.size()], minor = line[name.size() + 2];
    if (major < '0' || major > '9' || minor < '0' || minor > '9') return false;
    version_ = (major - '0') * 10 + minor - '0';
    auto const mark = target.find('?');
    request_.method.assign(method);
    request_.path.assign(target.substr(0, mark));
    request_.query.assign(mark == std::string_view::npos ? std::string_view{} : target.substr(mark + 1));
    return true;
}

bool RequestHead::read_field(std::string_view line) {
    auto const name = line.substr(0, span_of(tokens, line));
    line.remove_prefix(name.size());
    if (name.empty() || !line.starts_with(':')) return false;
    line.remove_prefix(1);
    if (span_of(texts, line) != line.size()) return false;
    auto const value = without_blanks(line);
    if (headers_ == request_.headers.size()) request_.headers.emplace_back();
    auto& [to_name, to_value] = request_.headers[headers_++];
    to_name.assign(name);
    to_value.assign(value);
    return note(name, value);
}

/// What says where the request ends, and the connection.
bool RequestHead::note(std::string_view name, std::string_view value) {
    if (same(name, "host")) {
        ++hosts_;
    } else if (same(name, "content-length")) {
        ++lengths_;
        auto const [end, failure] = std::from_chars(value.data(), value.data() + value.size(), length_);   // takes no sign
        return failure == std::errc{} && end == value.data() + value.size();
    } else if (same(name, "transfer-encoding")) {
        ++encodings_;
        chunked_ = same(value, "chunked");
    } else if (same(name, "connection")) {
        note_connection(value);
    }
    return true;
}

void RequestHead::note_connection(std::string_view options) {
    while (!options.empty()) {
        auto const option = options.substr(0, options.find(','));
        options.remove_prefix(std::min(options.size(), option.size() + 1));
        close_ = close_ || same(without_blanks(option), "close");
        keep_ = keep_ || same(without_blanks(option), "keep-alive");
    }
}

/// One way only to find the end of the body.
bool RequestHead::framing_is_clear() const {
    if (lengths_ > 1 || encodings_ > 1 || (lengths_ != 0 && encodings_ != 0)) return false;
    return encodings_ == 0 || (version_ == 11 && chunked_);
}

}  // namespace recoup::http
