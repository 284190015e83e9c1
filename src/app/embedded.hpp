#pragma once
// Files of config/ that the binary carries (cmake/embed.cmake makes the tables).

#include <span>
#include <string_view>

namespace recoup::app {

struct EmbeddedFile {
    std::string_view name;    // without folder and extension
    std::string_view text;
};

std::span<EmbeddedFile const> embedded_templates();
std::span<EmbeddedFile const> embedded_sequences();
/// Packs of law (law_file.hpp).
std::span<EmbeddedFile const> embedded_law();
/// config/addresses.txt.
std::span<EmbeddedFile const> embedded_addresses();
/// The shipped model; empty in a binary that was built before one was trained.
std::span<EmbeddedFile const> embedded_models();

}  // namespace recoup::app
