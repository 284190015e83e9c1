#pragma once
// A fuzz target: one function from any bytes to a verdict, with samples to begin from. libFuzzer (driver/) and the
// quick regression of `scripts/test` run the same ones.

#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace recoup::fuzz {

struct Target {
    std::string name;
    /// Inputs that reach deep, in the form that `run` reads.
    std::function<std::vector<std::string>()> seeds;
    /// Words that mutations may put in; for libFuzzer's dictionary.
    std::vector<std::string> words;
    /// Throws Broken when a promise is not kept; anything else it throws, or a crash, is a finding too.
    std::function<void(std::string_view input)> run;
};

class Broken : public std::logic_error {
public:
    using std::logic_error::logic_error;
};

inline void check(bool kept, std::string const& promise) {
    if (!kept) throw Broken(promise);
}

/// A literal with the NUL bytes in it.
template <std::size_t Size>
std::string bytes(char const (&literal)[Size]) {
    return {literal, Size - 1};
}

/// Every target that is linked in, by name.
std::vector<Target> const& targets();

/// One object of this type at namespace scope registers a target.
struct Registration {
    explicit Registration(Target target);
};

}  // namespace recoup::fuzz
