#include "app/dev/postmaster_file.hpp"

#include "app/dev/child_process.hpp"

#include <array>
#include <charconv>
#include <fstream>

namespace recoup::app {

std::optional<PostmasterFile> read_postmaster_file(std::filesystem::path const& data_dir) {
    std::ifstream file(data_dir / "postmaster.pid");
    std::array<std::string, 8> lines;
    for (auto& line : lines) {
        if (!std::getline(file, line)) break;
        line.erase(line.find_last_not_of(' ') + 1);
    }
    PostmasterFile found;
    auto const& first = lines[0];
    auto const [end, failure] = std::from_chars(first.data(), first.data() + first.size(), found.pid);
    if (failure != std::errc{} || end != first.data() + first.size() || found.pid <= 1) return std::nullopt;
    found.socket_dir = lines[4];
    found.status = lines[7];
    return found;
}

bool is_postgres_process(pid_t pid) {
    if (!is_running(pid)) return false;
    std::ifstream file("/proc/" + std::to_string(pid) + "/comm");
    std::string name;
    return std::getline(file, name) && name == "postgres";
}

}  // namespace recoup::app
