#include "bench/support/http_client.hpp"

#include <netinet/tcp.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>

namespace recoup::bench {
namespace {

/// The value of a header in `head`, which ends with an empty line; names in any case.
std::optional<std::string_view> header(std::string_view head, std::string_view name) {
    for (auto at = head.find("\r\n"); at != std::string_view::npos; at = head.find("\r\n", at + 2)) {
        auto const line = head.substr(at + 2);
        if (line.size() <= name.size() || line[name.size()] != ':') continue;
        if (strncasecmp(line.data(), name.data(), name.size()) != 0) continue;
        auto value = line.substr(name.size() + 1, line.find("\r\n") - name.size() - 1);
        while (value.starts_with(' ')) value.remove_prefix(1);
        return value;
    }
    return std::nullopt;
}

}  // namespace

bool HttpClient::connect() {
    close();
    socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (socket_ < 0) return false;
    int const one = 1;
    setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    state_ = State::connecting;
    return ::connect(socket_, reinterpret_cast<sockaddr const*>(&server_), sizeof server_) == 0 || errno == EINPROGRESS;
}

void HttpClient::close() {
    if (socket_ >= 0) ::close(socket_);
    socket_ = -1;
    state_ = State::closed;
    unsent_.clear();
    received_.clear();
}

bool HttpClient::send(std::string const& bytes) {
    state_ = State::waiting;
    auto const sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno != EAGAIN) return false;
    auto const done = static_cast<std::size_t>(std::max<ssize_t>(sent, 0));
    if (done < bytes.size()) unsent_.assign(bytes, done);
    return true;
}

bool HttpClient::writable() {
    if (state_ == State::connecting) {
        int failure = 0;
        socklen_t size = sizeof failure;
        if (getsockopt(socket_, SOL_SOCKET, SO_ERROR, &failure, &size) != 0 || failure != 0) return false;
        state_ = State::idle;
        return true;
    }
    auto const sent = ::send(socket_, unsent_.data(), unsent_.size(), MSG_NOSIGNAL);
    if (sent < 0) return errno == EAGAIN;
    unsent_.erase(0, static_cast<std::size_t>(sent));
    return true;
}

std::optional<Answer> HttpClient::readable() {
    char buffer[4096];
    auto const size = ::recv(socket_, buffer, sizeof buffer, 0);
    if (size < 0 && errno == EAGAIN) return std::nullopt;
    if (size <= 0) {
        close();
        return std::nullopt;
    }
    received_.append(buffer, static_cast<std::size_t>(size));
    return complete_answer();
}

std::optional<Answer> HttpClient::complete_answer() {
    auto const end = received_.find("\r\n\r\n");
    if (end == std::string::npos) return std::nullopt;
    auto const head = std::string_view(received_).substr(0, end + 2);
    auto const length = header(head, "content-length");
    if (length && received_.size() < end + 4 + std::strtoul(length->data(), nullptr, 10)) return std::nullopt;
    Answer answer;
    answer.status = std::atoi(received_.c_str() + sizeof "HTTP/1.1");
    answer.retry_after = header(head, "retry-after").has_value();
    auto const connection = header(head, "connection");
    answer.closes = connection && connection->starts_with("close");
    received_.clear();
    // An answer before the whole request was taken: the rest would be read as another request.
    if (!unsent_.empty()) answer.closes = true;
    state_ = State::idle;
    return answer;
}

}  // namespace recoup::bench
