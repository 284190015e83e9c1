#include "app/model/labelled_set.hpp"

#include <set>

namespace recoup::app {

Result<LabelledSet> label(EventStream& stream, core::Policy const& policy) {
    core::SnapshotTaker taker(policy);
    if (auto read = stream.each([&](Event const& event) { taker.see(event); }); !read) return read.error();
    LabelledSet set;
    set.info = stream.info();
    set.events = taker.events_seen();
    set.snapshots = taker.finish();
    if (set.snapshots.empty())
        return error(Errc::invalid,
                     set.info.name + " has no cart that was followed for 24 hours; record more events first");
    std::set<std::string_view> carts, persons;
    for (auto const& snapshot : set.snapshots) {
        carts.insert(snapshot.cart_id);
        persons.insert(snapshot.person_id);
    }
    set.carts = carts.size();
    set.persons = persons.size();
    set.from = set.snapshots.front().at;
    set.to = set.snapshots.back().at;
    auto const span = static_cast<double>((set.to - set.from).count());
    set.boundary = set.from + Millis(static_cast<std::int64_t>(span * (1 - test_share_of_time)));
    return set;
}

Result<std::vector<LabelledSet>> label_all(std::vector<EventStream*> const& streams, core::Policy const& policy) {
    std::vector<LabelledSet> sets;
    for (auto* stream : streams) {
        auto set = label(*stream, policy);
        if (!set) return set.error();
        sets.push_back(std::move(*set));
    }
    return sets;
}

}  // namespace recoup::app
