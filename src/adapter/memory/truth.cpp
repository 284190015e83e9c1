// What a due step is decided on.
#include "adapter/memory/schedule_store.hpp"
#include "core/policy/wanted.hpp"

#include "core/mark/mark.hpp"
#include "core/policy/customer.hpp"

#include "recoup/domain/world.hpp"

#include <algorithm>

namespace recoup::memory {
namespace {

/// Stock levels newer than the product's own count win; not tracked or sold when out counts as not limited.
std::optional<std::int64_t> available(State const& state, std::string const& shop_id, Versioned<Variant> const& variant) {
    if (!variant.value.active) return 0;
    if (variant.value.sell_when_out) return std::nullopt;
    auto const& item = variant.value.inventory_item_id;
    std::int64_t sum = 0;
    bool newer = false;
    if (!item.empty())
        for (auto it = state.stock.lower_bound({shop_id, StockKey{item, {}}});
             it != state.stock.end() && it->first.first == shop_id && it->first.second.first == item; ++it) {
            sum += std::max<std::int64_t>(0, it->second->value);
            newer = newer || it->second->version.at >= variant.version.at;
        }
    return newer ? std::optional(sum) : variant.value.available;
}

/// A step that is tried again is not kept back by its own first try.
void add_history(State const& state, DueStep& due, Instant now) {
    for (auto const& id : owned_by(state.messages_of_person, due.shop->id, due.enrollment.person_id)) {
        auto const& row = *state.messages.find({due.shop->id, id});
        bool const own = row.draft.enrollment_id == due.enrollment.id && row.draft.step == due.step.step;
        if (own || !may_have_left(row) || row.created_at <= now - std::chrono::hours{24 * 31}) continue;
        DueStep::Sent sent;
        sent.channel = row.draft.message.channel;
        sent.cart_id = row.draft.cart_id;
        sent.enrollment_id = row.draft.enrollment_id;
        sent.at = left_at(row);
        sent.step = row.draft.step;
        sent.clicked = row.clicked_at != never;
        sent.opened = row.opened_at != never;
        due.history.push_back(std::move(sent));
    }
}

void add_suppressed(State const& state, DueStep& due) {
    auto const ask = [&](Channel channel, std::string const& address) {
        if (address.empty()) return;
        auto const hash = address_hash(due.shop->id, channel, address);
        auto const* held = state.suppressions.find({due.shop->id, channel, hash});
        if (held != nullptr && held->cause != "lifted")
            due.suppressed.insert(std::string(name(channel)) + ":" + address);
    };
    ask(Channel::email, due.person.email.value);
    ask(Channel::sms, due.person.phone.value);
    if (!due.cart) return;
    ask(Channel::email, due.cart->email.value);
    ask(Channel::sms, due.cart->phone.value);
}

void add_goods(State const& state, DueStep& due) {
    if (!due.cart) return;
    auto const& shop_id = due.shop->id;
    core::GoodsWanted wanted;
    wanted.add(*due.cart);
    auto const add = [&](std::string const& id, Versioned<Variant> variant) {
        variant.value.available = available(state, shop_id, variant);
        due.goods.emplace(id, std::move(variant));
    };
    for (auto const& id : wanted.variants)
        if (auto const* variant = state.variants.find({shop_id, id}); variant != nullptr) add(id, *variant);
    if (wanted.products.empty()) return;
    for (auto const& [id, variant] : state.variants)
        if (id.first == shop_id && wanted.products.contains(variant->value.product_id)) add(id.second, *variant);
}

void add_coupons(State const& state, DueStep& due) {
    for (auto const& key : core::coupons_of(due.sequence))
        if (auto const* coupon = state.coupons.find({due.shop->id, key}); coupon != nullptr) due.coupons.emplace(key, coupon->value);
}

/// Orders under the cart's mark and under those of the enrollment's messages.
void add_marks(State const& state, DueStep& due) {
    if (due.cart && due.cart->address_mark.known()) due.marked_at = marked_at(state, due.shop->id, due.cart->address_mark.value);
    for (auto it = state.message_of_step.lower_bound({due.shop->id, due.enrollment.id, 0});
         it != state.message_of_step.end() && std::get<0>(it->first) == due.shop->id && std::get<1>(it->first) == due.enrollment.id; ++it)
        due.marked_at = std::max(due.marked_at, marked_at(state, due.shop->id, core::message_mark(it->second)));
}

void add_failures(State const& state, DueStep& due) {
    if (!due.payment || due.payment->failed_at() == never) return;
    auto const at = due.payment->failed_at();
    for (auto const& [id, payment] : state.payments) {
        if (id.first != due.shop->id || id.second == due.payment->id || payment->failed_at() == never) continue;
        bool const near = payment->failed_at() >= at - core::burst_around && payment->failed_at() <= at + core::burst_around;
        if (near && due.failures_around < 1000) ++due.failures_around;
    }
}

}  // namespace

void gather(State const& state, DueStep& due, Instant now) {
    auto const shop_id = due.shop->id;
    if (auto const* shop = state.shops.find(shop_id); shop != nullptr) due.shop = *shop;
    due.enrollment = with_any_sent(state, shop_id, *state.enrollments.find({shop_id, due.step.enrollment_id}));
    auto const& enrollment = due.enrollment;
    if (auto const* person = state.persons.find({shop_id, enrollment.person_id}); person != nullptr) due.person = *person;
    if (auto const* row = state.carts.find({shop_id, enrollment.cart_id}); row != nullptr) due.cart = row->cart;
    if (auto const* payment = state.payments.find({shop_id, enrollment.payment_id}); payment != nullptr) due.payment = *payment;
    if (due.cart && due.cart->browsed()) due.others = carts_beside(state, shop_id, *due.cart);
    if (auto const* row = state.sequences.find({shop_id, enrollment.sequence, enrollment.sequence_version}); row != nullptr)
        due.sequence = row->sequence;
    for (auto const& pause : state.pauses)
        if (!due.paused && pause.covers(shop_id, due.step.channel, enrollment.sequence)) due.paused = pause;
    for (auto const& sale : state.sales) due.on_sale = due.on_sale || sale.on(shop_id, now);
    add_marks(state, due);
    add_failures(state, due);
    add_history(state, due, now);
    add_suppressed(state, due);
    add_goods(state, due);
    add_coupons(state, due);
}

}  // namespace recoup::memory
