// Webhook in to decision committed, on one machine: the real daemon in this process, a private durable Postgres, signed
// Shopify checkouts of about 2 KB over keep-alive connections.
//
//   bench_pipeline [seconds]
//
// Phase 1, open loop: 1,000 events a second; latency counts from the moment an event was due to be sent. Phase 2, closed
// loop over 64 connections: the rate that is sustained until everything is folded. CPU is told apart by process and, for
// the load generator, by thread.
#include "adapter/postgres/migrator.hpp"
#include "adapter/postgres/shop_store.hpp"
#include "adapter/postgres/track_store.hpp"
#include "app/config/all_keys.hpp"
#include "app/config/load.hpp"
#include "app/daemon/daemon.hpp"
#include "app/dev/dev_shop.hpp"
#include "app/dev/private_postgres.hpp"

#include "recoup/base/digest.hpp"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <sstream>
#include <thread>
#include <vector>

namespace {

using namespace recoup;
using Ticks = std::chrono::steady_clock;

double process_seconds(pid_t pid) {
    std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
    std::string line;
    std::getline(file, line);
    std::istringstream fields(line.substr(line.rfind(')') + 2));
    std::string skip;
    for (int i = 0; i < 11; ++i) fields >> skip;
    double user = 0, system = 0;
    fields >> user >> system;
    return (user + system) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

/// The postmaster and its children.
double postgres_seconds(pid_t postmaster) {
    double sum = process_seconds(postmaster);
    std::ifstream children("/proc/" + std::to_string(postmaster) + "/task/" + std::to_string(postmaster) + "/children");
    for (pid_t child = 0; children >> child;) sum += process_seconds(child);
    return sum;
}

double thread_seconds() {
    timespec spent{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &spent);
    return static_cast<double>(spent.tv_sec) + static_cast<double>(spent.tv_nsec) / 1e9;
}

std::string checkout_body(int number, Instant now) {
    auto const n = std::to_string(number);
    std::string body = R"({"token":"bench-checkout-)" + n + R"(","cart_token":"bench-cart-)" + n + R"(","email":"shopper)" + n +
                       R"(@example.com","phone":null,"buyer_accepts_marketing":true,"created_at":")" + to_rfc3339(now) +
                       R"(","updated_at":")" + to_rfc3339(now) + R"(","currency":"USD","presentment_currency":"USD",)" +
                       R"("total_price":"89.00","subtotal_price":"89.00","gateway":null,"line_items":[)";
    for (int line = 0; line < 5; ++line)
        body += (line == 0 ? "" : ",") + std::string(R"({"key":"k","variant_id":4132714260081)") + std::to_string(line) +
                R"(,"product_id":7234590408817,"title":"Hydrogen Board","variant_title":"158cm","vendor":"Acme","sku":"HB-158",)"
                R"("quantity":1,"price":"17.80","line_price":"17.80","grams":200,"gift_card":false,"requires_shipping":true,)"
                R"("taxable":true,"properties":{},"applied_discounts":[],"discount_allocations":[],"tax_lines":[]})";
    return body + R"(],"customer":{"id":)" + std::to_string(1'000'000 + number) + R"(,"first_name":"Jane","last_name":"Doe"}})";
}

struct Target {
    std::string host;
    int port = 0;
    std::string secret, domain;
};

