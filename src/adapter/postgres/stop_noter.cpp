#include "adapter/postgres/stop_noter.hpp"

#include "adapter/postgres/log_stop.hpp"

#include <pthread.h>
#include <spdlog/spdlog.h>

#include <algorithm>

namespace recoup::postgres {
namespace {

constexpr Millis note_patience{1'000};   // senders of webhooks wait no longer

ConnectionOptions hasty(ConnectionOptions options) {
    options.statement_timeout = options.lock_timeout = note_patience;
    return options;
}

}  // namespace

StopNoter::StopNoter(ConnectionOptions options, std::string log_name)
    : connection_(hasty(std::move(options))), log_name_(std::move(log_name)), thread_([this] { run_until_closed(); }) {
    pthread_setname_np(thread_.native_handle(), "stop-noter");
}

void StopNoter::note(std::vector<NotedStops> places, std::function<void()> done) {
    {
        std::lock_guard const lock(mutex_);
        if (!closed_) {
            waiting_.push_back({std::move(places), std::move(done)});
            changed_.notify_one();
            return;
        }
    }
    done();
}

void StopNoter::close() {
    {
        std::lock_guard const lock(mutex_);
        closed_ = true;
    }
    changed_.notify_one();
    std::call_once(closing_, [&] { thread_.join(); });
}

void StopNoter::run_until_closed() {
    for (;;) {
        std::deque<Waiting> batch;
        {
            std::unique_lock lock(mutex_);
            changed_.wait(lock, [&] { return closed_ || !waiting_.empty(); });
            batch.swap(waiting_);
            if (batch.empty()) return;
        }
        write(batch);
        for (auto const& waiting : batch) waiting.done();
    }
}

void StopNoter::write(std::deque<Waiting> const& batch) {
    std::vector<std::int64_t> all;
    for (auto const& waiting : batch)
        for (auto const& place : waiting.places) all.insert(all.end(), place.hashes.begin(), place.hashes.end());
    std::sort(all.begin(), all.end());
    all.erase(std::unique(all.begin(), all.end()), all.end());
    auto const noted = run(connection_, [&](pqxx::work& tx) {
        lock_stops(tx, all);
        for (auto const& waiting : batch)
            for (auto const& place : waiting.places) note_unfolded_stops(tx, log_name_, place);
    });
    if (!noted)
        spdlog::warn("component=log msg=\"a stop could not be noted, a claim may overtake it\" cause=\"{}\"",
                     noted.error().message);
}

}  // namespace recoup::postgres
