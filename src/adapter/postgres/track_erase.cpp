// Merges move rows, erasures remove them.
#include "adapter/postgres/dead_letters.hpp"
#include "adapter/postgres/statement.hpp"
#include "adapter/postgres/track_store.hpp"

namespace recoup::postgres {
namespace {

// The documents name their person and cart too, and whoever reads one must find the survivor.
constexpr Statement merge_person[]{
    {"merge_person_cart", "update cart set person_id = $3, doc = jsonb_set(doc::jsonb, '{person_id}', to_jsonb($3::text))::json "
     "where shop_id = $1 and person_id = $2"},
    {"merge_person_order", "update shop_order set person_id = $3, doc = jsonb_set(doc::jsonb, '{person_id}', to_jsonb($3::text))::json "
     "where shop_id = $1 and person_id = $2"},
    {"merge_person_payment", "update payment set person_id = $3, doc = jsonb_set(doc::jsonb, '{person_id}', to_jsonb($3::text))::json "
     "where shop_id = $1 and person_id = $2"},
    {"merge_person_message", "update message set person_id = $3 where shop_id = $1 and person_id = $2"},
    {"merge_person_decision", "update decision set person_id = $3 where shop_id = $1 and person_id = $2"},
    {"merge_person_export", "update data_export set person_id = $3 where shop_id = $1 and person_id = $2"},
    {"merge_person_inbox", "update inbox set person_id = $3 where shop_id = $1 and person_id = $2"},
    {"merge_person_gone", "delete from person where shop_id = $1 and person_id = $2 and person_id <> $3"},
};

constexpr Statement merge_person_enrollment{
    "merge_person_enrollment", "update enrollment set person_id = $3 where shop_id = $1 and person_id = $2"};

// Whose the two are, for what has an index of persons only.
#define CART_OWNERS "(select person_id from cart where shop_id = $1 and cart_id in ($2, $3))"

constexpr Statement merge_cart[]{
    {"merge_cart_enrollment", "update enrollment set cart_id = $3 where shop_id = $1 and cart_id = $2"},
    {"merge_cart_order", "update shop_order set cart_id = $3, doc = jsonb_set(doc::jsonb, '{cart_id}', to_jsonb($3::text))::json "
     "where shop_id = $1 and cart_id = $2 and person_id in " CART_OWNERS},
    {"merge_cart_message", "update message set cart_id = $3 where shop_id = $1 and cart_id = $2 and person_id in " CART_OWNERS},
    {"merge_cart_decision", "update decision set cart_id = $3 where shop_id = $1 and cart_id = $2 and person_id in " CART_OWNERS},
    {"merge_cart_inbox", "update inbox set cart_id = $3 where shop_id = $1 and cart_id = $2 and person_id in " CART_OWNERS},
    {"merge_cart_gone", "delete from cart where shop_id = $1 and cart_id = $2 and cart_id <> $3"},
};

constexpr Statement erase_person[]{
    {"erase_message", "update message set to_address = null, subject = null, body_text = null, body_html = null, "
                      "target_url = null where shop_id = $1 and person_id = $2"},
    {"erase_steps", "update lease set state = 'void' where shop_id = $1 and state = 'planned' and enrollment_id = any (array("
                    "select enrollment_id from enrollment where shop_id = $1 and person_id = $2))"},
    {"erase_browse_keys", "delete from cart_key k using cart c, json_array_elements(c.doc::json -> 'tokens') t where c.shop_id = $1 "
                          "and c.person_id = $2 and t ->> 'kind' = 'browse' and k.shop_id = $1 and k.kind = 'browse' and k.value = t ->> 'value'"},
    {"erase_carts", "delete from cart where shop_id = $1 and person_id = $2"},
    {"erase_payments", "delete from payment where shop_id = $1 and person_id = $2"},
    {"erase_exports", "delete from data_export where shop_id = $1 and person_id = $2"},
    {"erase_person", "delete from person where shop_id = $1 and person_id = $2"},
    {"erase_orders", "update shop_order set doc = ((doc::jsonb - 'keys' - 'email' - 'phone') #- '{placed,value,first_name}' "
                     "#- '{placed,value,last_name}' #- '{placed,value,postal_code}' #- '{placed,value,landing_site}' "
                     "#- '{placed,value,address_mark}')::json "
                     "where shop_id = $1 and person_id = $2"},
    {"erase_marks", "delete from order_mark m using shop_order o where o.shop_id = $1 and o.person_id = $2 "
                    "and m.shop_id = o.shop_id and m.order_id = o.order_id"},
    {"erase_letters", "delete from dead_letter d using inbox i where i.shop_id = $1 and i.person_id = $2 "
                      "and d.shop_id = i.shop_id and d.event_id = i.event_id"},
};

constexpr Statement free_keys[]{
    {"erase_person_keys", "delete from person_key k using unnest($2::text[], $3::text[]) as w(kind, value) "
                          "where k.shop_id = $1 and k.kind = w.kind and k.value = w.value"},
    {"erase_cart_keys", "delete from cart_key k using unnest($2::text[], $3::text[]) as w(kind, value) "
                        "where k.shop_id = $1 and k.kind = w.kind and k.value = w.value"},
};

constexpr Statement end_erased{"erase_end_enrollments",
                               "update enrollment set status = 'ended', end_reason = 'erased', ended_at = at_ms($3) "
                               "where shop_id = $1 and person_id = $2 and status = 'active'"};

constexpr Statement remember_erasure{
    "erase_remember",
    "insert into erasure (shop_id, key_hash, erased_at) select $1, hash, at_ms($3) from unnest($2::text[]) as hash "
    "on conflict (shop_id, key_hash) do update set erased_at = greatest(erasure.erased_at, excluded.erased_at), scrubbed = false, scrub_run = null"};

constexpr Statement export_person{
    "export_person",
    "insert into data_export (shop_id, request_id, person_id, requested_at, doc) "
    "select $1, $2, $3, at_ms($4), jsonb_build_object("
    " 'person', (select doc from person where shop_id = $1 and person_id = $3),"
    " 'carts', (select coalesce(jsonb_agg(doc), '[]') from cart where shop_id = $1 and person_id = $3),"
    " 'orders', (select coalesce(jsonb_agg(doc), '[]') from shop_order where shop_id = $1 and person_id = $3),"
    " 'payments', (select coalesce(jsonb_agg(doc), '[]') from payment where shop_id = $1 and person_id = $3),"
    " 'messages', (select coalesce(jsonb_agg(to_jsonb(m)), '[]') from message m where shop_id = $1 and person_id = $3),"
    " 'decisions', (select coalesce(jsonb_agg(to_jsonb(d)), '[]') from decision d where shop_id = $1 and person_id = $3),"
    " 'events', (select coalesce(jsonb_agg(to_jsonb(i)), '[]') from inbox i where shop_id = $1 and person_id = $3)) "
    "on conflict (shop_id, request_id) do nothing"};

constexpr Statement mark_uninstalled{
    "shop_uninstalled", "update shop set doc = jsonb_set(doc, '{uninstalled_at}', to_jsonb($2::bigint)) where shop_id = $1"};

constexpr Statement stop_shop[]{
    {"shop_stop_steps", "update lease set state = 'void' where shop_id = $1 and state = 'planned'"},
    {"shop_stop_watch", "update cart set idle_at = null, watch_at = null where shop_id = $1 and idle_at is not null"},
};

constexpr Statement stop_enrollments{
    "shop_stop_enrollments",
    "update enrollment set status = 'ended', end_reason = $2, ended_at = at_ms($3) where shop_id = $1 and status = 'active'"};

constexpr Statement erase_shop[]{
    {"shop_erase_message", "update message set to_address = null, subject = null, body_text = null, body_html = null, "
                           "target_url = null where shop_id = $1"},
    {"shop_erase_cart_key", "delete from cart_key where shop_id = $1"},
    {"shop_erase_cart", "delete from cart where shop_id = $1"},
    {"shop_erase_payment", "delete from payment where shop_id = $1"},
    {"shop_erase_export", "delete from data_export where shop_id = $1"},
    {"shop_erase_person_key", "delete from person_key where shop_id = $1"},
    {"shop_erase_person", "delete from person where shop_id = $1"},
    {"shop_erase_mark", "delete from order_mark where shop_id = $1"},
    {"shop_erase_letter", "delete from dead_letter where shop_id = $1"},
    {"shop_erase_order", "update shop_order set doc = '{}' where shop_id = $1"},
};

}  // namespace

void save_merges(pqxx::work& tx, std::string const& shop_id, Changes const& changes) {
    for (auto const& [gone, survivor] : changes.merged_persons)
        for (auto const& statement : merge_person) exec(tx, statement, shop_id, gone, survivor);
    for (auto const& [gone, survivor] : changes.merged_carts)
        for (auto const& statement : merge_cart) exec(tx, statement, shop_id, gone, survivor);
}

void save_merged_enrollments(pqxx::work& tx, std::string const& shop_id, Changes const& changes) {
    for (auto const& [gone, survivor] : changes.merged_persons)
        exec(tx, merge_person_enrollment, shop_id, gone, survivor);
}

void save_freed_keys(pqxx::work& tx, std::string const& shop_id, Changes const& changes) {
    if (changes.freed_keys.empty()) return;
    std::vector<std::string_view> kinds, values;
    for (auto const& key : changes.freed_keys) {
        kinds.push_back(name(key.kind));
        values.push_back(key.value);
    }
    for (auto const& statement : free_keys) exec(tx, statement, shop_id, text_array(kinds), text_array(values));
}

void save_erasures(pqxx::work& tx, World const& world, Changes const& changes, Instant now) {
    auto const& shop_id = world.shop_id;
    for (auto const& [request_id, person_id] : changes.exports) exec(tx, export_person, shop_id, request_id, person_id, to_millis(now));
    for (auto const& person_id : changes.erased_persons) {
        exec(tx, end_erased, shop_id, person_id, to_millis(now));
        for (auto const& statement : erase_person) exec(tx, statement, shop_id, person_id);
    }
    erase_letters_naming(tx, shop_id, changes.erased_keys);
    for (auto const& hash : changes.erased_keys)
        exec(tx, remember_erasure, shop_id, text_array(std::vector<std::string>{hash}), to_millis(world.erased.at(hash)));
    if (changes.uninstalled || changes.shop_erased) {
        for (auto const& statement : stop_shop) exec(tx, statement, shop_id);
        exec(tx, stop_enrollments, shop_id, std::string(changes.shop_erased ? "erased" : "uninstalled"), to_millis(now));
    }
    if (changes.uninstalled) exec(tx, mark_uninstalled, shop_id, to_millis(world.uninstalled_at));
    if (changes.shop_erased) {
        for (auto const& statement : erase_shop) exec(tx, statement, shop_id);
        exec(tx, remember_erasure, shop_id, std::string("{shop}"), to_millis(world.shop_erased_at));
    }
}

}  // namespace recoup::postgres
