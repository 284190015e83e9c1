#pragma once
// What Postgres is to the daemon, in memory: the tables and transactions over them, one at a time. For tests and
// simulations; nothing survives the process. Thread-safe; a transaction's body must not start another.

#include "adapter/memory/state.hpp"

#include "recoup/base/result.hpp"

#include <mutex>
#include <type_traits>

namespace recoup::memory {

class Database {
public:
    Database() : state_(journal_) {}
    Database(Database const&) = delete;
    Database& operator=(Database const&) = delete;

    /// The body may return T, void or Result<T>; an error or an exception takes every change back.
    template <class Body>
    auto run(Body&& body) -> AsResult<std::invoke_result_t<Body&, State&>> {
        using Answer = std::invoke_result_t<Body&, State&>;
        std::lock_guard const lock(mutex_);
        Transaction transaction{journal_};
        if constexpr (std::is_void_v<Answer>) {
            body(state_);
            journal_.keep();
            return {};
        } else {
            Answer answer = body(state_);
            if constexpr (is_result<Answer>) {
                if (!answer) return answer;
            }
            journal_.keep();
            return answer;
        }
    }

    /// For looking at while no transaction runs.
    State const& state() const { return state_; }

    /// Errc::conflict when the shop exists.
    Result<void> add_shop(Shop const& shop);
    /// Makes it the active one of its trigger and returns its version; the same as the active one changes nothing.
    int apply_sequence(std::string const& shop_id, Sequence sequence);

private:
    struct Transaction {
        Journal& journal;
        ~Transaction() { journal.roll_back(); }
    };

    std::mutex mutex_;
    Journal journal_;
    State state_;
};

}  // namespace recoup::memory
