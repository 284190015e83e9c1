#include "app/daemon/reserved_port.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace recoup::app {

Result<ReservedPort> ReservedPort::reserve(std::string const& address) {
    auto const colon = address.rfind(':');
    if (colon == std::string::npos || address.substr(colon + 1) != "0") return ReservedPort(address, -1);
    auto const host = address.substr(0, colon);
    sockaddr_in name{};
    name.sin_family = AF_INET;
    if (inet_pton(AF_INET, host.empty() ? "0.0.0.0" : host.c_str(), &name.sin_addr) != 1)
        return error(Errc::configuration, "port 0 needs an IPv4 address before it, like 127.0.0.1:0");
    int const socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int const one = 1;
    socklen_t size = sizeof name;
    bool const bound = socket >= 0 && ::setsockopt(socket, SOL_SOCKET, SO_REUSEPORT, &one, sizeof one) == 0 &&
                       ::bind(socket, reinterpret_cast<sockaddr*>(&name), sizeof name) == 0 &&
                       ::getsockname(socket, reinterpret_cast<sockaddr*>(&name), &size) == 0;
    if (!bound) {
        if (socket >= 0) ::close(socket);
        return error(Errc::configuration, "no free port on " + host);
    }
    return ReservedPort(host + ":" + std::to_string(ntohs(name.sin_port)), socket);
}

ReservedPort::~ReservedPort() {
    if (socket_ >= 0) ::close(socket_);
}

}  // namespace recoup::app
