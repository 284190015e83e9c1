#include "simulation/replay.hpp"

#include "simulation/stand_ins.hpp"

#include "adapter/memory/dead_letters.hpp"
#include "adapter/memory/probation.hpp"
#include "adapter/memory/track_store.hpp"
#include "core/codec/documents.hpp"
#include "service/tracker/tracker.hpp"

#include <algorithm>

namespace recoup::simulation {
namespace {

template <class T>
std::string text(T const& value) {
    std::string out;
    core::write_json(out, value);
    return out;
}

std::string person_name(memory::State const& state, std::string const& id) {
    auto const* person = state.persons.find({shop_id, id});
    return person == nullptr || person->keys.empty() ? "nobody" : person->keys.begin()->value;
}

std::string cart_name(memory::State const& state, std::string const& id) {
    auto const* row = state.carts.find({shop_id, id});
    return row == nullptr || row->cart.tokens.empty() ? "none" : row->cart.tokens.begin()->value;
}

/// `known` holds what providers refused: the log does not tell of that, nor of what it covers.
std::vector<std::string> essence(memory::State const& state, memory::State const& known) {
    std::vector<std::string> parts;
    for (auto const& [id, row] : state.persons) {
        auto person = *row;
        person.id.clear();
        parts.push_back("person " + text(person));
    }
    for (auto const& [id, row] : state.carts) {
        auto cart = row->cart;
        cart.id.clear();
        cart.person_id = person_name(state, cart.person_id);
        parts.push_back("cart " + text(cart));
    }
    for (auto const& [id, row] : state.orders) {
        auto order = *row;
        if (order.keys.empty()) continue;   // of somebody erased: kept only when it came before the erasure
        order.person_id = person_name(state, order.person_id);
        order.cart_id = cart_name(state, order.cart_id);
        parts.push_back("order " + text(order));
    }
    for (auto const& [id, row] : state.payments) {
        auto payment = *row;
        payment.person_id = person_name(state, payment.person_id);
        parts.push_back("payment " + text(payment));
    }
    for (auto const& [id, row] : state.variants) parts.push_back("variant " + text(*row));
    for (auto const& [id, row] : state.coupons) parts.push_back("coupon " + id.second + " " + text(*row));
    for (auto const& [id, row] : state.stock) parts.push_back("stock " + id.second.first + " " + text(*row));
    for (auto const& [id, at] : state.erasures) parts.push_back("erased " + id.second + " " + to_rfc3339(*at));
    for (auto const& [id, row] : state.suppressions)
        if (auto const* refused = known.suppressions.find(id); refused == nullptr || refused->cause != "provider")
            parts.push_back("suppressed " + std::get<2>(id) + " " + row->cause + " " + to_rfc3339(row->since));
    for (auto const& [id, row] : state.inbox) parts.push_back("event " + id.second);
    std::sort(parts.begin(), parts.end());
    return parts;
}

/// Both, cut to where they part.
std::string difference(std::string const& lived, std::string const& replayed) {
    auto const [a, b] = std::mismatch(lived.begin(), lived.end(), replayed.begin(), replayed.end());
    auto const at = static_cast<std::size_t>(a - lived.begin());
    auto const from = at > 80 ? at - 80 : 0;
    return lived.substr(0, 60) + "\n  lived:    ..." + lived.substr(from, 160) + "\n  replayed: ..." + replayed.substr(from, 160);
}

}  // namespace

std::string replay_difference(Scene& scene) {
    memory::Database database;
    (void)database.add_shop(scene.script.shop);
    for (auto const& sequence : scene.script.sequences) database.apply_sequence(shop_id, sequence);
    memory::MemoryTrackStore store(database);
    memory::MemoryLogReader reader(scene.log, [&](int partition) { return store.position("replay", partition); });
    NoMetrics metrics;
    ManualClock const clock(scene.now);
    service::Tracker::Settings settings;
    settings.log_name = "replay";
    settings.batch = 500;
    settings.policy = scene.options.policy;
    memory::MemoryDeadLetters letters(database);
    memory::MemoryProbation probation(database);
    service::Tracker tracker(reader, {store, letters, probation}, clock, metrics, {}, settings);
    for (;;) {
        auto const done = tracker.run_once(Millis{0});
        if (!done) return "the replay fails: " + done.error().message;
        if (*done == 0) break;
    }
    auto const& state = scene.database.state();
    auto const lived = essence(state, state), replayed = essence(database.state(), state);
    auto const [was, is] = std::mismatch(lived.begin(), lived.end(), replayed.begin(), replayed.end());
    if (was == lived.end() && is == replayed.end()) return {};
    return difference(was == lived.end() ? "nothing more" : *was, is == replayed.end() ? "nothing more" : *is);
}

}  // namespace recoup::simulation
