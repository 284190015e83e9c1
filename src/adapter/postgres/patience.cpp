#include "adapter/postgres/patience.hpp"

#include <pthread.h>

namespace recoup::postgres {

Patience::Patience(std::chrono::milliseconds patience, Error late)
    : patience_(patience), late_(std::move(late)), thread_([this] { run(); }) {
    pthread_setname_np(thread_.native_handle(), "patience");
}

Patience::~Patience() {
    {
        std::lock_guard const lock(mutex_);
        ended_ = true;
    }
    changed_.notify_all();
    thread_.join();
}

void Patience::watch(Waiting one) {
    std::lock_guard const lock(mutex_);
    waiting_.push_back(std::move(one));
    if (waiting_.size() == 1) changed_.notify_one();
}

void Patience::run() {
    std::unique_lock lock(mutex_);
    while (!ended_) {
        while (!waiting_.empty() && waiting_.front().answered->test()) waiting_.pop_front();
        if (waiting_.empty()) {
            changed_.wait(lock, [&] { return ended_ || !waiting_.empty(); });
            continue;
        }
        if (changed_.wait_until(lock, waiting_.front().until, [&] { return ended_; })) return;
        auto const overdue = std::move(waiting_.front());
        waiting_.pop_front();
        lock.unlock();
        overdue.give_up();
        lock.lock();
    }
}

}  // namespace recoup::postgres
