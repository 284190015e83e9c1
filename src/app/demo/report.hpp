#pragma once
// What came of the demo, and whether every promise was kept.

#include "app/demo/ledger.hpp"

#include <nlohmann/json_fwd.hpp>

#include <iosfwd>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace recoup::demo {

struct Check {
    std::string promise;
    int broken = 0;
    std::string example;             // id of the first message or enrollment that broke it
};

struct Report {
    std::uint64_t seed = 0;
    Instant start{}, end{};
    std::size_t carts = 0, scored = 0, predicted = 0;
    std::size_t treated = 0, treated_ordered = 0, holdout = 0, holdout_ordered = 0;   // shoppers with a cart enrollment
    std::map<std::pair<std::string, std::string>, int> messages;                      // by (sequence step, channel)
    std::map<std::string, int> silences;
    std::size_t orders = 0, recovered = 0;
    std::int64_t orders_minor = 0, recovered_minor = 0;                               // USD cents
    std::vector<Check> checks;

    bool kept() const;
};

/// Pure: the plan says what was told to the daemon, the evidence what it did.
Report make_report(Plan const& plan, std::uint64_t seed, Evidence const& evidence);

nlohmann::json to_json(Report const& report);
void print(Report const& report, std::ostream& out);

}  // namespace recoup::demo
