#include "service/admin/access_desk.hpp"

#include "core/key/shop_key.hpp"
#include "core/web/origin.hpp"
#include "recoup/base/limits.hpp"

#include <algorithm>

namespace recoup::service {
namespace {

constexpr std::string_view scoped_source = "events";

bool is_label(std::string_view text) {
    constexpr std::size_t longest = 100;
    return text.size() <= longest && std::all_of(text.begin(), text.end(), [](char c) {
        return static_cast<unsigned char>(c) >= 0x20 && c != 0x7F;
    });
}

}  // namespace

AccessDesk::AccessDesk(AccessStore& store, Random& random, std::vector<std::string> sources)
    : store_(store), random_(random), sources_(std::move(sources)) {}

Result<void> AccessDesk::check(KeyWish const& wish, Instant now) const {
    constexpr std::size_t most_scopes = 32;
    if (std::find(sources_.begin(), sources_.end(), wish.source) == sources_.end()) {
        std::string known;
        for (auto const& source : sources_) known += (known.empty() ? "" : ", ") + source;
        return error(Errc::invalid, "no source '" + wish.source + "' takes keys; there are: " + known);
    }
    for (auto const& scope : wish.scopes)
        if (!core::is_scope(scope))
            return error(Errc::invalid, "'" + scope + "' is no scope; write a type like order.completed, a family like cart.*, or *");
    if (!wish.scopes.empty() && wish.source != scoped_source)
        return error(Errc::invalid, "only keys of events have scopes; other sources have no answer for a single item");
    if (wish.scopes.size() > most_scopes) return error(Errc::too_large, "a key has at most 32 scopes");
    if (!is_label(wish.label)) return error(Errc::invalid, "a name has at most 100 bytes and no control characters");
    if (wish.not_after != never && wish.not_after <= now) return error(Errc::invalid, "the key would have ended already");
    return {};
}

Result<NewKey> AccessDesk::create(std::string const& shop_id, KeyWish const& wish, Instant now) {
    if (auto const good = check(wish, now); !good) return good.error();
    auto const held = store_.keys(shop_id);
    if (!held) return held.error();
    auto const active = std::count_if(held->begin(), held->end(), [&](auto const& key) { return core::is_active(key, now); });
    if (static_cast<std::size_t>(active) >= limits::shop_keys)
        return error(Errc::conflict, "the shop has " + std::to_string(active) + " active keys; revoke some");
    auto fresh = core::fresh_bearer_key(random_);
    NewKey made{std::move(fresh.secret), std::move(fresh.shown)};
    made.key.shop_id = shop_id;
    made.key.source = wish.source;
    made.key.scopes = wish.scopes;
    made.key.label = wish.label;
    made.key.not_after = wish.not_after;
    made.key.created_at = now;
    if (auto const added = store_.add_key(made.key, now); !added) return added.error();
    return made;
}

Result<std::vector<ShopSecret>> AccessDesk::list(std::string const& shop_id) { return store_.keys(shop_id); }

Result<ShopSecret> AccessDesk::revoke(std::string const& shop_id, std::string_view key_id, Instant now) {
    auto keys = store_.keys(shop_id);
    if (!keys) return keys.error();
    auto const found = std::find_if(keys->begin(), keys->end(), [&](auto const& key) { return core::key_id(key) == key_id; });
    if (found == keys->end()) return error(Errc::not_found, "the shop has no key of this id; list them to see");
    if (auto const ended = store_.end_key(*found, now); !ended) return ended.error();
    if (core::is_active(*found, now)) found->not_after = now;
    return std::move(*found);
}

Result<std::vector<std::string>> AccessDesk::origins(std::string const& shop_id) { return store_.origins(shop_id); }

Result<std::vector<std::string>> AccessDesk::set_origins(std::string const& shop_id, std::vector<std::string> const& origins) {
    if (origins.size() > limits::shop_origins) return error(Errc::too_large, "a shop has at most 64 origins");
    std::vector<std::string> normal;
    for (auto const& text : origins) {
        auto origin = core::normal_origin(text);
        if (!origin) return error(Errc::invalid, "'" + text + "': " + origin.error().message);
        if (std::find(normal.begin(), normal.end(), *origin) == normal.end()) normal.push_back(*std::move(origin));
    }
    if (auto const kept = store_.set_origins(shop_id, normal); !kept) return kept.error();
    return normal;
}

}  // namespace recoup::service
