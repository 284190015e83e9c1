#include "fuzz/support/target.hpp"

#include <algorithm>
#include <utility>

namespace recoup::fuzz {
namespace {

std::vector<Target>& registered() {
    static std::vector<Target> all;
    return all;
}

}  // namespace

std::vector<Target> const& targets() {
    return registered();
}

Registration::Registration(Target target) {
    auto& all = registered();
    auto const place = std::ranges::lower_bound(all, target.name, {}, &Target::name);
    all.insert(place, std::move(target));
}

}  // namespace recoup::fuzz
