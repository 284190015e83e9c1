#pragma once
// Result<T>: an outcome that depends on the input or on the outside world. Things that should be impossible are
// asserted instead (see assert.hpp). Ports never throw; an adapter lets its library throw and translates once.

#include <boost/system/result.hpp>

#include <string>
#include <string_view>
#include <type_traits>

namespace recoup {

enum class Errc {
    invalid,        // the input is wrong; repeating it cannot help
    unauthorized,   // a signature or token did not verify
    forbidden,      // who asks is known and may not do this
    not_found,      // the named thing does not exist
    conflict,       // the thing exists already or changed meanwhile
    too_large,      // over a documented limit
    overloaded,     // a bound is reached; try again later
    unavailable,    // a dependency does not answer; try again later
    configuration,  // the operator must change something
    internal,       // a fault of ours
};

std::string_view name(Errc code);

/// What went wrong, for people: says what to do next, never holds a secret or personal data.
struct Error {
    Errc code = Errc::internal;
    std::string message;
};

template <class T>
using Result = boost::system::result<T, Error>;

template <class T>
inline constexpr bool is_result = false;
template <class T>
inline constexpr bool is_result<Result<T>> = true;
/// T when it is a Result already, else Result<T>: what a transaction around a function answers.
template <class T>
using AsResult = std::conditional_t<is_result<T>, T, Result<T>>;

inline Error error(Errc code, std::string message) { return Error{code, std::move(message)}; }

/// Result::value() on an error throws this; reached only after an unchecked access, so it ends the process.
[[noreturn]] void throw_exception_from_error(Error const& failure, boost::source_location const& where);

}  // namespace recoup
