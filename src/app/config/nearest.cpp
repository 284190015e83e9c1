#include "app/config/nearest.hpp"

#include <algorithm>

namespace recoup::app {

std::size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> before_last(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
            bool const swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
            if (swapped) row[j] = std::min(row[j], before_last[j - 2] + 1);
        }
        before_last.swap(last);
        last.swap(row);
    }
    return last[b.size()];
}

std::string nearest(std::string_view wrong, std::vector<std::string> const& known) {
    std::size_t best = std::max<std::size_t>(2, wrong.size() / 3) + 1;
    std::string found;
    for (auto const& name : known) {
        auto const distance = edit_distance(wrong, name);
        if (distance >= best) continue;
        best = distance;
        found = name;
    }
    return found;
}

}  // namespace recoup::app
