#include "adapter/memory/dead_letters.hpp"

#include <algorithm>

namespace recoup::memory {
namespace {

bool erased_since(State const& state, Letter const& letter) {
    auto const since = [&](std::string const& hash) {
        auto const* at = state.erasures.find({letter.shop_id, hash});
        return at != nullptr && *at >= letter.received_at;
    };
    return since("shop") || std::any_of(letter.key_hashes.begin(), letter.key_hashes.end(), since);
}

std::optional<Id> place_of(State const& state, std::string_view letter_id) {
    for (auto const& [id, letter] : state.dead_letters)
        if (letter->id == letter_id) return id;
    return std::nullopt;
}

Error no_such_letter() {
    return error(Errc::not_found, "There is no such dead letter; it may have been replayed, dropped or expired.");
}

bool asked_for(Letter const& letter, LetterQuery const& query) {
    bool const reason = query.reason.empty() || query.reason == name(letter.kind) ||
                        letter.reason.find(query.reason) != std::string::npos;
    return reason && (query.shop_id.empty() || query.shop_id == letter.shop_id) &&
           (query.source.empty() || query.source == letter.source) && letter.received_at >= query.since &&
           (query.before == never || letter.received_at < query.before) &&
           std::tie(letter.received_at, letter.id) > std::tie(query.after_at, query.after_id);
}

/// Oldest first.
std::vector<Letter> sorted(State const& state, auto&& wanted) {
    std::vector<Letter> letters;
    for (auto const& [id, letter] : state.dead_letters)
        if (wanted(*letter)) letters.push_back(*letter);
    std::sort(letters.begin(), letters.end(), [](Letter const& a, Letter const& b) {
        return std::tie(a.received_at, a.id) < std::tie(b.received_at, b.id);
    });
    return letters;
}

void end_letter(State& state, Id const& id, std::string const& letter_id, LetterEnd why, std::string note,
                Instant now) {
    state.dead_letters.erase(id);
    state.letter_ends.put(letter_id, LetterEndRow{why, std::move(note), now});
}

}  // namespace

Result<void> MemoryDeadLetters::keep(std::vector<Letter> const& letters) {
    return database_.run([&](State& state) {
        for (auto const& letter : letters) {
            Id const id{letter.shop_id, letter.event_id};
            bool const known_shop = letter.shop_id.empty() || state.shops.contains(letter.shop_id);
            if (!known_shop || state.inbox.contains(id) || state.dead_letters.contains(id) ||
                erased_since(state, letter))
                continue;
            state.dead_letters.put(id, letter);
        }
    });
}

Result<std::vector<Letter>> MemoryDeadLetters::list(LetterQuery const& query) {
    return database_.run([&](State& state) -> std::vector<Letter> {
        auto letters = sorted(state, [&](Letter const& letter) { return asked_for(letter, query); });
        if (letters.size() > query.limit) letters.resize(query.limit);
        for (auto& letter : letters) {
            letter.raw.clear();
            letter.record_key.clear();
            letter.key_hashes.clear();
        }
        return letters;
    });
}

Result<Letter> MemoryDeadLetters::find(std::string_view id) {
    return database_.run([&](State& state) -> Result<Letter> {
        auto const place = place_of(state, id);
        if (!place) return no_such_letter();
        auto letter = *state.dead_letters.find(*place);
        letter.key_hashes.clear();
        return letter;
    });
}

Result<void> MemoryDeadLetters::tried(std::string_view id, std::string_view reason, Instant now) {
    return database_.run([&](State& state) -> Result<void> {
        auto const place = place_of(state, id);
        if (!place) return no_such_letter();
        state.dead_letters.change(*place, [&](Letter& letter) {
            ++letter.attempts;
            letter.reason = reason;
            letter.tried_at = now;
        });
        return {};
    });
}

Result<void> MemoryDeadLetters::end(std::string_view id, LetterEnd why, std::string_view note, Instant now) {
    return database_.run([&](State& state) -> Result<void> {
        auto const place = place_of(state, id);
        if (!place) return no_such_letter();
        end_letter(state, *place, std::string(id), why, std::string(note), now);
        return {};
    });
}

Result<DeadLetterStore::Trimmed> MemoryDeadLetters::trim(Instant before, std::int64_t most, Instant now) {
    return database_.run([&](State& state) -> Trimmed {
        Trimmed trimmed;
        for (auto const& letter :
             sorted(state, [&](Letter const& held) { return before != never && held.received_at < before; })) {
            end_letter(state, {letter.shop_id, letter.event_id}, letter.id, LetterEnd::expired, {}, now);
            ++trimmed.expired;
        }
        std::map<std::string, std::int64_t> held;
        auto const all = sorted(state, [](Letter const&) { return true; });
        for (auto letter = all.rbegin(); letter != all.rend(); ++letter) {
            if (++held[letter->shop_id] <= most) continue;
            end_letter(state, {letter->shop_id, letter->event_id}, letter->id, LetterEnd::crowded_out, {}, now);
            ++trimmed.crowded_out;
        }
        return trimmed;
    });
}

Result<LetterStock> MemoryDeadLetters::stock() {
    return database_.run([&](State& state) -> LetterStock {
        LetterStock stock;
        for (auto const& [id, letter] : state.dead_letters) {
            ++stock.letters;
            stock.bytes += letter->raw_bytes;
            if (stock.oldest == never || letter->received_at < stock.oldest) stock.oldest = letter->received_at;
        }
        return stock;
    });
}

}  // namespace recoup::memory
