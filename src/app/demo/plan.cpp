#include "app/demo/plan.hpp"

#include "app/demo/dirt.hpp"
#include "app/demo/script.hpp"
#include "app/demo/voice.hpp"

#include "recoup/base/digest.hpp"
#include "recoup/base/random.hpp"

#include <algorithm>
#include <tuple>

namespace recoup::demo {

Instant Plan::done_at(Action const& action) const {
    auto const buckets = (action.deliver_at - start + bucket - Millis{1}) / bucket;
    return std::min(start + buckets * bucket, end);
}

std::string run_name(PlanOptions const& options) {
    return "demo-" + std::to_string(options.seed) + "-" + std::to_string(options.carts);
}

Plan plan_demo(PlanOptions const& options, Instant start) {
    Plan plan;
    plan.start = start;
    plan.end = start + std::chrono::hours{options.hours};
    auto const run = run_name(options);

    auto stock = stock_deliveries(start, start + std::chrono::hours{5});
    for (std::size_t i = 0; i < stock.size(); ++i) {
        stock[i].id = run + "-stock-" + std::to_string(i);
        stock[i].deliver_at = stock[i].occurred_at + std::chrono::seconds{1};
        plan.actions.push_back(std::move(stock[i]));
    }
    for (int number = 0; number < options.carts; ++number) {
        plan.shoppers.push_back(draw_shopper(options.seed, number));
        auto const prefix = run + "-" + std::to_string(number);
        auto script = write_script(plan.shoppers.back(), start, prefix);
        SeededRandom random{stable_hash(prefix + " dirt")};
        add_dirt(script, plan.end, random);
        std::move(script.begin(), script.end(), std::back_inserter(plan.actions));
    }
    std::stable_sort(plan.actions.begin(), plan.actions.end(), [&plan](Action const& a, Action const& b) {
        auto const a_done = plan.done_at(a), b_done = plan.done_at(b);
        return std::tie(a_done, a.shopper, a.deliver_at) < std::tie(b_done, b.shopper, b.deliver_at);
    });
    return plan;
}

}  // namespace recoup::demo
