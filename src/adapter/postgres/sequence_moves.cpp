#include "adapter/postgres/sequence_moves.hpp"

#include "adapter/postgres/enrollment_row.hpp"
#include "adapter/postgres/edges.hpp"
#include "adapter/postgres/statement.hpp"

namespace recoup::postgres {
namespace {

constexpr std::int64_t at_once = 200;

constexpr Statement find_version{
    "moves_find_version",
    "select version, doc from sequence where shop_id = $1 and name = $2 and (version = $3 or ($3 = 0 and active)) "
    "order by version desc limit 1"};

constexpr Statement count_movable{"moves_count",
                                  "select count(*) from enrollment where shop_id = $1 and sequence = $2 and status = 'active' "
                                  "and sequence_version <> $3"};

// Whoever claims or folds holds the person: who is held by somebody is left for the next run.
constexpr Statement lock_movable{
    "moves_lock",
    "select e.enrollment_id, e.person_id, e.cart_id, e.payment_id, e.plan, ms_of(e.anchor_at), e.value_minor, e.currency, "
    "e.sequence_version from enrollment e join person p on p.shop_id = e.shop_id and p.person_id = e.person_id "
    "where e.shop_id = $1 and e.sequence = $2 and e.status = 'active' and e.sequence_version <> $3 and e.enrollment_id > $4 "
    "order by e.enrollment_id limit $5 for update of p, e skip locked"};

constexpr Statement load_begun{
    "moves_load_begun",
    "select m.enrollment_id, m.step, m.step_name, m.status in ('sent', 'rejected', 'unknown') and not exists (select 1 from lease l "
    "where l.shop_id = m.shop_id and l.enrollment_id = m.enrollment_id and l.step = m.step and l.state in ('planned', 'sending')) "
    "from message m where m.shop_id = $1 and m.enrollment_id = any($2::text[])"};

constexpr Statement load_waiting{
    "moves_load_waiting",
    "select l.enrollment_id, l.step, ms_of(l.due_at), l.wait, e.sequence_version from lease l join enrollment e on e.shop_id = l.shop_id "
    "and e.enrollment_id = l.enrollment_id and e.plan = l.plan where l.shop_id = $1 and l.enrollment_id = any($2::text[]) "
    "and l.state = 'planned' and l.due_at > l.planned_at"};

constexpr Statement set_version{"moves_set_version",
                                "update enrollment set sequence_version = $3 where shop_id = $1 and enrollment_id = $2"};

Sequence read_sequence(pqxx::row const& row) {
    auto sequence = document<Sequence>(row[1]);
    sequence.version = row[0].as<int>();
    return sequence;
}

/// Which name a place had in the version that the enrollment follows.
class Names {
public:
    Names(pqxx::work& tx, std::string const& shop_id, std::string const& sequence) : tx_(tx), shop_id_(shop_id), sequence_(sequence) {}

    std::string of(int version, int step) {
        auto it = versions_.find(version);
        if (it == versions_.end()) {
            auto const rows = exec(tx_, find_version, shop_id_, sequence_, version);
            it = versions_.emplace(version, rows.empty() ? Sequence{} : read_sequence(rows[0])).first;
        }
        auto const index = static_cast<std::size_t>(step);
        return index < it->second.steps.size() ? it->second.steps[index].name : std::string{};
    }

private:
    pqxx::work& tx_;
    std::string const& shop_id_;
    std::string const& sequence_;
    std::map<int, Sequence> versions_;
};

using FactsById = std::map<std::string, core::MoveFacts>;

FactsById lock_some(pqxx::work& tx, std::string const& shop_id, std::string const& sequence, int version, std::string const& after) {
    FactsById found;
    for (auto const& row : exec(tx, lock_movable, shop_id, sequence, version, after, at_once)) {
        Enrollment one;
        one.id = text(row[0]);
        one.person_id = text(row[1]);
        one.cart_id = text(row[2]);
        one.payment_id = text(row[3]);
        one.plan = row[4].as<int>();
        one.anchor_at = instant(row[5]);
        one.value_minor = row[6].as<std::int64_t>();
        one.currency = text(row[7]);
        one.sequence = sequence;
        one.sequence_version = row[8].as<int>();
        found[one.id].enrollment = one;
    }
    if (found.empty()) return found;
    std::vector<std::string> ids;
    for (auto const& [id, facts] : found) ids.push_back(id);
    for (auto const& row : exec(tx, load_begun, shop_id, text_array(ids)))
        found.at(text(row[0])).begun.push_back({row[1].as<int>(), text(row[2]), row[3].as<bool>()});
    Names names(tx, shop_id, sequence);
    for (auto const& row : exec(tx, load_waiting, shop_id, text_array(ids)))
        found.at(text(row[0])).waiting[names.of(row[4].as<int>(), row[1].as<int>())] = {
            instant(row[2]), step_wait_from(text(row[3])).value_or(StepWait::none)};
    return found;
}

void write_move(pqxx::work& tx, std::string const& shop_id, core::Move const& move, Instant now) {
    if (move.kind == core::MoveKind::completes) return end_enrollments(tx, shop_id, {{move.enrollment.id, Reason::completed}}, now);
    if (move.kind != core::MoveKind::moves) return;
    exec(tx, set_version, shop_id, move.enrollment.id, move.enrollment.sequence_version);
    replan_enrollment(tx, shop_id, move.enrollment, move.steps);
}

}  // namespace

Result<Moved> move_enrollments(Pool& pool, std::string const& shop_id, std::string const& sequence, int version, bool dry_run,
                               Instant now) {
    Moved moved;
    std::int64_t all = 0, seen = 0;
    std::string after;
    for (bool more = true; more;) {
        auto done = run_sharing_edges(pool, [&](pqxx::work& tx) -> Result<void> {
            auto const found = exec(tx, find_version, shop_id, sequence, version);
            if (found.empty()) return error(Errc::not_found, "shop " + shop_id + " has no such version of the sequence " + sequence);
            auto const to = read_sequence(found[0]);
            moved.version = to.version;
            if (after.empty()) all = exec(tx, count_movable, shop_id, sequence, to.version)[0][0].as<std::int64_t>();
            auto const some = lock_some(tx, shop_id, sequence, to.version, after);
            for (auto const& [id, facts] : some) {
                auto const move = core::move_to(facts, to, now);
                ++moved.enrollments[static_cast<std::size_t>(move.kind)];
                if (move.kind == core::MoveKind::moves) moved.steps += static_cast<std::int64_t>(move.steps.size());
                if (!dry_run) write_move(tx, shop_id, move, now);
                after = id;
            }
            seen += static_cast<std::int64_t>(some.size());
            more = !some.empty();
            return {};
        });
        if (!done) return done.error();
    }
    moved.enrollments[static_cast<std::size_t>(core::MoveKind::busy)] += std::max<std::int64_t>(all - seen, 0);
    return moved;
}

}  // namespace recoup::postgres
