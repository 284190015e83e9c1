#include "adapter/memory/probation.hpp"

namespace recoup::memory {
namespace {

void release(State& state, void const* holder) {
    std::erase_if(state.on_probation, [&](auto const& held) { return held.second == holder; });
}

}  // namespace

MemoryProbation::~MemoryProbation() { let_go(); }

void MemoryProbation::let_go() {
    (void)database_.run([&](State& state) { release(state, this); });
}

Result<void> MemoryProbation::hold(std::string_view log, int partition) {
    return database_.run([&](State& state) -> Result<void> {
        auto const [held, mine] = state.on_probation.try_emplace({std::string(log), partition}, this);
        if (!mine && held->second != this) return error(Errc::conflict, "another tracker tries this partition");
        return {};
    });
}

Result<int> MemoryProbation::begin(std::string_view log, int partition, std::int64_t first, bool excused) {
    return database_.run([&](State& state) -> int {
        std::pair const id{std::string(log), partition};
        auto const* held = state.tries.find(id);
        TryRow row{first, 1};
        if (held != nullptr && held->first_offset == first) row.tries = held->tries + (excused ? 0 : 1);
        state.tries.put(id, row);
        return row.tries;
    });
}

Result<void> MemoryProbation::clear(std::string_view log, std::vector<int> const& partitions) {
    return database_.run([&](State& state) {
        for (int const partition : partitions) state.tries.erase({std::string(log), partition});
        release(state, this);
    });
}

}  // namespace recoup::memory
