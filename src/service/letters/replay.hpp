#pragma once
// Replay of a dead letter: its original bytes run through its source's parse again, as of the time they came, and what
// that yields goes onto the event log. They were authenticated when they came and are not asked for a signature again,
// so neither its age nor a secret that was rotated since stands in the way.

#include "recoup/base/clock.hpp"
#include "recoup/port/dead_letter_store.hpp"
#include "recoup/port/event_log.hpp"
#include "recoup/port/metrics.hpp"
#include "recoup/port/shop_directory.hpp"
#include "recoup/port/source.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace recoup::service {

struct ReplayOutcome {
    std::string id;
    bool usable = false;              // false: `reason` says why; the letter stays, with one attempt more
    bool dry_run = false;             // nothing was written
    std::string reason;
    std::vector<std::string> events;  // kinds of what it yields: "cart_changed", ...
};

/// Thread-safe as far as what it is given is. Blocks until the log has answered.
class Replayer {
public:
    struct Parts {
        DeadLetterStore* letters = nullptr;
        EventLog* log = nullptr;
        ShopDirectory const* shops = nullptr;
        std::vector<std::unique_ptr<Source>> const* sources = nullptr;
        Clock const* clock = nullptr;
        Metrics* metrics = nullptr;
        std::string public_url;
    };

    explicit Replayer(Parts parts) : parts_(std::move(parts)) {}

    /// Errc::not_found; Errc::too_large for a letter that was cut; what the log or the store answer. The letter is
    /// deleted once its events are durable: a crash in between leaves it, and a second replay changes nothing.
    Result<ReplayOutcome> replay(std::string_view id, bool dry_run);

private:
    /// Errc::invalid: it is as unusable as before.
    Result<std::vector<Event>> read(Letter const& letter) const;
    Result<std::vector<Event>> parse(Letter const& letter) const;
    Result<void> append(std::vector<Event> const& events);

    Parts parts_;
};

}  // namespace recoup::service
