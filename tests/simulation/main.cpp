// The suite, or with --seeds a longer run of it: recoup_simulation --seeds 1..1000 [--carts N] [--hours N] [--calm]
// [--break NAME]. Ends with 1 at the first seed that breaks an invariant, 2 when the command line is wrong.
#include "simulation/simulation.hpp"

#include <gtest/gtest.h>

#include <malloc.h>

#include <charconv>
#include <chrono>
#include <cstdio>
#include <span>

namespace recoup::simulation {
namespace {

struct Command {
    Options options;
    std::uint64_t first = 0, last = 0;
    bool keep_going = false;
};

template <class Number>
bool read(std::string_view text, Number& out) {
    auto const [end, failed] = std::from_chars(text.data(), text.data() + text.size(), out);
    return failed == std::errc{} && end == text.data() + text.size();
}

bool read_seeds(std::string_view text, Command& out) {
    auto const dots = text.find("..");
    if (dots == std::string_view::npos) return read(text, out.first) && read(text, out.last);
    return read(text.substr(0, dots), out.first) && read(text.substr(dots + 2), out.last) && out.first <= out.last;
}

std::optional<Command> parse(std::span<char*> arguments) {
    Command command;
    for (std::size_t i = 1; i < arguments.size(); ++i) {
        std::string_view const flag = arguments[i];
        if (flag == "--calm") command.options.calm = true;
        else if (flag == "--keep-going") command.keep_going = true;
        else if (i + 1 == arguments.size()) return std::nullopt;
        else if (flag == "--seeds" && read_seeds(arguments[i + 1], command)) ++i;
        else if (flag == "--carts" && read(arguments[i + 1], command.options.carts)) ++i;
        else if (flag == "--hours" && read(arguments[i + 1], command.options.hours)) ++i;
        else if (auto const broken = breakage_from(arguments[i + 1]); flag == "--break" && broken) {
            command.options.breakage = *broken;
            ++i;
        } else return std::nullopt;
    }
    return command;
}

int run_seeds(Command const& command) {
    mallopt(M_MXFAST, 0);   // millions of small rows: glibc would sweep its fast bins at every larger one that is freed
    std::uint64_t failed = 0, messages = 0, carts = 0;
    for (auto seed = command.first; seed <= command.last; ++seed) {
        auto options = command.options;
        options.seed = seed;
        auto const begun = std::chrono::steady_clock::now();
        auto const report = simulate(options);
        std::chrono::duration<double> const took = std::chrono::steady_clock::now() - begun;
        std::printf("seed %llu: %s, %.2f s\n", static_cast<unsigned long long>(seed), report.summary().c_str(), took.count());
        messages += report.effects;
        carts += static_cast<std::uint64_t>(options.carts);
        if (!report.violation) continue;
        std::printf("%s", report.failure().c_str());
        ++failed;
        if (!command.keep_going) break;
    }
    std::printf("%llu carts, %llu messages, %llu seeds broken\n", static_cast<unsigned long long>(carts),
                static_cast<unsigned long long>(messages), static_cast<unsigned long long>(failed));
    return failed == 0 ? 0 : 1;
}

}  // namespace
}  // namespace recoup::simulation

int main(int argc, char** argv) {
    std::span const arguments(argv, static_cast<std::size_t>(argc));
    bool const seeds = argc > 1 && std::string_view(arguments[1]).starts_with("--seeds");
    if (seeds) {
        auto const command = recoup::simulation::parse(arguments);
        if (command) return recoup::simulation::run_seeds(*command);
        std::fprintf(stderr, "usage: scripts/simulate --seeds A..B [--carts N] [--hours N] [--calm] [--break NAME] [--keep-going]\n");
        return 2;
    }
    testing::InitGoogleTest(&argc, argv);
    return RUN_ALL_TESTS();
}
