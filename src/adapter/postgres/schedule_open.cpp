// Idle carts: claimed with all that opening looks at, written with what was decided.
#include "adapter/postgres/enrollment_row.hpp"
#include "adapter/postgres/schedule_store.hpp"
#include "adapter/postgres/truth.hpp"

#include <algorithm>

namespace recoup::postgres {
namespace {

constexpr Statement any_watched{"open_any_watched", "select exists (select from cart where watch_at <= at_ms($1))"};

// Activity came after the moment to look was set: look again when it has been idle long enough.
constexpr Statement look_later{
    "open_look_later",
    "with early as (select shop_id, cart_id from cart where watch_at <= at_ms($1) and (idle_at is null or idle_at > at_ms($1)) "
    "order by watch_at limit $2 for update skip locked) "
    "update cart c set watch_at = c.idle_at from early where c.shop_id = early.shop_id and c.cart_id = early.cart_id"};

constexpr Statement lock_idle_persons{
    "open_lock_persons",
    "select p.shop_id, p.person_id, p.doc from person p where (p.shop_id, p.person_id) in ("
    "select c.shop_id, c.person_id from cart c where c.watch_at <= at_ms($1) and c.idle_at <= at_ms($1) "
    "order by c.watch_at limit $2) "
    "order by p.shop_id, p.person_id for update skip locked"};

constexpr Statement lock_idle_carts{
    "open_lock_carts",
    "select shop_id, cart_id, doc from cart where watch_at <= at_ms($1) and idle_at <= at_ms($1) "
    "and (shop_id, person_id) in (select * from unnest($3::text[], $4::text[])) "
    "order by idle_at, cart_id limit $2 for update skip locked"};

constexpr Statement active_sequence{"open_active_sequence",
                                    "select shop_id, doc, version from sequence where shop_id = any($1::text[]) and active "
                                    "and trigger in ('cart', 'checkout', 'browse') order by trigger"};

constexpr Statement running_sequence{"open_running_sequence",
                                     "select doc, version from sequence where shop_id = $1 and name = $2 and version = $3"};

constexpr Statement set_watches{
    "open_set_watches",
    "update cart c set idle_at = at_ms(r.watch), watch_at = at_ms(r.watch), score = coalesce(r.score, c.score) "
    "from unnest($1::text[], $2::text[], $3::bigint[], $4::json[]) as r(shop_id, cart_id, watch, score) "
    "where c.shop_id = r.shop_id and c.cart_id = r.cart_id"};

/// Most are on the version in force.
void add_running(pqxx::work& tx, IdleCart& item) {
    if (!item.active || item.active->cart_id != item.cart.id) return;
    auto const& active = *item.active;
    bool const in_force = std::any_of(item.sequences.begin(), item.sequences.end(), [&](Sequence const& one) {
        return one.name == active.sequence && one.version == active.sequence_version;
    });
    if (in_force) return;
    for (auto const& row : exec(tx, running_sequence, item.shop.id, active.sequence, active.sequence_version)) {
        item.running = document<Sequence>(row[0]);
        item.running->version = row[1].as<int>();
    }
}

constexpr Statement first_arms{
    "open_first_arms",
    "select w.id, f.arm from unnest($2::text[]) as w(id), lateral (select e.arm from enrollment e where (e.shop_id = $1) is true "
    "and e.person_id = w.id order by e.opened_at, e.enrollment_id limit 1) as f"};

/// Orders under the marks of the carts, carts beside what was browsed, and the arms that the persons were in first.
void add_past(pqxx::work& tx, std::vector<IdleCart>& idle, std::map<std::string, std::vector<std::string>> const& persons) {
    for (auto const& [shop_id, ids] : persons) {
        std::set<std::string> marks;
        for (auto const& item : idle)
            if (item.shop.id == shop_id && item.cart.address_mark.known()) marks.insert(item.cart.address_mark.value);
        auto const marked = Truth::marked(tx, shop_id, marks);
        std::map<std::string, Arm> arms;
        for (auto const& row : exec(tx, first_arms, shop_id, text_array(ids)))
            arms.emplace(text(row[0]), text(row[1]) == "holdout" ? Arm::holdout : Arm::treated);
        std::map<std::string, std::string> browsed;
        for (auto const& item : idle)
            if (item.shop.id == shop_id && item.cart.browsed()) browsed.emplace(item.cart.id, item.person.id);
        auto const beside = Truth::beside(tx, shop_id, browsed);
        for (auto& item : idle) {
            if (item.shop.id != shop_id) continue;
            if (auto const it = beside.find(item.cart.id); it != beside.end()) item.others = it->second;
            if (auto const it = marked.find(item.cart.address_mark.value); it != marked.end()) item.marked_at = it->second;
            if (auto const it = arms.find(item.person.id); it != arms.end()) item.first_arm = it->second;
        }
    }
}

void add_shop_facts(pqxx::work& tx, std::vector<IdleCart>& idle, std::int64_t abandonments_up_to) {
    std::set<std::string> shop_ids;
    std::map<std::string, std::vector<std::string>> persons;
    for (auto const& item : idle) {
        shop_ids.insert(item.shop.id);
        persons[item.shop.id].push_back(item.person.id);
    }
    auto const shops = Truth::shops(tx, shop_ids);
    std::map<std::string, std::vector<Sequence>> sequences;
    for (auto const& row : exec(tx, active_sequence, text_array(shop_ids))) {
        auto sequence = document<Sequence>(row[1]);
        sequence.version = row[2].as<int>();
        sequences[text(row[0])].push_back(std::move(sequence));
    }
    add_past(tx, idle, persons);
    std::map<std::pair<std::string, std::string>, Enrollment> active;
    std::map<std::string, std::int64_t> abandonments;
    for (auto const& [shop_id, ids] : persons) {
        abandonments[shop_id] = count_abandonments(tx, shop_id, abandonments_up_to);
        for (auto& enrollment : lock_active_enrollments(tx, shop_id, ids))
            if (lane(enrollment.trigger) == Trigger::cart) active.emplace(std::pair(shop_id, enrollment.person_id), enrollment);
    }
    for (auto& item : idle) {
        auto const shop_id = item.shop.id;
        item.abandonments = abandonments[shop_id];
        if (auto const it = shops.find(shop_id); it != shops.end()) item.shop = it->second;
        if (auto const it = sequences.find(shop_id); it != sequences.end()) item.sequences = it->second;
        if (auto const it = active.find({shop_id, item.person.id}); it != active.end()) item.active = it->second;
        add_running(tx, item);
    }
}

/// What opens and ends in one shop.
struct ShopWrites {
    std::vector<std::pair<std::string, Reason>> ended;
    std::vector<Enrollment> opened;
    std::vector<PlannedStep> steps;   // of opened
    std::vector<OpenWrite const*> replanned;
    std::vector<Decision> decisions;
};

/// A person opens once at most, so what ends and what opens can each be written at once.
void write_all(pqxx::work& tx, std::vector<OpenWrite> const& writes, Instant now) {
    Rows watches{{"shop_id"}, {"cart_id"}, {"watch", Rows::Type::bigint}, {"score", Rows::Type::json}};
    std::map<std::string, ShopWrites> shops;
    for (auto const& write : writes) {
        watches.row().put("shop_id", write.shop_id).put("cart_id", write.cart_id).put("watch", to_millis(write.watch_again.value_or(never)));
        if (write.score) watches.document("score", *write.score);
        auto& shop = shops[write.shop_id];
        if (write.ended) shop.ended.push_back(*write.ended);
        if (write.opened && write.replanned) shop.replanned.push_back(&write);
        if (write.opened && !write.replanned) {
            shop.opened.push_back(*write.opened);
            shop.steps.insert(shop.steps.end(), write.steps.begin(), write.steps.end());
        }
        shop.decisions.insert(shop.decisions.end(), write.decisions.begin(), write.decisions.end());
    }
    if (!watches.empty()) exec_rows(tx, set_watches, {}, watches);
    for (auto const& [shop_id, shop] : shops) {
        end_enrollments(tx, shop_id, shop.ended, now);
        for (auto const* write : shop.replanned) replan_enrollment(tx, shop_id, *write->opened, write->steps);
        insert_enrollments(tx, shop_id, shop.opened, shop.steps);
        insert_decisions(tx, shop_id, shop.decisions);
    }
}

}  // namespace

Result<std::size_t> PostgresScheduleStore::open_idle(
    Instant now, OpenSize const& size, std::function<std::vector<OpenWrite>(std::vector<IdleCart> const&)> const& decide) {
    auto const any = run_statement(pool_, [&](pqxx::nontransaction& tx) { return exec(tx, any_watched, to_millis(now))[0][0].as<bool>(); });
    if (!any || !*any) return any ? Result<std::size_t>(0) : any.error();
    return run_sharing_edges(pool_, [&](pqxx::work& tx) -> std::size_t {
        std::map<std::pair<std::string, std::string>, Person> persons;
        std::vector<std::string> shops, ids;
        exec(tx, look_later, to_millis(now), size.carts);
        for (auto const& row : exec(tx, lock_idle_persons, to_millis(now), size.carts)) {
            shops.push_back(text(row[0]));
            ids.push_back(text(row[1]));
            persons.emplace(std::pair(shops.back(), ids.back()), document<Person>(row[2]));
        }
        if (ids.empty()) return 0;
        std::vector<IdleCart> idle;
        for (auto const& row : exec(tx, lock_idle_carts, to_millis(now), size.carts, text_array(shops), text_array(ids))) {
            IdleCart item;
            item.shop.id = text(row[0]);
            item.cart = document<Cart>(row[2]);
            item.person = persons.at({item.shop.id, item.cart.person_id});
            idle.push_back(std::move(item));
        }
        add_shop_facts(tx, idle, size.abandonments_up_to);
        write_all(tx, decide(idle), now);
        return idle.size();
    });
}

}  // namespace recoup::postgres
