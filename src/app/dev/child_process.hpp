#pragma once
// Starting programs of others: own session, clean environment, output to a file, optionally as another user.

#include "recoup/base/result.hpp"

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace recoup::app {

struct SystemUser {
    std::string name;
    uid_t uid = 0;
    gid_t gid = 0;
};

/// The user that services started by root run as: `postgres` where it exists, else `nobody`; nullopt when we are not
/// root and keep our own user.
std::optional<SystemUser> unprivileged_user();

struct ChildCommand {
    std::vector<std::string> argv;          // argv[0] is an absolute path
    std::filesystem::path log;              // stdout and stderr are appended to it
    std::optional<SystemUser> user;         // drop to this one first
};

/// In a session of its own (the terminal's Ctrl-C does not reach it), with working folder "/", default signals and an
/// environment of PATH, LC_ALL=C and TZ=UTC only. It outlives us unless somebody ends it.
Result<pid_t> start_child(ChildCommand const& command);

/// Waits for a child of ours; nullopt when it still runs at the deadline. The answer is as waitpid gives it.
std::optional<int> wait_child(pid_t pid, std::chrono::milliseconds limit);

/// Runs to the end; an exit status other than 0 is Errc::internal that names the log.
Result<void> run_child(ChildCommand const& command, std::chrono::milliseconds limit);

/// False for a zombie too: one that nobody reaps has ended all the same.
bool is_running(pid_t pid);

/// Waits until no process with this id runs, child of ours or not; false at the deadline.
bool wait_gone(pid_t pid, std::chrono::milliseconds limit);

}  // namespace recoup::app
