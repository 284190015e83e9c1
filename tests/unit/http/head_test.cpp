#include "adapter/http/head.hpp"

#include <gtest/gtest.h>
#include <boost/beast/http/error.hpp>

namespace recoup::http {
namespace {

namespace errors = boost::beast::http;

/// The body as it comes in pieces, at most `most` bytes at once; "..." behind it when it does not end.
std::string body_of(std::string_view stream, std::size_t most) {
    HttpRequest request;
    RequestParser parser(request);
    EXPECT_FALSE(parser.read_head("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"));
    parser.eager(true);
    std::string in;
    while (!parser.is_done()) {
        boost::system::error_code failure;
        in.erase(0, parser.read_chunks(in, failure));
        if (failure && failure != errors::error::need_more) return "malformed";
        if (parser.is_done()) break;
        if (stream.empty()) return request.body + "...";
        in += stream.substr(0, most);
        stream.remove_prefix(std::min(stream.size(), most));
    }
    return request.body;
}

// Found by tests/fuzz: one byte behind "0\r\n" failed an assertion inside Beast and ended the process.
TEST(HttpHead, ALastChunkMayArriveByteByByte) {
    for (std::size_t most = 1; most < 12; ++most) {
        EXPECT_EQ(body_of("0\r\n\r\n", most), "") << most;
        EXPECT_EQ(body_of("0\r\nTrailer: 1\r\n\r\n", most), "") << most;
        EXPECT_EQ(body_of("00;a=b\r\n\r\n", most), "") << most;
        EXPECT_EQ(body_of("3\r\n000\r\n1\r\n0\r\n0\r\n\r\n", most), "0000") << most;
        EXPECT_EQ(body_of("3\r\nabc\r\n0\r\n", most), "abc...") << most;
        EXPECT_EQ(body_of("0\r\nx", most), "...") << most;
        EXPECT_EQ(body_of("zz\r\n", most), "malformed") << most;
        EXPECT_EQ(body_of("0x\r\n\r\n", most), "malformed") << most;
    }
}

}  // namespace
}  // namespace recoup::http
