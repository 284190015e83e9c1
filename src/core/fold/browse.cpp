#include "core/fold/browse.hpp"

#include "core/fold/merge.hpp"

#include "recoup/base/digest.hpp"
#include "recoup/base/limits.hpp"

#include <algorithm>

namespace recoup::core {
namespace {

using View = std::pair<std::string, Instant>;

bool newer(View const& a, View const& b) { return std::tie(b.second, a.first) < std::tie(a.second, b.first); }

/// The newest view first.
std::vector<View> newest_first(std::map<std::string, Instant> const& viewed) {
    std::vector<View> views(viewed.begin(), viewed.end());
    std::sort(views.begin(), views.end(), newer);
    return views;
}

}  // namespace

std::optional<IdentityKey> browse_key(Event const& event) {
    auto const* seen = std::get_if<BehaviourSeen>(&event.body);
    bool const view = seen != nullptr && seen->kind == BehaviourKind::product_viewed && !seen->product_id.empty() &&
                      !seen->session_id.empty();
    if (!view) return std::nullopt;
    auto const browser = std::find_if(event.keys.begin(), event.keys.end(),
                                      [](IdentityKey const& key) { return key.kind == KeyKind::anonymous_id; });
    if (browser == event.keys.end()) return std::nullopt;
    return IdentityKey{KeyKind::browse, stable_id("browse", {event.shop_id, browser->value, seen->session_id})};
}

void see_product(Cart& intent, BehaviourSeen const& view, Instant at) {
    intent.stage = Stage::browse;
    intent.created_at = earlier(intent.created_at, at);
    intent.last_activity_at = std::max(intent.last_activity_at, at);
    ++intent.changes;
    auto& last = intent.viewed[view.product_id];
    last = std::max(last, at);
    auto views = newest_first(intent.viewed);
    if (views.size() > limits::products_viewed) {
        intent.viewed.erase(views.back().first);
        views.pop_back();
    }
    CartContent content;
    for (auto const& [product_id, when] : views) content.lines.emplace_back().product_id = product_id;
    intent.content = {std::move(content), Version{intent.last_activity_at, 0, 1}};
}

}  // namespace recoup::core
