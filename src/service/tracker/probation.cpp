#include "service/tracker/probation.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

namespace recoup::service {
namespace {

constexpr int suspicious_tries = 2;

}  // namespace

bool may_be_theirs(Errc code) {
    switch (code) {
        case Errc::internal:
        case Errc::invalid:
        case Errc::too_large: return true;
        case Errc::unauthorized:
        case Errc::forbidden:
        case Errc::not_found:
        case Errc::conflict:
        case Errc::overloaded:
        case Errc::unavailable:
        case Errc::configuration: return false;
    }
    return false;
}

Result<Probation::Way> Probation::begin(LogPositions const& from) {
    tried_.clear();
    in_hand_.clear();
    counted_.clear();
    for (auto const& [partition, first] : from) {
        in_hand_.insert(partition);
        if (!trusted_.contains(partition)) tried_.insert(partition);
    }
    for (int const partition : tried_)
        if (auto held = store_.hold(log_, partition); !held) return held.error();
    int most = 0;
    for (int const partition : tried_) {
        auto const tries = count(partition, from.at(partition));
        if (!tries) return tries.error();
        counted_[partition] = *tries;
        most = std::max(most, *tries);
    }
    if (most < suspicious_tries) return Way::whole;
    spdlog::warn("component=track msg=\"a batch did not end well before; its records are tried one by one\" tries={}",
                 most);
    return Way::one_by_one;
}

Result<int> Probation::count(int partition, std::int64_t first) {
    auto const tries = store_.begin(log_, partition, first, excused_.contains(partition));
    if (tries) excused_.erase(partition);
    return tries;
}

Result<int> Probation::begin_record(int partition, std::int64_t offset) {
    tried_.insert(partition);
    if (auto const first = counted_.find(partition); first != counted_.end()) {   // with its batch
        auto const tries = static_cast<int>(first->second);
        counted_.erase(first);
        return tries;
    }
    return count(partition, offset);
}

void Probation::committed() {
    if (tried_.empty()) return;
    // A count that stays behind is of a place that is past: the next begin there starts anew.
    if (auto cleared = store_.clear(log_, {tried_.begin(), tried_.end()}); !cleared) return;
    trusted_.insert(tried_.begin(), tried_.end());
    tried_.clear();
}

void Probation::failed(Errc code) {
    if (!tried_.empty()) store_.let_go();
    for (int const partition : in_hand_) {
        if (may_be_theirs(code)) trusted_.erase(partition);
        else excused_.insert(partition);
    }
}

}  // namespace recoup::service
