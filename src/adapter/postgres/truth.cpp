#include "adapter/postgres/truth.hpp"

#include "adapter/postgres/enrollment_row.hpp"
#include "core/policy/customer.hpp"
#include "core/policy/wanted.hpp"

#include "recoup/domain/world.hpp"

#include <algorithm>

namespace recoup::postgres {
namespace {

// One by one (`offset 0`): asked for `any` of them, a plan from before there were statistics read all that the shop has.
constexpr Statement load_shops{"truth_load_shops", "select shop_id, doc from shop where shop_id = any($1::text[])"};

constexpr Statement load_enrollment{
    "truth_load_enrollments",
    "select e.enrollment_id, e.person_id, e.cart_id, e.payment_id, e.trigger, e.sequence, e.sequence_version, e.arm, "
    "e.status = 'active', e.reason, e.end_reason, ms_of(e.anchor_at), ms_of(e.opened_at), ms_of(e.ended_at), e.plan, "
    "exists (select 1 from message m where (m.shop_id = e.shop_id) is true and m.enrollment_id = e.enrollment_id), "
    "e.value_minor, e.currency, e.last_due_at >= (select until from edges) from unnest($2::text[]) as w(id), "
    "lateral (select * from enrollment e where (e.shop_id = $1) is true and e.enrollment_id = w.id offset 0) as e"};

constexpr Statement load_carts{"truth_load_carts",
                               "select c.cart_id, c.doc from unnest($2::text[]) as w(id), "
                               "lateral (select * from cart c where (c.shop_id = $1) is true and c.cart_id = w.id offset 0) as c"};

constexpr Statement load_other_carts{
    "truth_load_others",
    "select w.cart_id, o.doc from unnest($2::text[], $3::text[]) as w(cart_id, person_id), lateral (select * from cart o "
    "where (o.shop_id = $1) is true and o.person_id = w.person_id and o.cart_id <> w.cart_id and o.ordered_at is null offset 0) as o order by w.cart_id, o.cart_id"};

constexpr Statement load_due_payments{"truth_load_payments",
                                  "select payment_id, doc from payment where shop_id = $1 and payment_id = any($2::text[])"};

constexpr Statement load_sequence_versions{
    "truth_load_sequences", "select name, version, doc from sequence where shop_id = $1 and name = any($2::text[])"};

// Nine days cover every window a policy may look back over: the cap's week and the SMS rule's 48 hours.
constexpr Statement load_messages{
    "truth_load_history",
    "select m.person_id, m.channel, m.cart_id, m.enrollment_id, ms_of(coalesce(m.sent_at, m.attempted_at, m.created_at)), m.step, "
    "m.clicked_at is not null, m.opened_at is not null from unnest($2::text[]) as w(id), lateral (select * from message m where (m.shop_id = $1) is true "
    "and m.person_id = w.id and m.created_at > at_ms($3) - interval '31 days' offset 0) as m "
    "where m.status in ('sent', 'unknown', 'sending')"};

constexpr Statement load_suppressed{
    "truth_load_suppressions",
    "select channel, address_hash from suppression where shop_id = $1 and address_hash = any($2::text[]) "
    "and cause <> 'lifted'"};

// The newest order under each mark of a cart, and under those of an enrollment's messages.
constexpr Statement load_marked{
    "truth_load_marked",
    "select w.mark, ms_of(max(m.placed_at)) from unnest($2::text[]) as w(mark), lateral (select o.placed_at from order_mark o "
    "where (o.shop_id = $1) is true and o.mark = w.mark offset 0) as m group by w.mark"};

constexpr Statement load_linked{
    "truth_load_linked",
    "select w.id, ms_of(max(m.placed_at)) from unnest($2::text[]) as w(id), lateral (select n.message_id from message n "
    "where (n.shop_id = $1) is true and n.enrollment_id = w.id offset 0) as s, lateral (select o.placed_at from order_mark o "
    "where (o.shop_id = $1) is true and o.mark = 'link_' || s.message_id offset 0) as m group by w.id"};

constexpr Statement load_burst{
    "truth_load_failures",
    "select p.payment_id, (select count(*) from (select 1 from payment o where o.shop_id = $1 and o.payment_id <> p.payment_id "
    "and o.failed_at between p.failed_at - $3::bigint * interval '1 millisecond' and p.failed_at + $3::bigint * interval '1 millisecond' "
    "limit 1000) as others) from payment p where p.shop_id = $1 and p.payment_id = any($2::text[])"};

constexpr Statement load_sales{"truth_load_sales",
                               "select distinct shop_id from sale where (shop_id = any($1::text[]) or shop_id = '') and since <= at_ms($2) "
                               "and (until is null or until > at_ms($2))"};

constexpr Statement load_due_variants{
    "truth_load_variants",
    "select v.variant_id, v.doc, (select jsonb_agg(s.doc) from stock s where s.shop_id = v.shop_id "
    "and s.inventory_item_id = v.inventory_item_id) from ("
    " select w.id from unnest($2::text[]) as w(id) union "
    " select p.variant_id from unnest($3::text[]) as w(id), variant p where p.shop_id = $1 and p.product_id = w.id) as ids, "
    "lateral (select * from variant h where h.shop_id = $1 and h.variant_id = ids.id limit 1) as v"};

constexpr Statement load_due_coupons{"truth_load_coupons",
                                     "select code_key, doc from coupon where shop_id = $1 and code_key = any($2::text[])"};

template <class Get>
std::string ids(std::vector<DueStep*> const& due, Get get) {
    std::set<std::string> out;
    for (auto const* step : due)
        if (std::string const id = get(*step); !id.empty()) out.insert(id);
    return text_array(out);
}

/// Stock levels newer than the product's own count win; not tracked or sold when out counts as not limited.
std::optional<std::int64_t> available(Versioned<Variant> const& variant, std::vector<Versioned<std::int64_t>> const& levels) {
    if (!variant.value.active) return 0;
    if (variant.value.sell_when_out) return std::nullopt;
    std::int64_t sum = 0;
    bool newer = false;
    for (auto const& level : levels) {
        sum += std::max<std::int64_t>(0, level.value);
        newer = newer || level.version.at >= variant.version.at;
    }
    return newer ? std::optional(sum) : variant.value.available;
}

}  // namespace

std::map<std::string, Shop> Truth::shops(pqxx::work& tx, std::set<std::string> const& shop_ids) {
    std::map<std::string, Shop> out;
    for (auto const& row : exec(tx, load_shops, text_array(shop_ids))) out.emplace(text(row[0]), document<Shop>(row[1]));
    return out;
}

void Truth::gather(std::vector<DueStep*> const& due) {
    std::map<std::string, std::vector<DueStep*>> by_shop;
    std::set<std::string> shop_ids;
    for (auto* step : due) {
        by_shop[step->shop->id].push_back(step);
        shop_ids.insert(step->shop->id);
    }
    auto const shop_docs = shops(tx_, shop_ids);
    std::set<std::string> on_sale;
    for (auto const& row : exec(tx_, load_sales, text_array(shop_ids), to_millis(now_))) on_sale.insert(text(row[0]));
    for (auto* step : due) step->on_sale = on_sale.contains({}) || on_sale.contains(step->shop->id);
    for (auto const& [shop_id, steps] : by_shop) {
        if (auto const it = shop_docs.find(shop_id); it != shop_docs.end()) {
            Shared<Shop> const shop = it->second;
            for (auto* step : steps) step->shop = shop;
        }
        gather_shop(shop_id, steps);
    }
}

void Truth::gather_shop(std::string const& shop_id, std::vector<DueStep*> const& due) {
    load_enrollments(shop_id, due);
    load_subjects(shop_id, due);
    load_others(shop_id, due);
    load_sequences(shop_id, due);
    load_marks(shop_id, due);
    load_failures(shop_id, due);
    load_history(shop_id, due);
    load_suppressions(shop_id, due);
    load_goods(shop_id, due);
    load_coupons(shop_id, due);
}

void Truth::load_enrollments(std::string const& shop_id, std::vector<DueStep*> const& due) {
    std::map<std::string, Enrollment> found;
    auto const wanted = ids(due, [](DueStep const& step) { return step.step.enrollment_id; });
    for (auto const& row : exec(tx_, load_enrollment, shop_id, wanted)) {
        auto const& enrollment = found.emplace(text(row[0]), enrollment_of(row)).first->second;
        if (!row[enrollment_columns].is_null() && row[enrollment_columns].as<bool>()) goes_on_.insert({shop_id, enrollment.id});
    }
    for (auto* step : due) {
        step->enrollment = found.at(step->step.enrollment_id);
        if (auto const person = persons_.find({shop_id, step->enrollment.person_id}); person != persons_.end())
            step->person = person->second;
    }
}

void Truth::load_subjects(std::string const& shop_id, std::vector<DueStep*> const& due) {
    std::map<std::string, Cart> carts;
    std::map<std::string, Payment> payments;
    for (auto const& row :
         exec(tx_, load_carts, shop_id, ids(due, [](DueStep const& step) { return step.enrollment.cart_id; })))
        carts.emplace(text(row[0]), document<Cart>(row[1]));
    if (auto const wanted = ids(due, [](DueStep const& step) { return step.enrollment.payment_id; }); wanted != "{}")
        for (auto const& row : exec(tx_, load_due_payments, shop_id, wanted)) payments.emplace(text(row[0]), document<Payment>(row[1]));
    for (auto* step : due) {
        if (auto const cart = carts.find(step->enrollment.cart_id); cart != carts.end()) step->cart = cart->second;
        if (auto const it = payments.find(step->enrollment.payment_id); it != payments.end()) step->payment = it->second;
    }
}

std::map<std::string, std::vector<Cart>> Truth::beside(pqxx::work& tx, std::string const& shop_id,
                                                       std::map<std::string, std::string> const& carts) {
    std::map<std::string, std::vector<Cart>> found;
    if (carts.empty()) return found;
    std::vector<std::string> ids, persons;
    for (auto const& [id, person] : carts) {
        ids.push_back(id);
        persons.push_back(person);
    }
    for (auto const& row : exec(tx, load_other_carts, shop_id, text_array(ids), text_array(persons)))
        found[text(row[0])].push_back(document<Cart>(row[1]));
    return found;
}

void Truth::load_others(std::string const& shop_id, std::vector<DueStep*> const& due) {
    std::map<std::string, std::string> browsed;
    for (auto const* step : due)
        if (step->cart && step->cart->browsed()) browsed.emplace(step->cart->id, step->cart->person_id);
    auto const found = beside(tx_, shop_id, browsed);
    for (auto* step : due)
        if (auto const it = found.find(step->enrollment.cart_id); it != found.end()) step->others = it->second;
}

void Truth::load_sequences(std::string const& shop_id, std::vector<DueStep*> const& due) {
    std::map<std::pair<std::string, int>, Shared<Sequence>> found;
    auto const wanted = ids(due, [](DueStep const& step) { return step.enrollment.sequence; });
    for (auto const& row : exec(tx_, load_sequence_versions, shop_id, wanted)) {
        auto sequence = document<Sequence>(row[2]);
        sequence.version = row[1].as<int>();
        found.emplace(std::pair(text(row[0]), sequence.version), std::move(sequence));
    }
    for (auto* step : due)
        if (auto const it = found.find({step->enrollment.sequence, step->enrollment.sequence_version}); it != found.end())
            step->sequence = it->second;
}

std::map<std::string, Instant> Truth::marked(pqxx::work& tx, std::string const& shop_id, std::set<std::string> const& marks) {
    std::map<std::string, Instant> found;
    if (marks.empty()) return found;
    for (auto const& row : exec(tx, load_marked, shop_id, text_array(marks))) found.emplace(text(row[0]), instant(row[1]));
    return found;
}

void Truth::load_marks(std::string const& shop_id, std::vector<DueStep*> const& due) {
    std::set<std::string> marks;
    for (auto const* step : due)
        if (step->cart && step->cart->address_mark.known()) marks.insert(step->cart->address_mark.value);
    auto const at = marked(tx_, shop_id, marks);
    std::map<std::string, Instant> linked;
    for (auto const& row : exec(tx_, load_linked, shop_id, ids(due, [](DueStep const& step) { return step.enrollment.id; })))
        linked.emplace(text(row[0]), instant(row[1]));
    for (auto* step : due) {
        if (auto const it = linked.find(step->enrollment.id); it != linked.end()) step->marked_at = it->second;
        if (!step->cart) continue;
        if (auto const it = at.find(step->cart->address_mark.value); it != at.end()) step->marked_at = std::max(step->marked_at, it->second);
    }
}

void Truth::load_failures(std::string const& shop_id, std::vector<DueStep*> const& due) {
    auto const payments = ids(due, [](DueStep const& step) { return step.enrollment.payment_id; });
    if (payments == "{}") return;
    std::map<std::string, std::int64_t> around;
    for (auto const& row : exec(tx_, load_burst, shop_id, payments, core::burst_around.count()))
        around.emplace(text(row[0]), row[1].as<std::int64_t>());
    for (auto* step : due)
        if (auto const it = around.find(step->enrollment.payment_id); it != around.end()) step->failures_around = it->second;
}

void Truth::load_history(std::string const& shop_id, std::vector<DueStep*> const& due) {
    std::map<std::string, std::vector<DueStep::Sent>> sent;
    auto const wanted = ids(due, [](DueStep const& step) { return step.enrollment.person_id; });
    for (auto const& row : exec(tx_, load_messages, shop_id, wanted, to_millis(now_))) {
        DueStep::Sent one;
        one.channel = channel_from(text(row[1])).value_or(Channel::email);
        one.cart_id = text(row[2]);
        one.enrollment_id = text(row[3]);
        one.at = instant(row[4]);
        one.step = row[5].as<int>();
        one.clicked = row[6].as<bool>();
        one.opened = row[7].as<bool>();
        sent[text(row[0])].push_back(std::move(one));
    }
    // A step that is tried again is not kept back by its own first try.
    for (auto* due_step : due)
        for (auto const& row : sent[due_step->enrollment.person_id])
            if (row.step != due_step->step.step || row.enrollment_id != due_step->enrollment.id)
                due_step->history.push_back(row);
}

void Truth::load_suppressions(std::string const& shop_id, std::vector<DueStep*> const& due) {
    struct Address {
        DueStep* step;
        Channel channel;
        std::string const& address;
        std::string hash;
    };
    std::vector<Address> all;
    std::set<std::string_view> hashes;
    auto const offer = [&](DueStep* step, Channel channel, std::string const& address) {
        if (!address.empty()) all.push_back({step, channel, address, address_hash(shop_id, channel, address)});
    };
    for (auto* step : due) {
        offer(step, Channel::email, step->person.email.value);
        offer(step, Channel::sms, step->person.phone.value);
        if (!step->cart) continue;
        offer(step, Channel::email, step->cart->email.value);
        offer(step, Channel::sms, step->cart->phone.value);
    }
    for (auto const& one : all) hashes.insert(one.hash);
    std::set<std::string> found;
    for (auto const& row : exec(tx_, load_suppressed, shop_id, text_array(hashes))) found.insert(text(row[1]));
    if (found.empty()) return;
    for (auto const& one : all)
        if (found.contains(one.hash)) one.step->suppressed.insert(std::string(name(one.channel)) + ":" + one.address);
}

void Truth::load_goods(std::string const& shop_id, std::vector<DueStep*> const& due) {
    core::GoodsWanted wanted;
    for (auto const* step : due)
        if (step->cart) wanted.add(*step->cart);
    if (wanted.variants.empty() && wanted.products.empty()) return;
    std::map<std::string, Versioned<Variant>> goods;
    for (auto const& row : exec(tx_, load_due_variants, shop_id, text_array(wanted.variants), text_array(wanted.products))) {
        auto variant = document<Versioned<Variant>>(row[1]);
        variant.value.available = available(variant, document<std::vector<Versioned<std::int64_t>>>(row[2]));
        goods.emplace(text(row[0]), std::move(variant));
    }
    for (auto* step : due) {
        if (!step->cart) continue;
        core::GoodsWanted own;
        own.add(*step->cart);
        for (auto const& [id, variant] : goods)
            if (own.variants.contains(id) || own.products.contains(variant.value.product_id)) step->goods.emplace(id, variant);
    }
}

void Truth::load_coupons(std::string const& shop_id, std::vector<DueStep*> const& due) {
    std::set<std::string> keys;
    for (auto const* step : due) keys.merge(core::coupons_of(step->sequence));
    if (keys.empty()) return;
    std::map<std::string, Coupon> coupons;
    for (auto const& row : exec(tx_, load_due_coupons, shop_id, text_array(keys)))
        coupons.emplace(text(row[0]), document<Versioned<Coupon>>(row[1]).value);
    for (auto* step : due)
        for (auto const& key : core::coupons_of(step->sequence))
            if (auto const it = coupons.find(key); it != coupons.end()) step->coupons.insert(*it);
}

}  // namespace recoup::postgres
