#include "core/letter/letter.hpp"

#include "core/codec/utf8.hpp"

#include "recoup/base/digest.hpp"
#include "recoup/base/limits.hpp"

#include <algorithm>
#include <array>

namespace recoup::core {
namespace {

constexpr std::string_view letter_mark = "~letter";

// What some source's parse reads. Anything else may hold a credential.
constexpr std::array<std::string_view, 5> kept_names{"content-type", "user-agent", "webhook-id", "webhook-timestamp",
                                                     "idempotency-key"};
constexpr std::array<std::string_view, 4> kept_families{"x-shopify-", "shopify-", "x-wc-webhook-", "ce-"};
constexpr std::array<std::string_view, 7> secret_words{"hmac",   "signature", "token", "secret",
                                                       "cookie", "auth",      "key-"};
constexpr std::size_t kept_value_bytes = 1024;

std::string lower(std::string_view text) {
    std::string out(text);
    for (char& c : out)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return out;
}

bool is_kept(std::string const& name) {
    for (auto const word : secret_words)
        if (name.find(word) != std::string::npos) return false;
    if (std::find(kept_names.begin(), kept_names.end(), name) != kept_names.end()) return true;
    return std::any_of(kept_families.begin(), kept_families.end(),
                       [&](auto family) { return name.starts_with(family); });
}

void finish(Letter& letter, std::vector<IdentityKey> const& keys) {
    letter.id = stable_id("dl", {letter.shop_id, letter.event_id});
    letter.key_hashes = names_in(letter.shop_id, letter.raw, keys);
    letter.raw_bytes = static_cast<std::int64_t>(letter.raw.size());
    letter.cut = letter.raw.size() > limits::letter_bytes;
    if (letter.cut) letter.raw.resize(limits::letter_bytes);
}

/// Keys begin with the shop (Event::log_key).
std::string shop_of_key(std::string_view key) {
    auto const slash = key.find('/');
    return slash == std::string_view::npos || slash > limits::id_bytes ? std::string{} : to_utf8(key.substr(0, slash));
}

Letter record_letter(LogPlace const& place) {
    Letter letter;
    letter.form = LetterForm::record;
    letter.content_type = "application/octet-stream";
    letter.record_key = place.record.key;
    letter.raw = place.record.value;
    return letter;
}

}  // namespace

std::string letter_event_id(std::string_view event_id) { return std::string(event_id) + std::string(letter_mark); }

std::string replayed_event_id(std::string_view letter_event_id) {
    if (letter_event_id.ends_with(letter_mark)) letter_event_id.remove_suffix(letter_mark.size());
    return std::string(letter_event_id);
}

std::vector<std::pair<std::string, std::string>> kept_headers(
    std::vector<std::pair<std::string, std::string>> const& headers) {
    std::vector<std::pair<std::string, std::string>> kept;
    for (auto const& [name, value] : headers)
        if (auto key = lower(name); is_kept(key))
            kept.emplace_back(std::move(key), to_utf8(value.substr(0, kept_value_bytes)));
    return kept;
}

Letter letter_of(Event const& event) {
    auto const& body = std::get<DeadLettered>(event.body);
    Letter letter;
    letter.shop_id = event.shop_id;
    letter.event_id = event.id;
    letter.source = event.source;
    letter.topic = event.topic;
    letter.reason = body.reason;
    letter.content_type = body.content_type;
    letter.call = body.call;
    letter.headers = body.headers;
    letter.raw = body.raw;
    letter.received_at = event.received_at;
    finish(letter, event.keys);
    return letter;
}

Letter unreadable_letter(LogPlace const& place, std::string_view why, Instant now) {
    auto letter = record_letter(place);
    letter.kind = LetterKind::unreadable;
    letter.shop_id = shop_of_key(place.record.key);
    letter.event_id = std::string(place.log) + "/" + std::to_string(place.record.partition) + "/" +
                      std::to_string(place.record.offset);
    letter.reason = why;
    letter.received_at = now;
    finish(letter, {});
    return letter;
}

Letter poison_letter(LogPlace const& place, Event const& event, int tries, Instant now) {
    auto letter = record_letter(place);
    letter.kind = LetterKind::poison;
    letter.shop_id = event.shop_id;
    letter.event_id = event.id;
    letter.source = event.source;
    letter.topic = event.topic;
    letter.reason = "its folding failed or ended the process " + std::to_string(tries) + " times";
    bool const believable = event.received_at >= instant_from_millis(0) && event.received_at <= now;
    letter.received_at = believable ? event.received_at : now;   // whatever made it poison must not reach further
    letter.attempts = tries;
    finish(letter, event.keys);
    return letter;
}

}  // namespace recoup::core
