#pragma once
// A port that is ours before the listener starts, so that links can name it. Held by a bound, silent SO_REUSEPORT
// socket until the listener, which binds with SO_REUSEPORT too, has its own.

#include "recoup/base/result.hpp"

#include <string>
#include <utility>

namespace recoup::app {

class ReservedPort {
public:
    /// "127.0.0.1:0" becomes "127.0.0.1:<free port>"; an address with a port stays as it is.
    static Result<ReservedPort> reserve(std::string const& address);

    ReservedPort(ReservedPort&& other) noexcept
        : address_(std::move(other.address_)), socket_(std::exchange(other.socket_, -1)) {}
    ReservedPort& operator=(ReservedPort&&) = delete;
    ~ReservedPort();

    std::string const& address() const { return address_; }

private:
    ReservedPort(std::string address, int socket) : address_(std::move(address)), socket_(socket) {}

    std::string address_;
    int socket_ = -1;
};

}  // namespace recoup::app
