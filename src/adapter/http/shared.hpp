#pragma once
// What all lanes of one server share. Lives until the last connection is gone.

#include "adapter/http/router.hpp"
#include "adapter/http/settings.hpp"
#include "recoup/base/digest.hpp"

#include <boost/asio/thread_pool.hpp>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <optional>

namespace recoup::http {

struct Shared {
    Shared(std::vector<Route> routes, ServerSettings chosen)
        : settings(std::move(chosen)), router(std::move(routes)), admin_digest(sha256(settings.admin_token)) {}

    ServerSettings const settings;
    Router const router;
    Sha256 const admin_digest;
    std::optional<boost::asio::thread_pool> workers;  // its queue is bounded by the cap on connections
    std::atomic<bool> draining{false};

    /// False at the cap.
    bool enter() {
        std::lock_guard const lock(mutex);
        if (open == settings.connections) return false;
        ++open;
        return true;
    }
    void leave() {
        std::lock_guard const lock(mutex);
        if (--open == 0) empty.notify_all();
    }

    std::mutex mutex;
    std::condition_variable empty;
    std::size_t open = 0;  // connections, under mutex
};

}  // namespace recoup::http
