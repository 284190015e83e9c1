#include "app/daemon/loop.hpp"

#include <spdlog/spdlog.h>

#include <pthread.h>

#include <algorithm>

namespace recoup::app {
namespace {
constexpr Millis first_back_off{100}, longest_back_off{5000};
}

Loop::Loop(std::string name, Turn turn) : name_(std::move(name)), turn_(std::move(turn)) {}

void Loop::start() {
    thread_ = std::thread([this] { run(); });
    pthread_setname_np(thread_.native_handle(), name_.substr(0, 15).c_str());
}

void Loop::stop() {
    {
        std::lock_guard const lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable()) thread_.join();
}

void Loop::wake() {
    {
        std::lock_guard const lock(mutex_);
        woken_ = true;
    }
    changed_.notify_all();
}

void Loop::run() {
    Millis back_off = first_back_off;
    for (;;) {
        {
            std::lock_guard const lock(mutex_);
            if (stopping_) return;
            woken_ = false;
        }
        Millis pause{0};
        if (auto turn = turn_()) {
            pause = *turn;
            back_off = first_back_off;
        } else {
            // A conflict is another instance's right of way, not a fault.
            if (turn.error().code != Errc::conflict)
                spdlog::warn("{}: {}; trying again in {}", name_, turn.error().message, to_duration_text(back_off));
            pause = back_off;
            back_off = std::min(back_off * 2, longest_back_off);
        }
        std::unique_lock lock(mutex_);
        changed_.wait_for(lock, pause, [&] { return stopping_ || woken_; });
    }
}

}  // namespace recoup::app
