#include "adapter/postgres/link_store.hpp"

#include "adapter/postgres/statement.hpp"
#include "core/fold/subscriptions.hpp"

#include "recoup/domain/cart.hpp"
#include "recoup/domain/order.hpp"
#include "recoup/domain/shop.hpp"

namespace recoup::postgres {
namespace {

constexpr Statement find{
    "link_find_message",
    "select s.doc, m.channel, m.to_address, m.target_url, c.doc, p.doc, "
    "(c.ordered_at is not null or p.paid_at is not null or exists (select 1 from shop_order o "
    " where o.shop_id = m.shop_id and o.person_id = m.person_id and o.placed_at >= coalesce(c.last_activity_at, m.created_at))), "
    "case when e.trigger = 'subscription_cancelled' then (select h.doc from person h where h.shop_id = m.shop_id "
    " and h.person_id = m.person_id) end "
    "from message m join shop s using (shop_id) "
    "left join enrollment e on e.shop_id = m.shop_id and e.enrollment_id = m.enrollment_id "
    "left join cart c on c.shop_id = m.shop_id and c.cart_id = m.cart_id "
    "left join payment p on p.shop_id = m.shop_id and p.payment_id = e.payment_id "
    "where m.shop_id = $1 and m.message_id = $2"};

/// Of the payment, the subscription that ended, or the cart.
std::string recovery_url(pqxx::row const& row) {
    if (!row[5].is_null()) return document<Payment>(row[5]).recovery_url.value;
    if (row[7].is_null()) return document<Cart>(row[4]).recovery_url.value;
    auto const person = document<Person>(row[7]);
    auto const* subscription = core::newest_cancelled(person);
    return subscription == nullptr ? std::string{} : subscription->recovery_url.value;
}

}  // namespace

Result<std::optional<LinkFacts>> PostgresLinkStore::find_message(std::string_view shop_id, std::string_view message_id) {
    return run(pool_, [&](pqxx::work& tx) -> std::optional<LinkFacts> {
        auto const rows = exec(tx, find, std::string(shop_id), std::string(message_id));
        if (rows.empty()) return std::nullopt;
        auto const row = rows[0];
        auto const shop = document<Shop>(row[0]);
        LinkFacts facts;
        facts.shop_name = shop.name;
        facts.shop_domain = shop.domain;
        facts.channel = channel_from(text(row[1])).value_or(Channel::email);
        facts.to = text(row[2]);
        facts.target_url = text(row[3]);
        facts.recovery_url = recovery_url(row);
        facts.ordered = row[6].as<bool>();
        return facts;
    });
}

}  // namespace recoup::postgres
