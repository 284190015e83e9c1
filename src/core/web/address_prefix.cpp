#include "core/web/address_prefix.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>

namespace recoup::core {
namespace {

/// "1.2.3.4:5", "[::1]:5", "fe80::1%eth0" without their trimmings.
std::string bare(std::string_view text) {
    if (text.starts_with('[')) text = text.substr(1, text.find(']') - 1);
    else if (std::count(text.begin(), text.end(), ':') == 1) text = text.substr(0, text.find(':'));
    return std::string(text.substr(0, text.find('%')));
}

}  // namespace

std::optional<std::string> address_prefix(std::string_view address) {
    constexpr std::array<unsigned char, 12> mapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
    if (address.size() > 64) return std::nullopt;
    auto const text = bare(address);
    std::array<unsigned char, 16> bytes{};
    if (inet_pton(AF_INET, text.c_str(), bytes.data()) == 1) return "4" + std::string(bytes.begin(), bytes.begin() + 3);
    if (inet_pton(AF_INET6, text.c_str(), bytes.data()) != 1) return std::nullopt;
    if (std::equal(mapped.begin(), mapped.end(), bytes.begin())) return "4" + std::string(bytes.begin() + 12, bytes.begin() + 15);
    return "6" + std::string(bytes.begin(), bytes.begin() + 6);
}

}  // namespace recoup::core
