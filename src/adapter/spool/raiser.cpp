#include "adapter/spool/raiser.hpp"

#include <pthread.h>
#include <spdlog/spdlog.h>

namespace recoup::spool {
namespace {

constexpr Millis between_tries{250};

}  // namespace

Raiser::Raiser(DetourBoard* board, std::string instance, Clock const& clock, Millis patience)
    : board_(board), instance_(std::move(instance)), clock_(clock), patience_(patience) {
    if (board_ == nullptr) return;
    thread_ = std::thread([this] { work_until_stopped(); });
    pthread_setname_np(thread_.native_handle(), "spool-board");
}

void Raiser::want(bool up) {
    {
        std::lock_guard const lock(mutex_);
        if (wanted_ == up) return;
        wanted_ = up;
        settled_ = board_ == nullptr || shown_ == up;   // called off before anybody looked: nothing is to be done
        raised_at_ = clock_.ticks();
    }
    changed_.notify_all();
}

void Raiser::settle() {
    std::unique_lock lock(mutex_);
    auto const left = raised_at_ + patience_ - clock_.ticks();
    if (left.count() > 0) changed_.wait_for(lock, left, [&] { return settled_ || stopping_; });
}

void Raiser::stop() {
    {
        std::lock_guard const lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable()) thread_.join();
}

void Raiser::work_until_stopped() {
    std::unique_lock lock(mutex_);
    for (;;) {
        changed_.wait(lock, [&] { return stopping_ || shown_ != wanted_; });
        bool const last = stopping_;
        if (shown_ != wanted_) {
            bool const up = wanted_;
            shown_.reset();   // while it is done nobody knows
            lock.unlock();
            bool const done = show(up);
            lock.lock();
            if (done) shown_ = up;   // else it may have happened all the same
            if (up == wanted_) settled_ = true;
            changed_.notify_all();
            if (!done && !last) changed_.wait_for(lock, between_tries, [&] { return stopping_ || wanted_ != up; });
        }
        if (last) return;
    }
}

bool Raiser::show(bool up) {
    auto const done = up ? board_->raise(instance_, clock_.now()) : board_->lower(instance_);
    if (!done) spdlog::debug("spool: the board is not {}: {}", up ? "raised" : "lowered", done.error().message);
    return done.has_value();
}

}  // namespace recoup::spool
