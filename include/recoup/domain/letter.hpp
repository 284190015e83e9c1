#pragma once
// Dead letter: something authentic that could not be used, kept with its original bytes until it is replayed, dropped
// or past its retention.

#include "recoup/base/time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace recoup {

enum class LetterKind : unsigned char {
    unusable,     // its source understood it but missed something that its topic needs
    unreadable,   // a record of the event log that cannot be decoded
    poison,       // an event whose folding failed or ended the process again and again
};
std::string_view name(LetterKind kind);
std::optional<LetterKind> letter_kind(std::string_view text);

/// What `raw` is: the body of the sender's request, or the value of a record of the event log.
enum class LetterForm : unsigned char { body, record };
std::string_view name(LetterForm form);
std::optional<LetterForm> letter_form(std::string_view text);

/// Why a letter is gone; kept with its id for a year, without its bytes.
enum class LetterEnd : unsigned char { dropped, replayed, expired, crowded_out };
std::string_view name(LetterEnd end);

struct Letter {
    std::string id;                   // "dl_...", stable: the same bytes kept twice are one letter
    std::string shop_id;              // empty = not known
    std::string event_id;             // of the event on the log, or its place there
    std::string source, topic;        // empty = not known
    LetterKind kind = LetterKind::unusable;
    LetterForm form = LetterForm::body;
    std::string reason;               // for people, no personal data
    std::string content_type;
    std::string call;                 // rest of the sender's path behind the source
    std::vector<std::pair<std::string, std::string>> headers;   // allow-listed, see core/letter
    std::string record_key;           // form record
    std::string raw;                  // the original bytes; empty in lists
    std::int64_t raw_bytes = 0;       // their number before any cut
    bool cut = false;                 // too large to be kept whole: it cannot be replayed
    std::vector<std::string> key_hashes;   // key_hash of everybody named in it, for erasure
    Instant received_at{};
    int attempts = 1;                 // the first included
    Instant tried_at{};               // of the last replay; never = none yet
};

}  // namespace recoup
