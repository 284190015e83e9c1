#include "app/dev/private_postgres.hpp"

#include "app/dev/postmaster_file.hpp"

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <pqxx/pqxx>
#include <sys/file.h>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>
#include <utility>

namespace recoup::app {
namespace {

namespace fs = std::filesystem;
using std::chrono::seconds;

constexpr char socket_prefix[] = "/tmp/recoup-pg-";   // short: a socket's path has at most 107 bytes
constexpr char superuser[] = "recoup";

Error failed(std::string const& what, fs::path const& path) {
    return error(Errc::configuration, "cannot " + what + " " + path.string() + ": " + strerror(errno));
}

/// The server opens its files by absolute path, so every folder above must let it through.
Result<void> let_through(fs::path const& folder) {
    for (auto parent = folder; parent.has_relative_path(); parent = parent.parent_path()) {
        struct stat info {};
        if (stat(parent.c_str(), &info) != 0) return failed("look at", parent);
        if ((info.st_mode & S_IXOTH) == 0 && chmod(parent.c_str(), (info.st_mode & 07777) | S_IXOTH) != 0)
            return failed("open the way to", parent);
    }
    return {};
}

Result<void> give_to(SystemUser const& user, fs::path const& folder) {
    struct stat info {};
    if (stat(folder.c_str(), &info) != 0) return failed("look at", folder);
    if (info.st_uid == user.uid) return {};
    std::error_code failure;
    for (auto const& entry : fs::recursive_directory_iterator(folder, failure)) {
        if (lchown(entry.path().c_str(), user.uid, user.gid) != 0) return failed("change the owner of", entry.path());
    }
    if (failure || lchown(folder.c_str(), user.uid, user.gid) != 0) return failed("change the owner of", folder);
    return {};
}

void remove_socket_dir(fs::path const& folder) {
    std::error_code ignored;
    if (folder.native().starts_with(socket_prefix)) fs::remove_all(folder, ignored);
}

std::string conninfo(fs::path const& socket_dir, std::string const& database) {
    return "host=" + socket_dir.string() + " user=" + superuser + " dbname=" + database + " connect_timeout=5";
}

bool answers(fs::path const& socket_dir, fs::path const& data_dir) {
    try {
        pqxx::connection connection(conninfo(socket_dir, "postgres"));
        pqxx::nontransaction transaction(connection);
        auto const served = transaction.exec1("show data_directory")[0].as<std::string>();
        return fs::path(served) == data_dir;
    } catch (std::exception const&) {
        return false;  // starting, recovering or gone; the caller decides by process and deadline
    }
}

}  // namespace

Result<fs::path> find_postgres_binaries() {
    fs::path newest;
    int newest_version = 0;
    std::error_code failure;
    for (auto const& entry : fs::directory_iterator("/usr/lib/postgresql", failure)) {
        int const version = std::atoi(entry.path().filename().c_str());
        auto const binaries = entry.path() / "bin";
        if (version <= newest_version || !fs::exists(binaries / "initdb", failure)) continue;
        newest_version = version;
        newest = binaries;
    }
    if (newest_version == 0)
        return error(Errc::configuration, "no Postgres server is installed; run: apt-get install postgresql");
    return newest;
}

struct PrivatePostgres::Cluster {
    Options options;
    fs::path data_dir, binaries, socket_dir;
    std::optional<SystemUser> user;
    int lock_fd = -1;
    pid_t pid = 0;
    bool adopted = false;

    Cluster() = default;
    Cluster(Cluster const&) = delete;
    Cluster& operator=(Cluster const&) = delete;
    ~Cluster() {
        stop();
        if (lock_fd >= 0) close(lock_fd);
    }

