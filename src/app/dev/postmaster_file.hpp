#pragma once
// postmaster.pid: what a running (or killed) server left about itself in its data folder.

#include <filesystem>
#include <optional>
#include <string>
#include <sys/types.h>

namespace recoup::app {

/// Lines 1, 5 and 8 of the file (source: Postgres, src/include/utils/pidfile.h).
struct PostmasterFile {
    pid_t pid = 0;
    std::filesystem::path socket_dir;
    std::string status;               // "ready", "starting", "stopping"; empty while it is being written
};

/// nullopt when there is none or when it does not begin with a process id.
std::optional<PostmasterFile> read_postmaster_file(std::filesystem::path const& data_dir);

/// True when a process with this id runs and is a Postgres server: ids are reused after a reboot.
bool is_postgres_process(pid_t pid);

}  // namespace recoup::app
