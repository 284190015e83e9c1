// libFuzzer's side of one target, chosen when this is compiled. `fuzz_<name> seeds FOLDER` writes what to begin from:
// FOLDER/seed-* and, beside it, FOLDER.dict.
#include "fuzz/support/target.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace recoup::fuzz {
namespace {

Target const& target() {
    auto const found = std::ranges::find(targets(), RECOUP_FUZZ_TARGET, &Target::name);
    if (found == targets().end()) {
        std::fprintf(stderr, "there is no target %s\n", RECOUP_FUZZ_TARGET);
        std::exit(2);
    }
    return *found;
}

std::string quoted(std::string const& word) {
    std::string out = "\"";
    for (unsigned char const c : word) {
        char escape[5];
        std::snprintf(escape, sizeof escape, "\\x%02X", c);
        out += escape;
    }
    return out + "\"\n";
}

void write_seeds(std::filesystem::path const& folder) {
    std::filesystem::create_directories(folder);
    int number = 0;
    for (auto const& seed : target().seeds())
        std::ofstream(folder / ("seed-" + std::to_string(number++)), std::ios::binary) << seed;
    std::ofstream dictionary(folder.string() + ".dict");
    for (auto const& word : target().words)
        if (!word.empty()) dictionary << quoted(word);
}

}  // namespace
}  // namespace recoup::fuzz

extern "C" int LLVMFuzzerInitialize(int* count, char*** arguments) {
    if (*count == 3 && std::string_view((*arguments)[1]) == "seeds") {
        recoup::fuzz::write_seeds((*arguments)[2]);
        std::_Exit(0);
    }
    return 0;
}

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    static auto const& target = recoup::fuzz::target();
    try {
        target.run({reinterpret_cast<char const*>(data), size});
    } catch (std::exception const& broken) {
        std::fprintf(stderr, "broken: %s\n", broken.what());
        std::abort();  // so that libFuzzer keeps the input
    }
    return 0;
}
