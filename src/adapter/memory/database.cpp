#include "adapter/memory/database.hpp"

namespace recoup::memory {

Result<void> Database::add_shop(Shop const& shop) {
    return run([&](State& state) -> Result<void> {
        if (state.shops.contains(shop.id)) return error(Errc::conflict, "shop '" + shop.id + "' exists already");
        state.shops.put(shop.id, shop);
        return {};
    });
}

int Database::apply_sequence(std::string const& shop_id, Sequence sequence) {
    auto const version = run([&](State& state) -> int {
        int newest = 0;
        std::optional<SequenceId> active;
        for (auto const& [id, row] : state.sequences) {
            if (std::get<0>(id) != shop_id) continue;
            if (std::get<1>(id) == sequence.name) newest = std::max(newest, std::get<2>(id));
            if (row->active && row->sequence.trigger == sequence.trigger) active = id;
        }
        if (active) {
            auto const* held = state.sequences.find(*active);
            sequence.version = held->sequence.version;
            if (held->sequence == sequence) return sequence.version;
            state.sequences.change(*active, [](SequenceRow& row) { row.active = false; });
        }
        sequence.version = newest + 1;
        state.sequences.put({shop_id, sequence.name, sequence.version}, SequenceRow{sequence, true});
        return sequence.version;
    });
    return *version;
}

}  // namespace recoup::memory
