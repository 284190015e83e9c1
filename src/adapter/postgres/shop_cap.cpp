#include "adapter/postgres/shop_cap.hpp"

#include "adapter/postgres/statement.hpp"

#include "recoup/base/digest.hpp"

namespace recoup::postgres {
namespace {

constexpr Statement lock_shop{"shop_cap_lock", "select pg_advisory_xact_lock($1)"};

// A message may leave days after its row was made, when the provider asks to wait; found by its planned time, which lies two months
// before at most.
constexpr Statement count_sent{
    "shop_cap_count",
    "select count(*) from (select 1 from message where shop_id = $1 and status in ('sent', 'unknown', 'sending') "
    "and planned_at > at_ms($2) - interval '60 days' and created_at > at_ms($2) - interval '7 days' and coalesce(sent_at, attempted_at, created_at) > at_ms($2) limit $3) as m"};

}  // namespace

void add_shop_left(pqxx::work& tx, std::vector<DueStep*> const& due, Instant now, Cap const& cap) {
    if (cap.none()) return;
    std::map<std::string, int> left;   // in the order of ids, so that nobody waits for one who waits for it
    for (auto const* step : due) left.emplace(step->shop->id, cap.max);
    for (auto& [shop_id, free] : left) {
        exec(tx, lock_shop, static_cast<std::int64_t>(stable_hash("shop-cap/" + shop_id)));
        free -= exec(tx, count_sent, shop_id, to_millis(now - cap.window), cap.max)[0][0].as<int>();
    }
    for (auto* step : due) step->shop_left = left.at(step->shop->id);
}

}  // namespace recoup::postgres
