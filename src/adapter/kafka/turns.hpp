#pragma once
// Whose turn it is: which of the records that wait go to the brokers next.

#include <cstddef>
#include <cstdint>
#include <deque>
#include <vector>

namespace recoup::kafka {

struct Ticket;

/// Records wait in lanes, one for each partition. Some lanes at a time have their turn: those that have waited longest, each
/// with all that waits in it. The next turn comes when what went in this one is reported.
///
/// A broker is asked for each partition by a request of its own and does for a record about what it does for twenty, so
/// full requests are what counts. Of n senders that wait for their answers, n / lanes make a request when all lanes go at once;
/// in k turns it is 2k / (k + 1) times as many (what waits when a lane's turn comes has gathered over k turns, not
/// one), less what the client takes before a lane is handed over whole; and while one turn is on its way the senders of
/// the one before are served.
///
/// Order holds within a lane: it goes in the order in which it came, and no lane goes again before it is reported. So a
/// leader that is silent holds up what is meant for it, and others for once.
///
/// Not thread-safe.
class Turns {
public:
    /// Both at least one. `at_once` lanes have their turn together.
    Turns(std::size_t lanes, std::size_t at_once) : lanes_(lanes), at_once_(at_once) {}

    /// Its lane is set. Stays where it is until over().
    void add(Ticket& ticket);
    /// Lane by lane; empty when nothing may go. `impatient`: whatever of this turn is not reported yet.
    std::vector<Ticket*> next(bool impatient = false);
    /// A ticket that next() gave was reported.
    void over(Ticket const& ticket);
    /// The turn is not over.
    bool under_way() const { return in_flight_ > 0; }

private:
    struct Lane {
        std::vector<Ticket*> waiting;
        std::size_t in_flight = 0;
    };

    std::vector<Lane> lanes_;
    std::size_t const at_once_;
    std::deque<std::size_t> order_;   // lanes where something waits and nothing is in flight
    std::uint64_t turn_ = 0;
    std::size_t in_flight_ = 0;       // of this turn
};

}  // namespace recoup::kafka
