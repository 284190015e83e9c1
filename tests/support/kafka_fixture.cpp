#include "support/kafka_fixture.hpp"

#include "adapter/kafka/topic.hpp"
#include "app/dev/child_process.hpp"
#include "support/temporary_folder.hpp"

#include <arpa/inet.h>
#include <atomic>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

namespace recoup::test {
namespace {

[[noreturn]] void no_kafka(std::string const& reason) {
    std::fprintf(stderr, "tests need an Apache Kafka: %s\n", reason.c_str());
    std::exit(2);
}

/// A port that was free a moment ago.
int free_port() {
    int const fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    bool const bound = bind(fd, generic, length) == 0 && getsockname(fd, generic, &length) == 0;
    close(fd);
    if (!bound) no_kafka("no free port");
    return ntohs(address.sin_port);
}

class Broker {
public:
    Broker() {
        std::string const script = RECOUP_SOURCE_DIR "/scripts/lib/kafka";
        if (std::system((script + " install").c_str()) != 0) no_kafka("its jars cannot be fetched (maven, java)");
        for (int attempt = 1; attempt <= 3 && brokers_.empty(); ++attempt) start(script, attempt);
        if (brokers_.empty()) no_kafka("it does not start; see the output above");
    }
    Broker(Broker const&) = delete;
    Broker& operator=(Broker const&) = delete;
    ~Broker() { stop(); }

    std::string const& brokers() const { return brokers_; }

private:
    /// Another process may take the port between the look and the start, hence several attempts.
    void start(std::string const& script, int attempt) {
        auto const port = std::to_string(free_port());
        app::ChildCommand command;
        command.argv = {script, "start", folder_.path() / std::to_string(attempt), port, std::to_string(free_port())};
        command.log = folder_.path() / "kafka.log";
        auto const started = app::start_child(command);
        if (!started) no_kafka(started.error().message);
        pid_ = *started;
        kafka::ClientOptions options;
        options.brokers = "127.0.0.1:" + port;
        options.topic = "ready";
        options.settings["log_level"] = "2";  // connection refused while it starts is no news
        options.settings["reconnect.backoff.max.ms"] = "200";
        for (int second = 0; second < 60 && app::is_running(pid_); ++second) {
            if (kafka::ensure_topic(options, 1, 1, Millis(1'000))) {
                brokers_ = options.brokers;
                return;
            }
            if (app::wait_child(pid_, Millis(0))) break;
        }
        std::system(("tail -n 20 '" + command.log.string() + "' >&2").c_str());
        stop();
    }
    void stop() {
        if (pid_ == 0) return;
        kill(pid_, SIGKILL);
        app::wait_gone(pid_, Millis(5'000));
        pid_ = 0;
    }

    TemporaryFolder folder_;
    pid_t pid_ = 0;
    std::string brokers_;
};

}  // namespace

std::string const& kafka_brokers() {
    static Broker const broker;
    return broker.brokers();
}

kafka::ClientOptions fresh_kafka_topic(int partitions) {
    static std::atomic<int> topics = 0;
    kafka::ClientOptions options;
    options.brokers = kafka_brokers();
    options.topic = "recoup.events.test" + std::to_string(++topics);
    options.settings["topic.metadata.refresh.interval.ms"] = "1000";
    auto const made = kafka::ensure_topic(options, partitions, 1, Millis(10'000));
    if (!made) no_kafka(made.error().message);
    return options;
}

}  // namespace recoup::test
