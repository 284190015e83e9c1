#include "app/daemon/signals.hpp"

#include <csignal>

#include <unistd.h>

namespace recoup::app {
namespace {

sigset_t watched() {
    sigset_t set;
    sigemptyset(&set);
    for (int const signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&set, signal);
    return set;
}

}  // namespace

void block_signals() {
    auto const set = watched();
    pthread_sigmask(SIG_BLOCK, &set, nullptr);
    std::signal(SIGPIPE, SIG_IGN);
}

void wait_for_stop(std::function<void()> const& hang_up) {
    auto const set = watched();
    for (int signal = 0; sigwait(&set, &signal) == 0;) {
        if (signal != SIGHUP) break;
        hang_up();
    }
    sigset_t stop;
    sigemptyset(&stop);
    sigaddset(&stop, SIGTERM);
    sigaddset(&stop, SIGINT);
    pthread_sigmask(SIG_UNBLOCK, &stop, nullptr);
}

void request_stop() { ::kill(::getpid(), SIGTERM); }

}  // namespace recoup::app