    Result<void> prepare_folder();
    Result<void> lock();
    Result<void> make_cluster();
    Result<bool> adopt();
    Result<void> launch();
    Result<void> wait_ready();
    Result<void> make_database();
    void stop();
};

Result<void> PrivatePostgres::Cluster::prepare_folder() {
    std::error_code failure;
    auto const absolute = fs::absolute(options.data_dir, failure).lexically_normal();
    auto const parent = absolute.parent_path();
    fs::create_directories(parent, failure);
    data_dir = fs::canonical(parent, failure) / absolute.filename();
    if (failure)
        return error(Errc::configuration, "cannot make the folder " + parent.string() + ": " + failure.message());
    user = unprivileged_user();
    return user ? let_through(data_dir.parent_path()) : Result<void>{};
}

Result<void> PrivatePostgres::Cluster::lock() {
    auto const path = data_dir.string() + ".lock";
    lock_fd = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (lock_fd < 0) return failed("open", path);
    if (flock(lock_fd, LOCK_EX | LOCK_NB) != 0)
        return error(Errc::conflict, "another recoup uses " + data_dir.string() + "; stop it or choose another folder");
    return {};
}

/// Made beside and renamed, so that a cluster is whole or absent, also after a kill in the middle.
Result<void> PrivatePostgres::Cluster::make_cluster() {
    if (fs::exists(data_dir / "PG_VERSION")) return user ? give_to(*user, data_dir) : Result<void>{};
    std::error_code failure;
    fs::path const unfinished = data_dir.string() + ".new";
    fs::remove_all(unfinished, failure);
    if (!fs::create_directory(unfinished, failure)) return failed("make", unfinished);
    fs::permissions(unfinished, fs::perms::owner_all, failure);
    if (user) {
        if (auto given = give_to(*user, unfinished); !given) return given;
    }
    ChildCommand initdb;
    initdb.argv = {binaries / "initdb", "-D", unfinished, "-U", superuser, "-E", "UTF8", "--locale=C", "-A", "trust",
                   "--no-instructions"};
    if (!options.durable) initdb.argv.push_back("--no-sync");
    initdb.log = data_dir.string() + ".initdb.log";
    initdb.user = user;
    if (auto made = run_child(initdb, seconds(120)); !made) return made;
    fs::rename(unfinished, data_dir, failure);
    if (failure) return error(Errc::configuration, "cannot make " + data_dir.string() + ": " + failure.message());
    fs::remove(initdb.log, failure);
    return {};
}

/// True when a predecessor's server runs and answers; false after removing what a dead one left.
Result<bool> PrivatePostgres::Cluster::adopt() {
    auto const deadline = std::chrono::steady_clock::now() + options.start_timeout;
    while (auto const found = read_postmaster_file(data_dir)) {
        bool const runs = is_postgres_process(found->pid);
        if (runs && answers(found->socket_dir, data_dir)) {
            pid = found->pid;
            socket_dir = found->socket_dir;
            adopted = true;
            return true;
        }
        if (!runs) {
            std::error_code ignored;
            fs::remove(data_dir / "postmaster.pid", ignored);
            remove_socket_dir(found->socket_dir);
            return false;
        }
        if (std::chrono::steady_clock::now() > deadline)
            return error(Errc::unavailable, "a Postgres of an earlier run does not answer; end process " +
                                                std::to_string(found->pid) + " and try again");
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    return false;
}

Result<void> PrivatePostgres::Cluster::launch() {
    std::string name(socket_prefix);
    name.append("XXXXXX");
    if (mkdtemp(name.data()) == nullptr) return failed("make", name);
    socket_dir = name;
    if (user && chown(name.c_str(), user->uid, user->gid) != 0) return failed("change the owner of", name);
    ChildCommand server;
    server.argv = {binaries / "postgres", "-D", data_dir};
    std::vector<std::string> const settings = {
        "listen_addresses=",     "unix_socket_directories=" + name, "unix_socket_permissions=0700",
        "shared_buffers=128MB",  "jit=off",                         "synchronous_commit=on",
        "max_connections=100",   "timezone=UTC",                    options.durable ? "fsync=on" : "fsync=off"};
    for (auto const& setting : settings) {
        server.argv.insert(server.argv.end(), {"-c", setting});
    }
    server.log = data_dir / "postgres.log";
    server.user = user;
    auto const started = start_child(server);
    if (!started) return started.error();
    pid = *started;
    return {};
}

Result<void> PrivatePostgres::Cluster::wait_ready() {
    auto const deadline = std::chrono::steady_clock::now() + options.start_timeout;
    while (!answers(socket_dir, data_dir)) {
        bool const ended = wait_child(pid, std::chrono::milliseconds(0)).has_value();
        if (ended) {
            pid = 0;
            return error(Errc::unavailable, "Postgres ended at its start; see " + (data_dir / "postgres.log").string());
        }
        if (std::chrono::steady_clock::now() > deadline)
            return error(Errc::unavailable,
                         "Postgres is not ready in time; see " + (data_dir / "postgres.log").string());
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    return {};
}

Result<void> PrivatePostgres::Cluster::make_database() {
    try {
        pqxx::connection connection(conninfo(socket_dir, "postgres"));
        pqxx::nontransaction transaction(connection);
        auto const found = transaction.exec("select 1 from pg_database where datname = 'recoup'");
        if (found.empty()) transaction.exec("create database recoup");
    } catch (std::exception const&) {
        return error(Errc::unavailable, "cannot make the database; see " + (data_dir / "postgres.log").string());
    }
    return {};
}

void PrivatePostgres::Cluster::stop() {
    if (pid != 0) {
        kill(pid, SIGINT);
        if (!wait_gone(pid, seconds(20))) {
            kill(pid, SIGKILL);
            wait_gone(pid, seconds(5));
        }
        pid = 0;
    }
    remove_socket_dir(socket_dir);
    socket_dir.clear();
}

Result<PrivatePostgres> PrivatePostgres::start(Options options) {
    auto cluster = std::make_unique<Cluster>();
    cluster->options = std::move(options);
    auto binaries = find_postgres_binaries();
    if (!binaries) return binaries.error();
    cluster->binaries = std::move(*binaries);
    for (auto step : {&Cluster::prepare_folder, &Cluster::lock, &Cluster::make_cluster}) {
        if (auto done = (cluster.get()->*step)(); !done) return done.error();
    }
    auto const adopted = cluster->adopt();
    if (!adopted) return adopted.error();
    if (!*adopted) {
        for (auto step : {&Cluster::launch, &Cluster::wait_ready}) {
            if (auto done = (cluster.get()->*step)(); !done) return done.error();
        }
    }
    if (auto made = cluster->make_database(); !made) return made.error();
    return PrivatePostgres(std::move(cluster));
}

PrivatePostgres::PrivatePostgres(std::unique_ptr<Cluster> cluster) : cluster_(std::move(cluster)) {}
PrivatePostgres::PrivatePostgres(PrivatePostgres&&) noexcept = default;
PrivatePostgres& PrivatePostgres::operator=(PrivatePostgres&&) noexcept = default;
PrivatePostgres::~PrivatePostgres() = default;

std::string PrivatePostgres::connection_string(std::string const& database) const {
    return conninfo(cluster_->socket_dir, database);
}
pid_t PrivatePostgres::pid() const { return cluster_->pid; }
bool PrivatePostgres::adopted() const { return cluster_->adopted; }
void PrivatePostgres::stop() { cluster_->stop(); }

}  // namespace recoup::app