std::string request(Target const& target, int number, Instant now) {
    auto const body = checkout_body(number, now);
    return "POST /webhooks/demo/shopify HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\nX-Shopify-Topic: "
           "checkouts/update\r\nX-Shopify-Webhook-Id: bench-" + std::to_string(number) + "\r\nX-Shopify-Shop-Domain: " +
           target.domain + "\r\nX-Shopify-Hmac-Sha256: " + to_base64(hmac_sha256(as_bytes(target.secret), body)) +
           "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

class Client {
public:
    explicit Client(Target const& target) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(static_cast<std::uint16_t>(target.port));
        inet_pton(AF_INET, target.host.c_str(), &address.sin_addr);
        int const one = 1;
        setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        connected_ = ::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
    }
    ~Client() { ::close(socket_); }
    Client(Client const&) = delete;
    Client& operator=(Client const&) = delete;

    bool post(std::string const& bytes) {
        if (!connected_ || ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(bytes.size()))
            return false;
        std::string answer;
        char buffer[2048];
        for (;;) {
            auto const size = ::recv(socket_, buffer, sizeof buffer, 0);
            if (size <= 0) return false;
            answer.append(buffer, static_cast<std::size_t>(size));
            auto const head = answer.find("\r\n\r\n");
            if (head == std::string::npos) continue;
            auto const at = answer.find("Content-Length: ");
            auto const length = at == std::string::npos || at > head ? 0 : std::stoul(answer.substr(at + 16));
            if (answer.size() >= head + 4 + length) return answer.compare(9, 1, "2") == 0;
        }
    }

private:
    int socket_;
    bool connected_ = false;
};

struct Load {
    std::vector<Ticks::time_point> due;        // by event, open loop: when it had to leave
    std::vector<double> answered_ms;
    double loader_cpu = 0;
    std::atomic<int> refused{0};
};

/// `connections` blocking clients share the events; rate 0 = as fast as answers come.
void run_load(Target const& target, int first, int count, int connections, double rate, Load& load) {
    load.due.assign(static_cast<std::size_t>(count), {});
    load.answered_ms.assign(static_cast<std::size_t>(count), 0);
    std::atomic<int> next{0};
    std::vector<double> cpu(static_cast<std::size_t>(connections));
    auto const start = Ticks::now() + std::chrono::milliseconds{50};
    SystemClock const clock;
    std::vector<std::jthread> threads;
    for (int c = 0; c < connections; ++c)
        threads.emplace_back([&, c] {
            Client client(target);
            for (int i = next++; i < count; i = next++) {
                auto const index = static_cast<std::size_t>(i);
                auto const bytes = request(target, first + i, clock.now());
                auto due = Ticks::now();
                if (rate > 0) {
                    due = start + std::chrono::nanoseconds{static_cast<std::int64_t>(1e9 / rate * i)};
                    std::this_thread::sleep_until(due);
                }
                load.due[index] = due;
                if (!client.post(bytes)) ++load.refused;
                load.answered_ms[index] = std::chrono::duration<double, std::milli>(Ticks::now() - due).count();
            }
            cpu[static_cast<std::size_t>(c)] = thread_seconds();
        });
    threads.clear();
    for (double const spent : cpu) load.loader_cpu += spent;
}

/// Notes when each offset became folded: the log has one partition and offsets follow the order of arrival.
class Watcher {
public:
    Watcher(std::string const& database, std::int64_t first) : pool_({database, "bench"}, 1), store_(pool_), first_(first) {}

    void until(std::int64_t last) {
        for (std::int64_t seen = first_; seen < last;) {
            auto const positions = store_.positions("postgres");
            auto const at = Ticks::now();
            if (positions && positions->contains(0))
                for (; seen < positions->at(0) && seen < last; ++seen) folded.push_back(at);
            std::this_thread::sleep_for(std::chrono::milliseconds{4});
        }
    }

    std::vector<Ticks::time_point> folded;

private:
    postgres::Pool pool_;
    postgres::PostgresTrackStore store_;
    std::int64_t first_;
};

double quantile(std::vector<double> values, double q) {
    if (values.empty()) return 0;
    auto const index = std::min(values.size() - 1, static_cast<std::size_t>(q * static_cast<double>(values.size())));
    std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(index), values.end());
    return values[index];
}

struct Phase {
    char const* name;
    int first, count, connections;
    double rate;
};

