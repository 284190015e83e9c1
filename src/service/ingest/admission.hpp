#pragma once
// Admission: how much may be in the house at once, for each shop and in all, and how fast a shop may go. Decided from the
// head of a request, before its body is read. Bytes count from then until the answer, or until the sender is gone.

#include "core/rate/token_bucket.hpp"
#include "recoup/base/time.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace recoup::service::ingest {

struct AdmissionLimits {
    core::Rate shop_events;        // of each shop; 0 = no limit
    std::size_t shop_bytes = 64 * 1024 * 1024;
    std::size_t bytes = 128 * 1024 * 1024;
};

struct House;      // what is held, by whom
struct ShopLoad;

enum class Refusal : unsigned char {
    shop_rate,    // the shop's events a second are used up
    shop_bytes,   // the shop has all it may have in flight
    share,        // the house fills up, and this shop holds more than what is still free
    full,         // the house is full
    crowded,      // the server is behind, and this shop holds more than an equal part of what is in flight, or all of it
};
std::string_view name(Refusal refusal);

/// Thread-safe; never blocks for long. A shop that fills the house is refused before others are: it may hold at most as
/// much as is still free (dynamic thresholds, Choudhury and Hahne 1998), so one greedy shop leaves half of the house to
/// others, two leave a third, and one that holds little always finds room.
class Admission {
public:
    struct Answer;

    /// What one request holds; given back when released or gone. May outlive the Admission.
    class Place {
    public:
        Place() = default;
        Place(Place&&) noexcept = default;
        Place& operator=(Place&& other) noexcept;
        ~Place() { release(); }

        /// As admit, for bytes that were not announced (a chunked body). Refused bytes are not held.
        std::optional<Refusal> grow(std::size_t bytes);
        /// Uses up the shop's rate by what the request turned out to hold; may go into debt. Only events of senders
        /// that proved who they are count: a stranger spends nobody's quota.
        void charge(double events, std::chrono::nanoseconds now);
        void release();

    private:
        friend class Admission;
        std::shared_ptr<House> house_;
        ShopLoad* shop_ = nullptr;
        std::size_t bytes_ = 0;
    };

    explicit Admission(AdmissionLimits limits);
    void set_limits(AdmissionLimits limits);

    /// `now` in ticks; `crowded` as in HttpRequest. Only for shops that exist: each is remembered.
    Answer admit(std::string_view shop_id, std::size_t bytes, std::chrono::nanoseconds now, bool crowded = false);
    /// Whether a crowd's request of this shop would be refused for that alone, so that it had better wait for its turn.
    bool yields(std::string_view shop_id, std::chrono::nanoseconds now) const;
    std::size_t bytes_in_flight() const;

private:
    std::shared_ptr<House> house_;
};

struct Admission::Answer {
    std::optional<Refusal> refused;   // else `place` is held
    std::int64_t retry_seconds = 0;   // when refused
    Place place;
};

}  // namespace recoup::service::ingest
