#pragma once
// Order-insensitive values. State is a fold that ends equal for every order of arrival: a value keeps the newest
// version offered, by the source's own time, and breaks ties by things that do not depend on arrival.

#include "recoup/base/time.hpp"

#include <compare>
#include <cstdint>
#include <utility>

namespace recoup {

struct Version {
    Instant at{};            // the source's time of the change (updated_at)
    std::int64_t hint = 0;   // finer order when the source gives one (Triggered-At, milliseconds), else 0
    std::uint64_t tie = 0;   // stable_hash of the event id

    friend auto operator<=>(Version const&, Version const&) = default;

    template <class Self, class V>
    static void fields(Self& self, V&& v) {
        v("at", self.at);
        v("hint", self.hint);
        v("tie", self.tie);
    }
};

template <class T>
struct Versioned {
    T value{};
    Version version{};

    /// Known: some version was ever offered.
    bool known() const { return version != Version{}; }

    /// Takes the value when its version is newer; returns whether it did.
    bool offer(T candidate, Version const& candidate_version) {
        if (candidate_version <= version) return false;
        value = std::move(candidate);
        version = candidate_version;
        return true;
    }
    void merge(Versioned const& other) { offer(other.value, other.version); }

    friend bool operator==(Versioned const&, Versioned const&) = default;

    template <class Self, class V>
    static void fields(Self& self, V&& v) {
        v("value", self.value);
        v("version", self.version);
    }
};

}  // namespace recoup
