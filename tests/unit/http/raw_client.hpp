#pragma once
// A client that can misbehave: it sends bytes as given and reads until the peer closes or an answer is complete.

#include <boost/asio/buffer.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>

#include <string>
#include <string_view>

namespace recoup::test {

inline bool has(std::string const& text, std::string_view part) { return text.find(part) != std::string::npos; }

class RawClient {
public:
    explicit RawClient(std::string const& address) : socket_(io_) {
        boost::asio::ip::tcp::resolver resolver(io_);
        auto const colon = address.rfind(':');
        boost::asio::connect(socket_, resolver.resolve(address.substr(0, colon), address.substr(colon + 1)));
    }

    void send(std::string_view bytes) {
        boost::system::error_code ignored;  // the peer may have refused already
        boost::asio::write(socket_, boost::asio::buffer(bytes.data(), bytes.size()), ignored);
    }

    /// The next answer with its body by Content-Length; what came until the end when the peer closes before.
    std::string read_answer() {
        for (;;) {
            auto const head = in_.find("\r\n\r\n");
            if (head != std::string::npos) {
                auto const size = head + 4 + length_in(in_.substr(0, head + 2));
                if (in_.size() >= size) {
                    auto answer = in_.substr(0, size);
                    in_.erase(0, size);
                    return answer;
                }
            }
            if (!read_more()) return std::exchange(in_, {});
        }
    }

    std::string read_to_end() {
        while (read_more()) {}
        return std::exchange(in_, {});
    }

    std::string ask(std::string_view request) {
        send(request);
        return read_answer();
    }

private:
    static std::size_t length_in(std::string const& head) {
        auto const at = head.find("Content-Length: ");
        return at == std::string::npos || head.starts_with("HTTP/1.1 100") ? 0 : std::stoul(head.substr(at + 16));
    }
    bool read_more() {
        char bytes[4096];
        boost::system::error_code failure;
        auto const count = socket_.read_some(boost::asio::buffer(bytes), failure);
        in_.append(bytes, count);
        return !failure;
    }

    boost::asio::io_context io_;
    boost::asio::ip::tcp::socket socket_;
    std::string in_;
};

}  // namespace recoup::test
