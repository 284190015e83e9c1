#include "core/policy/customer.hpp"

#include "core/web/text.hpp"

#include <algorithm>

namespace recoup::core {
namespace {

bool is_app(std::string_view source) {
    return !source.empty() && source.find_first_not_of("0123456789") == source.npos;
}

}  // namespace

bool recovered_source(std::string_view source_name, std::vector<std::string> const& sources) {
    auto const name = lower_ascii(source_name);
    return source_name.empty() || std::any_of(sources.begin(), sources.end(), [&](std::string const& source) {
        return source == "*" || (source == "app" && is_app(source_name)) || lower_ascii(source) == name;
    });
}

bool drafted(Cart const& cart, Person const& person) {
    return person.drafted_at != never && person.drafted_at >= cart.last_activity_at;
}

std::optional<std::string_view> not_a_customer(Person const& person, std::string_view email, Policy const& policy) {
    if (policy.not_customers != nullptr) {
        if (auto const kind = policy.not_customers->kind_of(email)) return kind;
        for (auto const& key : person.keys) {
            if (key.kind != KeyKind::email) continue;
            auto const kind = policy.not_customers->kind_of(key.value);
            if (kind == "staff" || kind == "crawler") return kind;   // whatever other address they have as well
        }
    }
    bool const tests = !person.orders.empty() && std::all_of(person.orders.begin(), person.orders.end(),
                                                             [](auto const& order) { return order.second.test; });
    return tests ? std::optional<std::string_view>("test") : std::nullopt;
}

bool looks_like_card_testing(Person const& person, std::int64_t failures_around, Policy const& policy) {
    if (policy.card_testing <= 0 || failures_around < policy.card_testing) return false;
    return std::all_of(person.orders.begin(), person.orders.end(), [](auto const& order) { return order.second.test; });
}

}  // namespace recoup::core
