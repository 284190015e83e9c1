#pragma once
// A value that many hold and nobody changes in place: copies share it, and who wants it different gets one of its own.

#include <memory>
#include <utility>

namespace recoup {

/// Copies are for different threads as those of a shared_ptr are. Moved from, it is only good for being assigned to.
template <class T>
class Shared {
public:
    Shared() : value_(nothing()) {}
    Shared(T value) : value_(std::make_shared<T>(std::move(value))) {}   // NOLINT: a value is one that nobody else holds yet

    T const& operator*() const { return *value_; }
    T const* operator->() const { return value_.get(); }
    operator T const&() const { return *value_; }   // NOLINT: it is read as the value that it is

    /// For changes that nobody else sees.
    T& own() {
        if (value_.use_count() > 1) value_ = std::make_shared<T>(*value_);
        return *value_;
    }

private:
    static std::shared_ptr<T> const& nothing() {
        static auto const empty = std::make_shared<T>();
        return empty;
    }

    std::shared_ptr<T> value_;
};

}  // namespace recoup
