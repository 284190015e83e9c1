#include "core/policy/address_list.hpp"

#include "core/web/text.hpp"

namespace recoup::core {
namespace {

std::string_view word(std::string_view& rest) {
    auto const from = rest.find_first_not_of(" \t\r");
    if (from == rest.npos) return rest = {};
    rest.remove_prefix(from);
    auto const out = rest.substr(0, rest.find_first_of(" \t\r"));
    rest.remove_prefix(out.size());
    return out;
}

template <class Map>
std::optional<std::string_view> held(Map const& map, std::string_view key) {
    auto const it = map.find(key);
    return it == map.end() ? std::nullopt : std::optional<std::string_view>(it->second);
}

}  // namespace

bool AddressList::add(std::string_view kind, std::string_view pattern) {
    auto const at = pattern.find('@');
    if (kind.empty() || at == pattern.npos || pattern.find('@', at + 1) != pattern.npos) return false;
    auto const local = lower_ascii(pattern.substr(0, at)), domain = lower_ascii(pattern.substr(at + 1));
    bool const any_local = local == "*" || local.empty(), any_domain = domain == "*";
    if (domain.empty() || (any_local && any_domain)) return false;
    if ((!any_local && local.find('*') != local.npos) || (!any_domain && domain.find('*') != domain.npos)) return false;
    if (any_local) domains_[domain] = kind;
    else if (any_domain) locals_[local] = kind;
    else whole_[local + "@" + domain] = kind;
    return true;
}

Result<AddressList> AddressList::parse(std::string_view text) {
    AddressList list;
    for (int number = 1; !text.empty(); ++number) {
        auto line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(line.size() + 1, text.size()));
        line = line.substr(0, line.find('#'));
        auto const kind = word(line), pattern = word(line);
        if (kind.empty()) continue;
        if (!word(line).empty() || !list.add(kind, pattern))
            return error(Errc::configuration, "line " + std::to_string(number) + ": write a kind and a pattern, such as: disposable *@mail.example");
    }
    return list;
}

std::optional<std::string_view> AddressList::kind_of(std::string_view email) const {
    auto const at = email.find('@');
    if (at == email.npos) return std::nullopt;
    if (auto const kind = held(whole_, email)) return kind;
    for (auto domain = email.substr(at + 1); !domain.empty();) {
        if (auto const kind = held(domains_, domain)) return kind;
        auto const dot = domain.find('.');
        domain = dot == domain.npos ? std::string_view{} : domain.substr(dot + 1);
    }
    return held(locals_, email.substr(0, at));
}

}  // namespace recoup::core