void measure(Phase const& phase, Target const& target, std::string const& database, pid_t postmaster) {
    auto const own = process_seconds(getpid()), pg = postgres_seconds(postmaster);
    auto const began = Ticks::now();
    Watcher watcher(database, phase.first);
    Load load;
    double watcher_cpu = 0;
    std::jthread watch([&] {
        watcher.until(phase.first + phase.count);
        watcher_cpu = thread_seconds();
    });
    run_load(target, phase.first, phase.count, phase.connections, phase.rate, load);
    watch.join();
    double const seconds = std::chrono::duration<double>(watcher.folded.back() - began).count();
    std::sort(load.due.begin(), load.due.end());
    std::vector<double> committed;
    for (std::size_t i = 0; i < load.due.size(); ++i)
        committed.push_back(std::chrono::duration<double, std::milli>(watcher.folded[i] - load.due[i]).count());
    double const events = phase.count;
    double const daemon = process_seconds(getpid()) - own - load.loader_cpu - watcher_cpu;
    std::printf("%-22s %8.0f events/s   refused %d\n", phase.name, events / seconds, load.refused.load());
    std::printf("  webhook to 2xx       p50 %6.1f ms   p99 %6.1f ms\n", quantile(load.answered_ms, 0.5), quantile(load.answered_ms, 0.99));
    std::printf("  webhook to decision  p50 %6.1f ms   p99 %6.1f ms\n", quantile(committed, 0.5), quantile(committed, 0.99));
    std::printf("  CPU per event        daemon %5.0f us   Postgres %5.0f us   load generator %4.0f us\n", daemon / events * 1e6,
                (postgres_seconds(postmaster) - pg) / events * 1e6, load.loader_cpu / events * 1e6);
}

template <class T>
T must(Result<T> result) {
    if (result) return std::move(*result);
    std::fprintf(stderr, "bench_pipeline: %s\n", result.error().message.c_str());
    std::exit(1);
}
void must(Result<void> const& result) {
    if (result) return;
    std::fprintf(stderr, "bench_pipeline: %s\n", result.error().message.c_str());
    std::exit(1);
}

}  // namespace

int main(int argc, char** argv) {
    int const seconds = argc > 1 ? std::max(1, std::atoi(argv[1])) : 15;
    auto const folder = std::filesystem::temp_directory_path() / ("recoup-bench-" + std::to_string(getpid()));
    std::filesystem::create_directories(folder);
    app::PrivatePostgres::Options options;
    options.data_dir = folder / "pg";
    auto cluster = must(app::PrivatePostgres::start(options));
    SystemClock clock;
    SystemRandom random;
    auto const database = cluster.connection_string();
    postgres::Connection session(postgres::ConnectionOptions{database, "bench"});
    must(postgres::migrate_up(session, clock.now()));
    postgres::Pool pool({database, "bench"}, 1);
    postgres::ShopStore shops(pool);
    auto const shop = must(app::dev_shop(shops, random, clock.now()));

    app::LoadOptions load;
    load.overrides = {"database.url=" + database, "public.address=127.0.0.1:0", "admin.address=127.0.0.1:0",
                      "admin.token=" + app::fresh_secret("bench", "token", random), "logging.level=warning"};
    app::DaemonOptions daemon_options;
    daemon_options.settings = must(app::load_settings(app::all_keys(), load));
    auto daemon = must(app::Daemon::make(std::move(daemon_options), clock, random));
    must(daemon->start());

    Target target;
    auto const address = daemon->public_address();
    target.host = address.substr(0, address.rfind(':'));
    target.port = std::stoi(address.substr(address.rfind(':') + 1));
    target.secret = shop.shopify_secret;
    target.domain = shop.domain;
    std::printf("body %zu bytes, %u cores, Postgres durable (fsync, synchronous_commit)\n",
                checkout_body(1000, clock.now()).size(), std::thread::hardware_concurrency());
    measure({"open loop, 1,000/s", 0, 1000 * seconds, 32, 1000}, target, database, cluster.pid());
    measure({"closed loop, 64 conns", 1000 * seconds, 1000 * seconds, 64, 0}, target, database, cluster.pid());
    daemon->stop(Millis{5000});
    daemon.reset();
    cluster.stop();
    std::filesystem::remove_all(folder);
    return 0;
}
