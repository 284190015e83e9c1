#pragma once
// toml++ as every file here includes it: two settings in one program clash. It throws nothing, but has assertions that
// a document can break ("[!]"); with us these throw, and parse_toml turns them into a fault of the document.

#include <stdexcept>
#include <string_view>

namespace recoup::app {

struct TomlGaveUp final : std::logic_error {
    using std::logic_error::logic_error;
};
[[noreturn]] inline void toml_gives_up(char const* expectation) {
    throw TomlGaveUp(expectation);
}

}  // namespace recoup::app

#define TOML_EXCEPTIONS 0
#define TOML_ASSERT(expectation) (static_cast<bool>(expectation) ? void() : ::recoup::app::toml_gives_up(#expectation))
// Its tables of letters call the neighbours of a blank unreachable, so that every umlaut was undefined behaviour. What is
// asked of them is whether a letter is one of a kind, and the answer there is no.
#include <toml++/impl/forward_declarations.h>
#pragma push_macro("TOML_UNREACHABLE")
#undef TOML_UNREACHABLE
#define TOML_UNREACHABLE return false
#include <toml++/impl/unicode.h>
#pragma pop_macro("TOML_UNREACHABLE")
#include <toml++/toml.h>

namespace recoup::app {

/// toml::parse that always comes back, with the line of what is wrong.
toml::parse_result parse_toml(std::string_view document, std::string_view name = {});

}  // namespace recoup::app
