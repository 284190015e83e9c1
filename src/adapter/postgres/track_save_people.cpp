// Persons, carts and their keys. What was there is told from what is new: a plain insert or update costs a third less than an
// insert that may meet its row, which looks for it first and marks what it wrote as certain afterwards.
#include "adapter/postgres/statement.hpp"
#include "adapter/postgres/track_store.hpp"

#include <algorithm>

namespace recoup::postgres {
namespace {

constexpr Statement update_persons{
    "track_update_persons",
    "update person p set doc = r.doc, email = r.email, phone = r.phone, last_seen_at = at_ms(r.seen) "
    "from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::bigint[]) as r(id, doc, email, phone, seen) "
    "where p.shop_id = $1 and p.person_id = r.id"};

constexpr Statement save_persons{
    "track_save_persons",
    "insert into person (shop_id, person_id, doc, email, phone, last_seen_at) "
    "select $1, r.id, r.doc, r.email, r.phone, at_ms(r.seen) "
    "from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::bigint[]) as r(id, doc, email, phone, seen) "
    "on conflict (shop_id, person_id) do update set doc = excluded.doc, email = excluded.email, phone = excluded.phone, "
    "last_seen_at = excluded.last_seen_at"};

// Nobody's before: when somebody else took one meanwhile, it is a duplicate.
constexpr Statement insert_person_keys{
    "track_insert_person_keys",
    "insert into person_key (shop_id, kind, value, person_id) select $1, r.kind, r.value, r.owner "
    "from unnest($2::text[], $3::text[], $4::text[]) as r(kind, value, owner)"};

// A key that belongs to a person this transaction does not hold was taken by somebody else meanwhile.
constexpr Statement move_person_keys{
    "track_move_person_keys",
    "insert into person_key as k (shop_id, kind, value, person_id) "
    "select $1, r.kind, r.value, r.owner from unnest($3::text[], $4::text[], $5::text[]) as r(kind, value, owner) "
    "on conflict (shop_id, kind, value) do update set person_id = excluded.person_id "
    "where k.person_id = excluded.person_id or k.person_id = any($2::text[])"};

// Watched until, and the risk, when they were looked at; a cart merely moved to another person keeps both. The moment to
// look stays when it only came to be later: see migration 0011.
constexpr Statement update_carts{
    "track_update_carts",
    "update cart c set person_id = r.person_id, doc = r.doc, last_activity_at = coalesce(at_ms(r.activity), 'epoch'), "
    "ordered_at = at_ms(r.ordered), idle_at = at_ms(r.idle), score = coalesce(r.score, c.score), "
    "watch_at = case when r.idle is not null then least(c.watch_at, at_ms(r.idle)) end "
    "from unnest($2::text[], $3::text[], $4::text[], $5::bigint[], $6::bigint[], $7::bigint[], $8::json[]) "
    "as r(id, person_id, doc, activity, ordered, idle, score) where c.shop_id = $1 and c.cart_id = r.id"};

constexpr Statement save_carts{
    "track_save_carts",
    "insert into cart as c (shop_id, cart_id, person_id, doc, last_activity_at, ordered_at, idle_at, watch_at, score) "
    "select $1, r.id, r.person_id, r.doc, coalesce(at_ms(r.activity), 'epoch'), "
    "at_ms(r.ordered), at_ms(r.idle), at_ms(r.idle), r.score "
    "from unnest($2::text[], $3::text[], $4::text[], $5::bigint[], $6::bigint[], $7::bigint[], $8::json[]) "
    "as r(id, person_id, doc, activity, ordered, idle, score) "
    "on conflict (shop_id, cart_id) do update set person_id = excluded.person_id, doc = excluded.doc, "
    "last_activity_at = excluded.last_activity_at, ordered_at = excluded.ordered_at, "
    "idle_at = excluded.idle_at, score = coalesce(excluded.score, c.score), "
    "watch_at = case when excluded.idle_at is not null then least(c.watch_at, excluded.idle_at) end"};

constexpr Statement insert_cart_keys{
    "track_insert_cart_keys",
    "insert into cart_key (shop_id, kind, value, cart_id) select $1, r.kind, r.value, r.owner "
    "from unnest($2::text[], $3::text[], $4::text[]) as r(kind, value, owner)"};

constexpr Statement move_cart_keys{
    "track_move_cart_keys",
    "insert into cart_key as k (shop_id, kind, value, cart_id) "
    "select $1, r.kind, r.value, r.owner from unnest($3::text[], $4::text[], $5::text[]) as r(kind, value, owner) "
    "on conflict (shop_id, kind, value) do update set cart_id = excluded.cart_id "
    "where k.cart_id = excluded.cart_id or k.cart_id = any($2::text[])"};

template <class Map>
std::vector<std::string> held_ids(Map const& held, std::vector<std::pair<std::string, std::string>> const& merged) {
    std::vector<std::string> ids;
    for (auto const& [id, value] : held) ids.push_back(id);
    for (auto const& [gone, into] : merged) ids.push_back(gone);
    return ids;
}

/// The keys whose owner changed: those that were nobody's, and those that were somebody else's.
template <class Map>
bool take_keys(pqxx::work& tx, Statement const& insert, Statement const& move, World const& world, std::set<IdentityKey> const& keys,
               KeyOwners const& owner_of, HeldKeys const& known, Map const& held,
               std::vector<std::pair<std::string, std::string>> const& merged) {
    Rows fresh{{"kind"}, {"value"}, {"owner"}}, moved{{"kind"}, {"value"}, {"owner"}};
    for (auto const& key : keys)
        if (auto const owner = owner_of.find(key); owner != owner_of.end())
            (known.may_contain(key) ? moved : fresh).row().put("kind", name(key.kind)).put("value", key.value).put("owner", owner->second);
    if (!fresh.empty()) exec_rows(tx, insert, {world.shop_id}, fresh);
    return moved.empty() ||
           exec_rows(tx, move, {world.shop_id, text_array(held_ids(held, merged))}, moved).affected_rows() == moved.size();
}

void add_row(Rows& persons, Person const& person) {
    persons.row()
        .put("id", person.id)
        .document("doc", person)
        .put_text("email", person.email.value)
        .put_text("phone", person.phone.value)
        .put("seen", to_millis(person.last_seen_at));
}

void add_row(Rows& carts, Cart const& cart, TrackWrite const& write) {
    carts.row()
        .put("id", cart.id)
        .put("person_id", cart.person_id)
        .document("doc", cart)
        .put("activity", to_millis(cart.last_activity_at))
        .put("ordered", to_millis(cart.ordered_at));
    if (auto const watch = write.idle_at.find(cart.id); watch != write.idle_at.end() && watch->second)
        carts.put("idle", to_millis(*watch->second));
    if (auto const score = write.scores.find(cart.id); score != write.scores.end()) carts.document("score", score->second);
}

/// False when a row that this transaction holds is not there.
bool write_rows(pqxx::work& tx, std::string const& shop_id, Statement const& update, Rows const& held, Statement const& insert,
                Rows const& others) {
    if (!others.empty()) exec_rows(tx, insert, {shop_id}, others);
    return held.empty() || exec_rows(tx, update, {shop_id}, held).affected_rows() == held.size();
}

bool write_people(pqxx::work& tx, World const& world, Changes const& changes, TrackWrite const& write, Held const& held) {
    using Type = Rows::Type;
    auto const person_rows = [] { return Rows{{"id"}, {"doc"}, {"email"}, {"phone"}, {"seen", Type::bigint}}; };
    auto const cart_rows = [] {
        return Rows{{"id"},     {"person_id"}, {"doc"}, {"activity", Type::bigint}, {"ordered", Type::bigint}, {"idle", Type::bigint},
                    {"score", Type::json}};
    };
    auto held_persons = person_rows(), other_persons = person_rows();
    auto held_carts = cart_rows(), other_carts = cart_rows();
    for (auto const& id : changes.persons) add_row(held.persons.contains(id) ? held_persons : other_persons, world.persons.at(id));
    for (auto const& id : changes.carts) add_row(held.carts.contains(id) ? held_carts : other_carts, world.carts.at(id), write);
    return write_rows(tx, world.shop_id, update_persons, held_persons, save_persons, other_persons) &&
           write_rows(tx, world.shop_id, update_carts, held_carts, save_carts, other_carts);
}

}  // namespace

HeldKeys::HeldKeys(KeyOwners const& owner_of) {
    auto& hashes = hashes_.emplace();
    hashes.reserve(owner_of.size());
    for (auto const& [key, owner] : owner_of) hashes.push_back(IdentityKeyHash{}(key));
    std::sort(hashes.begin(), hashes.end());
}

bool HeldKeys::may_contain(IdentityKey const& key) const {
    return !hashes_ || std::binary_search(hashes_->begin(), hashes_->end(), IdentityKeyHash{}(key));
}

Held::Held(World const& world) : person_keys(world.person_of), cart_keys(world.cart_of) {
    for (auto const& [id, person] : world.persons) persons.insert(persons.end(), id);
    for (auto const& [id, cart] : world.carts) carts.insert(carts.end(), id);
}

void Held::forget_merged(Changes const& changes) {
    for (auto const& [gone, into] : changes.merged_persons) persons.erase(gone);
    for (auto const& [gone, into] : changes.merged_carts) carts.erase(gone);
}

Result<void> save_people(pqxx::work& tx, World const& world, Changes const& changes, TrackWrite const& write, Held const& held) {
    if (!write_people(tx, world, changes, write, held)) return error(Errc::conflict, "a person or a cart went away meanwhile");
    if (!take_keys(tx, insert_person_keys, move_person_keys, world, changes.person_keys, world.person_of, held.person_keys,
                   world.persons, changes.merged_persons) ||
        !take_keys(tx, insert_cart_keys, move_cart_keys, world, changes.cart_keys, world.cart_of, held.cart_keys, world.carts,
                   changes.merged_carts))
        return error(Errc::conflict, "another tracker joined one of these keys meanwhile");
    return {};
}

}  // namespace recoup::postgres
