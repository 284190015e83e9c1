#pragma once
// The network an address belongs to, as far as limits care: one household or office, not one device.

#include <optional>
#include <string>
#include <string_view>

namespace recoup::core {

/// The /24 of an IPv4 address (also one mapped into IPv6), the /48 of an IPv6 address, as bytes behind a 4 or 6.
/// nullopt = not an address. Ports, brackets and zones are left out of account: "[2001:db8::1]:443" is an address.
std::optional<std::string> address_prefix(std::string_view address);

}  // namespace recoup::core
