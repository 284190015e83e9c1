#include "adapter/http/chunked_body.hpp"
#include "adapter/http/head.hpp"

#include <gtest/gtest.h>
#include <boost/beast/http/error.hpp>

namespace recoup::http {
namespace {

namespace errors = boost::beast::http;

/// The body as it comes in pieces, at most `most` bytes at once; "..." behind it when it does not end.
std::string body_of(std::string_view stream, std::size_t most) {
    std::string body, in;
    ChunkedBody chunks(body, 1'000);
    while (!chunks.is_done()) {
        boost::system::error_code failure;
        in.erase(0, chunks.read(in, failure));
        if (failure && failure != errors::error::need_more) return "malformed";
        if (chunks.is_done()) break;
        if (stream.empty()) return body + "...";
        in += stream.substr(0, most);
        stream.remove_prefix(std::min(stream.size(), most));
    }
    return body;
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

struct Heard {
    HttpRequest request;
    std::uint64_t length = 0;
    bool chunked = false, keep_alive = false;
    std::string refusal;
};

Heard heard(std::string_view block) {
    Heard heard;
    RequestHead head(heard.request);
    if (auto const refused = head.read(block)) heard.refusal = refused->body;
    heard.length = head.content_length();
    heard.chunked = head.chunked();
    heard.keep_alive = head.keep_alive();
    return heard;
}

TEST(HttpHead, AHeadIsReadIntoARequestThatWasUsedBefore) {
    HttpRequest request;
    for (auto const* block : {"POST /a/b?c=d?e HTTP/1.1\r\nHost: h\r\nX-One:  1 two\t \r\nEmpty:\r\nCONTENT-length: 12\r\n\r\n",
                              "GET / HTTP/1.1\r\nhost: h\r\n\r\n"}) {
        RequestHead head(request);
        ASSERT_FALSE(head.read(block)) << block;
        if (request.method == "GET") {
            EXPECT_EQ(request.headers, (HeaderList{{"host", "h"}}));
            EXPECT_EQ(request.query, "");
            continue;
        }
        EXPECT_EQ(request.path, "/a/b");
        EXPECT_EQ(request.query, "c=d?e");
        EXPECT_EQ(request.header("x-one"), "1 two");
        EXPECT_EQ(request.headers.size(), 4u);
        EXPECT_EQ(head.content_length(), 12u);
    }
}

TEST(HttpHead, TheVersionAndConnectionSayWhetherItIsKept) {
    std::string const line = "GET / HTTP/1.1\r\nHost: h\r\n", old = "GET / HTTP/1.0\r\n";
    EXPECT_TRUE(heard(line + "\r\n").keep_alive);
    EXPECT_FALSE(heard(line + "Connection: Close\r\n\r\n").keep_alive);
    EXPECT_FALSE(heard(line + "Connection: x , close,\r\n\r\n").keep_alive);
    EXPECT_FALSE(heard(old + "\r\n").keep_alive);
    EXPECT_TRUE(heard(old + "Connection: Keep-Alive\r\n\r\n").keep_alive);
}

TEST(HttpHead, WhatCouldBeReadInTwoWaysIsRefused) {
    std::string const line = "POST / HTTP/1.1\r\nHost: h\r\n", end = "\r\n\r\n";
    EXPECT_TRUE(heard(line + "Transfer-Encoding: Chunked" + end).chunked);
    for (std::string const field :
         {"Content-Length: 1\r\nContent-Length: 1", "Content-Length: 1\r\nTransfer-Encoding: chunked", "Content-Length: +1",
          "Content-Length: -1", "Content-Length: 1, 1", "Content-Length:", "Content-Length: 0x1", "Content-Length: 18446744073709551616",
          "Transfer-Encoding: gzip, chunked", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", "Transfer-Encoding : chunked",
          "Transfer-Encoding: \x0b" "chunked", "X: a\r\n b", "X: a\nContent-Length: 1", "X: a\rb", "X", ": a", "X y: a", "Host: i",
          "X: \x7f", "\xE9: a"})
        EXPECT_NE(heard(line + field + end).refusal, "") << field;
    EXPECT_NE(heard(std::string(line + "X: a") + '\0' + end).refusal, "");
    EXPECT_EQ(heard(line + "X: \xE9\"()" + end).refusal, "");
    for (std::string const first : {"", " ", "POST", "POST /", "POST  / HTTP/1.1", "POST / HTTP/1.1 ", "POST / a HTTP/1.1", "P(ST / HTTP/1.1",
                                    "POST /\x01 HTTP/1.1", "POST / HTTP/2.0", "POST / HTTP/1.11", "POST / http/1.1", "POST a HTTP/1.1"})
        EXPECT_NE(heard(first + "\r\nHost: h" + end).refusal, "") << first;
    EXPECT_NE(heard("POST / HTTP/1.1\r\nX: 1" + end).refusal, "") << "no Host";
    EXPECT_NE(heard("POST / HTTP/1.0\r\nTransfer-Encoding: chunked" + end).refusal, "");
}

}  // namespace
}  // namespace recoup::http
