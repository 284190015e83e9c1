// What a fold changed, written in a handful of statements a batch.
#include "adapter/postgres/enrollment_row.hpp"
#include "adapter/postgres/statement.hpp"
#include "adapter/postgres/track_store.hpp"
#include "core/statistics/other_mail.hpp"

namespace recoup::postgres {
namespace {

constexpr Statement save_orders{
    "track_save_orders",
    "insert into shop_order (shop_id, order_id, person_id, cart_id, doc, placed_at, received_at, currency, total_minor, "
    "refunded_minor, cancelled_at, test, renewal, other_mail) "
    "select $1, r.id, r.person_id, r.cart_id, r.doc, to_timestamp(r.placed / 1000.0::float8), at_ms($2), r.currency, r.total, "
    "r.refunded, at_ms(r.cancelled), r.test, r.renewal, r.other_mail from unnest($3::text[], $4::text[], $5::text[], $6::json[], "
    "$7::bigint[], $8::text[], $9::bigint[], $10::bigint[], $11::bigint[], $12::boolean[], $13::boolean[], $14::text[]) "
    "as r(id, person_id, cart_id, doc, placed, currency, total, refunded, cancelled, test, renewal, other_mail) "
    "on conflict (shop_id, order_id) do update set person_id = excluded.person_id, cart_id = excluded.cart_id, "
    "doc = excluded.doc, placed_at = excluded.placed_at, currency = excluded.currency, total_minor = excluded.total_minor, "
    "refunded_minor = excluded.refunded_minor, cancelled_at = excluded.cancelled_at, test = excluded.test, "
    "renewal = excluded.renewal, other_mail = excluded.other_mail"};

constexpr Statement save_payments{
    "track_save_payments",
    "insert into payment (shop_id, payment_id, person_id, doc, failed_at, paid_at) "
    "select $1, r.id, r.person_id, r.doc, at_ms(r.failed), at_ms(r.paid) "
    "from unnest($2::text[], $3::text[], $4::json[], $5::bigint[], $6::bigint[]) as r(id, person_id, doc, failed, paid) "
    "on conflict (shop_id, payment_id) do update set person_id = excluded.person_id, doc = excluded.doc, "
    "failed_at = excluded.failed_at, paid_at = excluded.paid_at"};

constexpr Statement save_variants{
    "track_save_variants",
    "insert into variant (shop_id, variant_id, inventory_item_id, product_id, doc) "
    "select $1, r.id, r.item, r.product, r.doc from unnest($2::text[], $3::text[], $4::text[], $5::json[]) "
    "as r(id, item, product, doc) on conflict (shop_id, variant_id) do update set "
    "inventory_item_id = excluded.inventory_item_id, product_id = excluded.product_id, doc = excluded.doc"};

constexpr Statement save_coupons{
    "track_save_coupons",
    "insert into coupon (shop_id, code_key, doc) select $1, r.key, r.doc from unnest($2::text[], $3::json[]) as r(key, doc) "
    "on conflict (shop_id, code_key) do update set doc = excluded.doc"};

constexpr Statement save_stock{
    "track_save_stock",
    "insert into stock (shop_id, inventory_item_id, location_id, doc) "
    "select $1, r.item, r.location, r.doc from unnest($2::text[], $3::text[], $4::json[]) as r(item, location, doc) "
    "on conflict (shop_id, inventory_item_id, location_id) do update set doc = excluded.doc"};

// Carts that were opened before are left alone: the address they had was another.
constexpr Statement watch_reached{
    "track_watch_reached",
    "update cart c set idle_at = c.last_activity_at + $3::bigint * interval '1 millisecond', "
    "watch_at = c.last_activity_at + $3::bigint * interval '1 millisecond' where c.shop_id = $1 and c.person_id = any($2::text[]) and c.idle_at is null and c.ordered_at is null "
    "and not exists (select 1 from enrollment e where (e.shop_id = c.shop_id) is true and e.cart_id = c.cart_id)"};

constexpr Statement save_arms{
    "track_save_arms",
    "update enrollment e set arm = r.arm from unnest($2::text[], $3::text[]) as r(id, arm) "
    "where e.shop_id = $1 and e.enrollment_id = r.id"};

// What the person said can be taken back by the person; what a provider said stays. A lift is kept too: an older wish
// that arrives after it must not come back. The newest word counts, and of two at once the stricter.
constexpr Statement suppress{
    "track_suppress",
    "insert into suppression (shop_id, channel, address_hash, cause, since) values ($1, $2, $3, $4, at_ms($5)) "
    "on conflict (shop_id, channel, address_hash) do update set cause = excluded.cause, since = excluded.since "
    "where suppression.cause in ('unsubscribe', 'stop', 'lifted') and (suppression.since < excluded.since "
    "or (suppression.since = excluded.since and suppression.cause = 'lifted') or excluded.cause not in ('unsubscribe', 'stop'))"};

constexpr Statement lift{
    "track_lift_suppression",
    "insert into suppression (shop_id, channel, address_hash, cause, since) values ($1, $2, $3, 'lifted', at_ms($4)) "
    "on conflict (shop_id, channel, address_hash) do update set cause = excluded.cause, since = excluded.since "
    "where suppression.cause in ('unsubscribe', 'stop', 'lifted') and suppression.since < excluded.since"};

constexpr Statement save_marks{
    "track_save_marks",
    "insert into order_mark (shop_id, mark, order_id, placed_at) select $1, r.mark, r.id, at_ms(r.placed) "
    "from unnest($2::text[], $3::text[], $4::bigint[]) as r(mark, id, placed) "
    "on conflict (shop_id, mark, order_id) do update set placed_at = excluded.placed_at"};

// What comes sooner after the message left than anybody can read it is a machine's too; of each kind the first counts. A
// machine's touch proves that the message left, and nothing else.
constexpr Statement save_feedback{
    "track_save_feedback",
    "with told as (select message_id, $5 or at_ms($4) < coalesce(sent_at, attempted_at, created_at) + $6::bigint * "
    " interval '1 millisecond' as machine from message where shop_id = $1 and message_id = $2) "
    "update message m set feedback = case when $3 not in ('opened', 'clicked', 'restored') or not told.machine then $3 "
    " else coalesce(m.feedback, $3) end, "
    "clicked_at = case when $3 in ('clicked', 'restored') and not told.machine then coalesce(clicked_at, at_ms($4)) else clicked_at end, "
    "machine_clicked_at = case when $3 in ('clicked', 'restored') and told.machine then coalesce(machine_clicked_at, at_ms($4)) "
    " else machine_clicked_at end, "
    "opened_at = case when $3 = 'opened' and not told.machine then coalesce(opened_at, at_ms($4)) else opened_at end, "
    "machine_opened_at = case when $3 = 'opened' and told.machine then coalesce(machine_opened_at, at_ms($4)) "
    " else machine_opened_at end "
    "from told where m.shop_id = $1 and m.message_id = told.message_id"};

constexpr Statement insert_inbox{
    "track_insert_inbox",
    "insert into inbox (shop_id, event_id, source, topic, kind, occurred_at, received_at, person_id, cart_id) "
    "select $1, r.id, r.source, r.topic, r.kind, to_timestamp(r.occurred / 1000.0::float8), to_timestamp(r.received / 1000.0::float8), "
    "r.person_id, r.cart_id from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::bigint[], $7::bigint[], "
    "$8::text[], $9::text[]) as r(id, source, topic, kind, occurred, received, person_id, cart_id)"};

constexpr auto json = Rows::Type::json, bigint = Rows::Type::bigint;

void save_money(pqxx::work& tx, World const& world, Changes const& changes, Instant now) {
    Rows orders{{"id"},       {"person_id"},     {"cart_id"},          {"doc", json},          {"placed", bigint},
                {"currency"}, {"total", bigint}, {"refunded", bigint}, {"cancelled", bigint}, {"test", Rows::Type::boolean},
                {"renewal", Rows::Type::boolean}, {"other_mail"}};
    Rows payments{{"id"}, {"person_id"}, {"doc", json}, {"failed", bigint}, {"paid", bigint}};
    for (auto const& id : changes.orders) {
        auto const& order = world.orders.at(id);
        auto const& placed = order.placed.value;
        orders.row()
            .put("id", id)
            .put("person_id", order.person_id)
            .put_text("cart_id", order.cart_id)
            .document("doc", order)
            .put("placed", to_millis(order.placed_at))
            .put("currency", placed.total.currency)
            .put("total", placed.total.minor)
            .put("refunded", order.refunded_minor())
            .put("cancelled", to_millis(placed.cancelled_at))
            .put("test", placed.test)
            .put("renewal", placed.renewal)
            .put_text("other_mail", core::other_cart_mail(placed.landing_site));
    }
    for (auto const& id : changes.payments) {
        auto const& payment = world.payments.at(id);
        payments.row()
            .put("id", id)
            .put("person_id", payment.person_id)
            .document("doc", payment)
            .put("failed", to_millis(payment.failed_at()))
            .put("paid", to_millis(payment.paid_at));
    }
    if (!orders.empty()) exec_rows(tx, save_orders, {world.shop_id, to_millis(now)}, orders);
    if (!payments.empty()) exec_rows(tx, save_payments, {world.shop_id}, payments);
}

void save_marks_of(pqxx::work& tx, World const& world, Changes const& changes) {
    Rows rows{{"mark"}, {"id"}, {"placed", bigint}};
    for (auto const& [mark, order_id] : changes.marks)
        if (auto const order = world.orders.find(order_id); order != world.orders.end() && !order->second.keys.empty())
            rows.row().put("mark", mark).put("id", order_id).put("placed", to_millis(order->second.placed_at));
    if (!rows.empty()) exec_rows(tx, save_marks, {world.shop_id}, rows);
}

void save_goods(pqxx::work& tx, World const& world, Changes const& changes) {
    Rows variants{{"id"}, {"item"}, {"product"}, {"doc", json}};
    Rows stock{{"item"}, {"location"}, {"doc", json}};
    for (auto const& id : changes.variants) {
        auto const& variant = world.variants.at(id);
        variants.row()
            .put("id", id)
            .put_text("item", variant.value.inventory_item_id)
            .put_text("product", variant.value.product_id)
            .document("doc", variant);
    }
    Rows coupons{{"key"}, {"doc", json}};
    for (auto const& key : changes.coupons) coupons.row().put("key", key).document("doc", world.coupons.at(key));
    if (!coupons.empty()) exec_rows(tx, save_coupons, {world.shop_id}, coupons);
    for (auto const& key : changes.stock)
        stock.row().put("item", key.first).put("location", key.second).document("doc", world.stock.at(key));
    if (!variants.empty()) exec_rows(tx, save_variants, {world.shop_id}, variants);
    if (!stock.empty()) exec_rows(tx, save_stock, {world.shop_id}, stock);
}

}  // namespace

Result<void> save_state(pqxx::work& tx, World const& world, Changes const& changes, TrackWrite const& write, Held const& held,
                        Instant now) {
    if (auto saved = save_people(tx, world, changes, write, held); !saved) return saved;
    save_money(tx, world, changes, now);
    save_marks_of(tx, world, changes);
    save_goods(tx, world, changes);
    for (auto const& suppression : changes.suppressions) {
        auto const channel = std::string(name(suppression.channel));
        if (suppression.lift)
            exec(tx, lift, world.shop_id, channel, suppression.address_hash, to_millis(suppression.since));
        else
            exec(tx, suppress, world.shop_id, channel, suppression.address_hash, suppression.cause,
                 to_millis(suppression.since));
    }
    for (auto const& [at, feedback] : changes.feedback)
        exec(tx, save_feedback, world.shop_id, feedback.message_id, std::string(name(feedback.kind)), to_millis(at),
             feedback.machine, Millis(machine_quick).count());
    return {};
}

void save_effects(pqxx::work& tx, std::string const& shop_id, TrackWrite const& write) {
    insert_enrollments(tx, shop_id, write.opened, write.steps);
    insert_decisions(tx, shop_id, write.decisions);
}

void save_reached(pqxx::work& tx, std::string const& shop_id, TrackWrite const& write) {
    if (!write.reached.empty())
        exec(tx, watch_reached, shop_id, text_array(write.reached), write.idle.count());
    Rows arms{{"id"}, {"arm"}};
    for (auto const& [id, arm] : write.arms) arms.row().put("id", id).put("arm", name(arm));
    if (!arms.empty()) exec_rows(tx, save_arms, {shop_id}, arms);
}

void save_inbox(pqxx::work& tx, std::string const& shop_id, std::vector<InboxRow> const& inbox) {
    Rows rows{{"id"},   {"source"}, {"topic"}, {"kind"}, {"occurred", bigint}, {"received", bigint},
              {"person_id"}, {"cart_id"}};
    for (auto const& row : inbox) {
        auto const& event = *row.event;
        rows.row()
            .put("id", event.id)
            .put("source", event.source)
            .put("topic", event.topic)
            .put("kind", body_name(event.body))
            .put("occurred", to_millis(event.occurred_at))
            .put("received", to_millis(event.received_at))
            .put_text("person_id", row.person_id)
            .put_text("cart_id", row.cart_id);
    }
    if (!rows.empty()) exec_rows(tx, insert_inbox, {shop_id}, rows);
}

}  // namespace recoup::postgres
