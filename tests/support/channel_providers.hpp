#pragma once
// Providers on loopback that answer as told: one for each channel adapter of the contract suite.

#include "adapter/channel/list.hpp"

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace recoup::testing_channel {

/// Accepts on 127.0.0.1 and hands every connection to `serve` on a thread of its own. Ends all of them when destroyed.
class LoopbackServer {
public:
    explicit LoopbackServer(std::function<void(int socket)> serve);
    ~LoopbackServer();
    int port() const { return port_; }

private:
    void accept_all();

    std::function<void(int)> serve_;
    int listener_ = -1, port_ = 0;
    std::mutex mutex_;
    std::vector<int> sockets_;
    std::vector<std::thread> threads_;
    std::thread acceptor_;
};

enum class Behaviour { accept, busy, refuse_recipient, refuse_us, cut_after_request };

/// What an adapter talks to in the suite.
class Provider {
public:
    virtual ~Provider() = default;
    virtual Channel channel() const = 0;
    /// Settings that lead the adapter to this provider, over the defaults of its keys.
    virtual void configure(Settings& settings) const = 0;
    /// Settings that lead nowhere: nothing listens there.
    virtual void configure_unreachable(Settings& settings) const = 0;
    void behave(Behaviour behaviour) { behaviour_ = behaviour; }
    /// Requests or mails that arrived completely.
    std::vector<std::string> received() const;
    /// False for what sends nothing, so that failures cannot happen.
    virtual bool remote() const { return true; }

protected:
    void keep(std::string request);
    std::atomic<Behaviour> behaviour_{Behaviour::accept};

private:
    mutable std::mutex mutex_;
    std::vector<std::string> received_;
};

/// nullptr for an adapter without a provider here, which the suite reports.
std::unique_ptr<Provider> make_provider(std::string_view adapter);

/// The defaults of every channel key.
Settings default_settings();
void set_text(Settings& settings, std::string_view name, std::string text);

}  // namespace recoup::testing_channel
