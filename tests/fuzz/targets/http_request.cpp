// The head and the body as a connection reads them. However the bytes arrive, the outcome is the same; and what is
// taken for one request is one for every other reader too.
#include "adapter/http/chunked_body.hpp"
#include "adapter/http/head.hpp"
#include "fuzz/support/input.hpp"
#include "fuzz/support/target.hpp"

#include "recoup/base/limits.hpp"
#include "recoup/base/random.hpp"

#include <boost/beast/http/error.hpp>

namespace recoup::fuzz {
namespace {

constexpr std::size_t body_limit = 2048;
constexpr std::size_t kept_bytes = 64 * 1024;  // as in adapter/http/connection.cpp

struct Outcome {
    std::string what;
    HttpRequest request;
    std::size_t used = 0;  // bytes of the stream that belong to the request
};

/// Pieces of a stream; `most` bytes at once, or sizes that a seed draws.
class Arrival {
public:
    Arrival(std::string_view stream, std::size_t most, std::uint64_t seed)
        : rest_(stream), most_(most), random_(seed) {}
    bool read(std::string& into) {
        if (rest_.empty()) return false;
        auto const size = most_ != 0 ? most_ : static_cast<std::size_t>(random_.below(24)) + 1;
        into += rest_.substr(0, size);
        rest_.remove_prefix(std::min(rest_.size(), size));
        return true;
    }

private:
    std::string_view rest_;
    std::size_t most_;
    SeededRandom random_;
};

std::string chunked(std::string& body, std::string& in, Arrival& arrival, std::size_t& used) {
    http::ChunkedBody chunks(body, body_limit);
    while (!chunks.is_done()) {
        boost::system::error_code failure;
        auto const taken = chunks.read(in, failure);
        check(taken <= in.size(), "the reader takes no more than there is");
        in.erase(0, taken);
        used += taken;
        if (failure == boost::beast::http::error::body_limit) return "too large";
        if (failure && failure != boost::beast::http::error::need_more) return "malformed body";
        if (chunks.is_done()) break;
        if (in.size() >= kept_bytes) return "malformed body";
        if (!arrival.read(in)) return "gone";
    }
    return "request";
}

std::string sized(std::uint64_t length, std::string& in, Arrival& arrival, HttpRequest& request, std::size_t& used) {
    if (length > body_limit) return "too large";
    while (in.size() < length)
        if (!arrival.read(in)) return "gone";
    request.body = in.substr(0, length);
    used += length;
    return "request";
}

/// As adapter/http/connection.cpp goes about it, without a socket.
Outcome read(Arrival arrival) {
    Outcome outcome;
    std::string in;
    while (in.find("\r\n\r\n") == std::string::npos) {
        if (in.size() >= limits::header_bytes) return {"head too large", {}, 0};
        if (!arrival.read(in)) return {"gone", {}, 0};
    }
    auto const size = in.find("\r\n\r\n") + 4;
    if (size > limits::header_bytes) return {"head too large", {}, 0};
    http::RequestHead head(outcome.request);
    auto const block = in.substr(0, size);
    auto const refusal = head.read(block);
    in.erase(0, size);
    outcome.used = size;
    if (refusal) {
        check(refusal->status == 400 && !refusal->body.empty(), "a refusal is a 400 with its reason");
        return {"refused", {}, 0};
    }
    outcome.request.body.clear();
    if (head.chunked()) outcome.what = chunked(outcome.request.body, in, arrival, outcome.used);
    else outcome.what = sized(head.content_length(), in, arrival, outcome.request, outcome.used);
    check(outcome.request.body.size() <= body_limit, "no body is over its limit");
    return outcome;
}

bool is_name(std::string_view line, std::string_view name) {
    if (line.size() <= name.size() || line[name.size()] != ':') return false;
    for (std::size_t i = 0; i < name.size(); ++i)
        if ((line[i] | 0x20) != name[i]) return false;
    return true;
}

/// A second reader, as simple as can be, must find the same end of the body: else a request can be smuggled.
void check_framing(std::string_view head, HttpRequest const& request) {
    int lengths = 0, encodings = 0, hosts = 0;
    for (std::size_t at = head.find("\r\n") + 2; at + 2 < head.size();) {
        auto const line = head.substr(at, head.find("\r\n", at) - at);
        at += line.size() + 2;
        lengths += is_name(line, "content-length") ? 1 : 0;
        encodings += is_name(line, "transfer-encoding") ? 1 : 0;
        hosts += is_name(line, "host") ? 1 : 0;
        auto const name = line.substr(0, line.find(':'));
        check(name.find_first_of(" \t\r\n\v\f") == std::string_view::npos, "a field name holds no space");
    }
    check(lengths + encodings <= 1 && hosts <= 1, "one way to find the end of the body, and one host");
    check(request.path.starts_with('/') && !request.method.empty(), "a request has a method and a path");
    for (auto const& [name, value] : request.headers) {
        check(!name.empty(), "a header has a name");
        check((name + value).find_first_of(std::string_view("\r\n\0", 3)) == std::string::npos, "a header is one line");
    }
    for (auto const* text : {&request.method, &request.path, &request.query})
        check(text->find_first_of(std::string_view("\r\n\0 ", 4)) == std::string::npos,
              "the request line has three parts");
}

void run(std::string_view bytes) {
    Input input(bytes);
    auto const seed = input.number(2);
    auto const stream = input.rest();
    auto const whole = read(Arrival(stream, 1 << 20, 0));
    if (whole.what == "request") check_framing(stream.substr(0, stream.find("\r\n\r\n") + 4), whole.request);
    auto const agree = [&](Arrival arrival) {
        auto const other = read(std::move(arrival));
        check(other.what == whole.what, "split, it is '" + other.what + "' and not '" + whole.what + "'");
        if (whole.what != "request") return;
        check(other.used == whole.used, "it ends at the same byte");
        check(other.request.method == whole.request.method && other.request.path == whole.request.path &&
                  other.request.query == whole.request.query && other.request.headers == whole.request.headers &&
                  other.request.body == whole.request.body,
              "split, it says the same");
    };
    agree(Arrival(stream, 0, seed));
    agree(Arrival(stream, 0, seed + 1));
    if (stream.size() < 4096) agree(Arrival(stream, 1, 0));
}

std::vector<std::string> seeds() {
    std::string const front("\0\1", 2), line = "POST /webhooks/demo/shopify?a=1 HTTP/1.1\r\nHost: a\r\n";
    return {front + line + "Content-Length: 5\r\nX-A: b\r\n\r\nhello",
            front + line + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n3;x=y\r\n123\r\n0\r\nTrailer: 1\r\n\r\n",
            front + line + "Transfer-Encoding: chunked\r\n\r\nfffffffff\r\nhello",
            front + line + "Transfer-Encoding: chunked\r\n\r\n900\r\n" + std::string(0x900, 'x') + "\r\n0\r\n\r\n",
            front + line + "Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc",
            front + line + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            front + line + "Expect: 100-continue\r\nContent-Length: 99999999999999999999\r\n\r\n",
            front + "GET /livez HTTP/1.0\r\n\r\n",
            front + "GET http://a/ HTTP/1.1\r\nHost: a\r\n\r\n",
            front + "GET / HTTP/1.1\r\nHost: a\r\nX: a\r\n folded\r\n\r\n",
            front + "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
            front + "GET /a\nb HTTP/1.1\nHost: a\n\n"};
}

Registration const registered({"http_request",
                               seeds,
                               {"Content-Length: ", "Transfer-Encoding: ", "chunked", "Host: ", "\r\n", "\r\n\r\n",
                                "0\r\n\r\n", " HTTP/1.1", "Transfer-Encoding : chunked", "identity", ", ", "\t",
                                "Connection: close", "ffffffffffffffff", "\n"},
                               run});

}  // namespace
}  // namespace recoup::fuzz
