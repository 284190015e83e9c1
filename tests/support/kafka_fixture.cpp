#include "support/kafka_fixture.hpp"

#include "adapter/kafka/topic.hpp"
#include "app/dev/child_process.hpp"
#include "support/temporary_folder.hpp"

#include <arpa/inet.h>
#include <atomic>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
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

/// What another listener than the plain one needs; `port` and `controller` are the broker's.
struct Security {
    std::function<std::string(std::string const& port, std::string const& controller)> properties;
    std::map<std::string, std::string> client;
};

class Broker {
public:
    explicit Broker(Security security = {}) : security_(std::move(security)) {
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
        auto const controller = std::to_string(free_port());
        command.argv = {script, "start", folder_.path() / std::to_string(attempt), port, controller};
        if (security_.properties) {
            auto const file = folder_.path() / (std::to_string(attempt) + ".properties");
            std::ofstream(file) << security_.properties(port, controller);
            command.argv.push_back(file);
        }
        command.log = folder_.path() / "kafka.log";
        auto const started = app::start_child(command);
        if (!started) no_kafka(started.error().message);
        pid_ = *started;
        kafka::ClientOptions options;
        options.brokers = "127.0.0.1:" + port;
        options.topic = "ready";
        options.settings = security_.client;
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

    Security const security_;
    TemporaryFolder folder_;
    pid_t pid_ = 0;
    std::string brokers_;
};

/// A certificate of its own authority, made once.
class Certificates {
public:
    Certificates() {
        auto const folder = folder_.path().string();
        std::string const quiet = " >/dev/null 2>&1";
        std::string const commands[] = {
            "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj '/CN=tests' -keyout " + folder + "/ca.key -out " +
                folder + "/ca.pem",
            "openssl req -newkey rsa:2048 -nodes -subj '/CN=127.0.0.1' -keyout " + folder + "/server.key -out " +
                folder + "/server.csr",
            "printf 'subjectAltName=IP:127.0.0.1,DNS:localhost' > " + folder + "/names",
            "openssl x509 -req -in " + folder + "/server.csr -CA " + folder + "/ca.pem -CAkey " + folder +
                "/ca.key -CAcreateserial -days 2 -extfile " + folder + "/names -out " + folder + "/server.crt",
            "cat " + folder + "/server.key " + folder + "/server.crt > " + folder + "/server.pem"};
        for (auto const& command : commands)
            if (std::system((command + (command.find('>') == std::string::npos ? quiet : "")).c_str()) != 0)
                no_kafka("openssl cannot make a certificate");
    }
    std::filesystem::path authority() const { return folder_.path() / "ca.pem"; }
    std::filesystem::path server() const { return folder_.path() / "server.pem"; }

private:
    TemporaryFolder folder_;
};

Security with_password(Certificates const& certificates) {
    Security security;
    security.properties = [&certificates](std::string const& port, std::string const& controller) {
        std::string const user =
            "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"recoup\" password=\"hush\" "
            "user_recoup=\"hush\";\n";
        return "listeners=SASL_SSL://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controller +
               "\nadvertised.listeners=SASL_SSL://127.0.0.1:" + port +
               "\nlistener.security.protocol.map=CONTROLLER:PLAINTEXT,SASL_SSL:SASL_SSL"
               "\ninter.broker.listener.name=SASL_SSL\nsasl.mechanism.inter.broker.protocol=PLAIN\nsasl.enabled."
               "mechanisms=PLAIN"
               "\nlistener.name.sasl_ssl.plain.sasl.jaas.config=" +
               user + "ssl.keystore.type=PEM\nssl.keystore.location=" + certificates.server().string() +
               "\nssl.truststore.type=PEM\nssl.truststore.location=" + certificates.authority().string() + "\n";
    };
    security.client = {{"security.protocol", "SASL_SSL"},
                       {"sasl.mechanism", "PLAIN"},
                       {"sasl.username", "recoup"},
                       {"sasl.password", "hush"},
                       {"ssl.ca.location", certificates.authority().string()}};
    return security;
}

}  // namespace

SecureKafka const& secure_kafka() {
    static Certificates const certificates;
    static Broker const broker(with_password(certificates));
    static SecureKafka const access{broker.brokers(), certificates.authority()};
    return access;
}

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
