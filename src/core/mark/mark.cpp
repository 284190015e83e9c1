#include "core/mark/mark.hpp"

#include "recoup/base/digest.hpp"

#include <algorithm>

namespace recoup::core {
namespace {

constexpr std::string_view parameter = "recoup=";

bool digit(char c) { return c >= '0' && c <= '9'; }

/// Letters and digits in lower case; what is beyond ASCII stays as it is.
std::string plain(std::string_view text) {
    std::string out;
    for (char const c : text) {
        bool const beyond = static_cast<unsigned char>(c) >= 0x80;
        if (c >= 'A' && c <= 'Z') out += static_cast<char>(c - 'A' + 'a');
        else if ((c >= 'a' && c <= 'z') || digit(c) || beyond) out += c;
    }
    return out;
}

bool is_message_id(std::string_view id) {
    return id.starts_with("msg_") && id.size() > 4 && id.size() <= 64 && std::all_of(id.begin() + 4, id.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || digit(c);
           });
}

}  // namespace

std::string address_mark(std::string_view shop_id, PostalAddress const& address) {
    auto const name = plain(address.last_name), street = plain(address.street), code = plain(address.postal_code),
               city = plain(address.city);
    bool const a_door = std::any_of(street.begin(), street.end(), digit);
    if (name.empty() || !a_door || (code.empty() && city.empty())) return {};
    // A code names the place better than the many ways to write a city.
    return stable_id("address", {shop_id, name, street, code.empty() ? city : code, plain(address.country)});
}

std::string message_mark(std::string_view message_id) { return "link_" + std::string(message_id); }

std::string link_mark(std::string_view landing_site) {
    auto query = landing_site.find('?');
    while (query != landing_site.npos) {
        auto rest = landing_site.substr(query + 1);
        if (rest.starts_with(parameter)) {
            auto const id = rest.substr(parameter.size(), rest.find_first_of("&#", parameter.size()) - parameter.size());
            return is_message_id(id) ? message_mark(id) : std::string{};
        }
        query = landing_site.find('&', query + 1);
    }
    return {};
}

std::string with_mark(std::string url, std::string_view message_id) {
    ((url += url.find('?') == url.npos ? '?' : '&') += parameter) += message_id;
    return url;
}

}  // namespace recoup::core
