#include "app/dev/child_process.hpp"

#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <grp.h>
#include <pwd.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace recoup::app {
namespace {

constexpr std::chrono::milliseconds poll_interval{10};

/// Between fork and exec only async-signal-safe calls are allowed; everything is prepared before.
[[noreturn]] void become(ChildCommand const& command, char* const* argv, char* const* environment, int log_fd) {
    setsid();
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
    for (int signal_number : {SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGCHLD, SIGQUIT}) signal(signal_number, SIG_DFL);
    int const null_fd = open("/dev/null", O_RDONLY);
    dup2(null_fd, STDIN_FILENO);
    dup2(log_fd, STDOUT_FILENO);
    dup2(log_fd, STDERR_FILENO);
    if (command.user) {
        bool const dropped = setgroups(0, nullptr) == 0 && setgid(command.user->gid) == 0 &&
                             setuid(command.user->uid) == 0;
        if (!dropped) _exit(126);
    }
    if (chdir("/") != 0) _exit(126);
    execve(argv[0], argv, environment);
    _exit(127);
}

}  // namespace

std::optional<SystemUser> unprivileged_user() {
    if (geteuid() != 0) return std::nullopt;
    for (char const* name : {"postgres", "nobody"}) {
        if (passwd const* entry = getpwnam(name)) return SystemUser{name, entry->pw_uid, entry->pw_gid};
    }
    return SystemUser{"nobody", 65534, 65534};
}

Result<pid_t> start_child(ChildCommand const& command) {
    std::vector<char*> argv;
    for (auto const& argument : command.argv) argv.push_back(const_cast<char*>(argument.c_str()));
    argv.push_back(nullptr);
    char path[] = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    char locale[] = "LC_ALL=C";
    char zone[] = "TZ=UTC";
    char* const environment[] = {path, locale, zone, nullptr};

    int const log_fd = open(command.log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (log_fd < 0) return error(Errc::configuration, "cannot write " + command.log.string() + ": " + strerror(errno));
    pid_t const pid = fork();
    if (pid == 0) become(command, argv.data(), environment, log_fd);
    int const fork_errno = errno;
    close(log_fd);
    if (pid < 0) return error(Errc::unavailable, std::string("cannot start a process: ") + strerror(fork_errno));
    return pid;
}

std::optional<int> wait_child(pid_t pid, std::chrono::milliseconds limit) {
    auto const deadline = std::chrono::steady_clock::now() + limit;
    for (;;) {
        int status = 0;
        pid_t const answer = waitpid(pid, &status, WNOHANG);
        if (answer == pid) return status;
        if (answer < 0 && errno != EINTR) return 0;  // not ours or reaped already
        if (std::chrono::steady_clock::now() >= deadline) return std::nullopt;
        std::this_thread::sleep_for(poll_interval);
    }
}

Result<void> run_child(ChildCommand const& command, std::chrono::milliseconds limit) {
    auto const pid = start_child(command);
    if (!pid) return pid.error();
    auto const status = wait_child(*pid, limit);
    if (!status) {
        kill(*pid, SIGKILL);
        wait_child(*pid, std::chrono::seconds(5));
        return error(Errc::unavailable, command.argv[0] + " did not finish in time; see " + command.log.string());
    }
    if (!WIFEXITED(*status) || WEXITSTATUS(*status) != 0)
        return error(Errc::internal, command.argv[0] + " failed; see " + command.log.string());
    return {};
}

bool is_running(pid_t pid) {
    std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
    std::string text;
    if (!std::getline(file, text)) return false;
    auto const name_end = text.rfind(')');  // "12 (name) S ..."; the name may hold anything
    return name_end != std::string::npos && name_end + 2 < text.size() && text[name_end + 2] != 'Z';
}

bool wait_gone(pid_t pid, std::chrono::milliseconds limit) {
    auto const deadline = std::chrono::steady_clock::now() + limit;
    for (;;) {
        waitpid(pid, nullptr, WNOHANG);  // a child of ours would stay as a zombie
        if (!is_running(pid)) return true;
        if (std::chrono::steady_clock::now() >= deadline) return false;
        std::this_thread::sleep_for(poll_interval);
    }
}

}  // namespace recoup::app
