#include "app/daemon/state_file.hpp"

#include "core/codec/json_fields.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <fstream>
#include <sstream>

namespace recoup::app {
namespace {
std::filesystem::path path_in(std::filesystem::path const& data_dir) { return data_dir / "daemon.json"; }
}  // namespace

Result<void> write_state(std::filesystem::path const& data_dir, DaemonState const& state) {
    auto const path = path_in(data_dir), fresh = data_dir / "daemon.json.new";
    auto const text = core::to_json_text(state) + "\n";
    int const file = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    bool const written = file >= 0 && ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size());
    if (file >= 0) ::close(file);
    std::error_code failure;
    if (written) std::filesystem::rename(fresh, path, failure);
    if (!written || failure) return error(Errc::configuration, "cannot write " + path.string() + "; choose another --data");
    return {};
}

Result<DaemonState> read_state(std::filesystem::path const& data_dir) {
    std::ifstream file(path_in(data_dir));
    std::stringstream text;
    if (file) text << file.rdbuf();
    auto state = core::from_json_text<DaemonState>(text.str());
    if (state.admin_url.empty())
        return error(Errc::not_found, "no daemon is running on " + data_dir.string() +
                                          "; start one with `recoup dev`, or name it with --data or --admin-url and --admin-token");
    return state;
}

void remove_state(std::filesystem::path const& data_dir) {
    std::error_code ignored;
    std::filesystem::remove(path_in(data_dir), ignored);
}

}  // namespace recoup::app
