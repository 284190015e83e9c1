// Running the parts: listeners, loops, and the one right order of ending them.
#include "adapter/postgres/health.hpp"
#include "adapter/postgres/log_payload.hpp"
#include "app/daemon/parts.hpp"
#include "service/admin/openapi.hpp"

#include <spdlog/spdlog.h>

#include <thread>

namespace recoup::app {
namespace {

constexpr Millis gathered{20};   // what falls due one by one is claimed together: a claim costs as much as ten steps

template <class To, class From>
void append(To& to, From from) {
    to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

int io_threads(Settings const& settings) {
    auto const asked = static_cast<int>(settings.integer("public.threads"));
    return asked > 0 ? asked : static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
}

}  // namespace

Result<Instant> ManualDriver::advance(Seconds by) {
    std::lock_guard const lock(mutex_);
    if (by.count() < 0) return error(Errc::invalid, "seconds must not be negative: time only moves forward");
    auto const set = [&](Instant at) -> Result<void> {
        if (auto kept = store_.set_fact("clock", to_rfc3339(at)); !kept) return kept;
        clock_.set(at);
        return {};
    };
    auto const target = clock_.now() + by;
    if (auto done = engine_.advance(clock_.now(), target, set); !done) return done.error();
    return target;
}

std::vector<service::ReadinessCheck> Daemon::Parts::readiness() {
    return {
        {"accepting", [this]() -> Result<void> {
             if (draining) return error(Errc::unavailable, "shutting down");
             return {};
         }},
        {"database", [this]() -> Result<void> {
             if (spooling()) return {};   // events are taken without it; it may hang, and this answer must not
             auto const answer = shops.fact("link_key");
             if (!answer) return answer.error();
             return {};
         }},
        {"event_log", [this]() -> Result<void> {
             if (spooling()) return {};
             auto const end = barrier->end_of_log();
             if (!end) return end.error();
             return {};
         }},
        spool_readiness(),
    };
}

Result<void> Daemon::Parts::start_servers() {
    auto const& settings = options.settings;
    std::vector<Route> public_routes, admin_routes;
    if (options.roles.ingest) {
        append(public_routes, ingest->routes());
        append(public_routes, links->routes());
    }
    append(admin_routes, service::health_routes(readiness(), metrics));
    if (options.roles.api) {
        admin_api.emplace(admin_store, clock, [this] {
            std::lock_guard const lock(measure_mutex);
            return measure;
        }, driver ? &*driver : nullptr);
        append(admin_routes, admin_api->routes());
        append(admin_routes, access_api.routes());
        append(admin_routes, outbox_api.routes());
        letters_api.emplace(*api_letters, *replayer, clock, metrics);
        append(admin_routes, letters_api->routes());
        std::vector<service::Listener> const listeners{{"public", public_routes}, {"admin", admin_routes}};
        admin_routes.push_back(service::openapi_route(listeners, options.version));
    }
    if (!public_routes.empty()) {
        http::ServerSettings listen;
        listen.name = "public";
        listen.address = public_port->address();
        listen.threads = io_threads(settings);
        public_server = std::make_unique<http::Server>(std::move(public_routes), listen);
        auto bound = public_server->start();
        if (!bound) return error(Errc::configuration, "public.address: " + bound.error().message);
        public_address = *bound;
        public_port.reset();
    }
    http::ServerSettings listen;
    listen.name = "admin";
    listen.address = admin_port->address();
    listen.admin_token = settings.text("admin.token");
    listen.worker_threads = 4;
    admin_server = std::make_unique<http::Server>(std::move(admin_routes), listen);
    auto bound = admin_server->start();
    if (!bound) return error(Errc::configuration, "admin.address: " + bound.error().message);
    admin_address = *bound;
    admin_port.reset();
    return {};
}

void Daemon::Parts::make_loops() {
    if (options.roles.track)
        loops.push_back(std::make_unique<Loop>("track", [this]() -> Result<Millis> {
            auto const done = engine->track(Millis{200});
            if (!done) return done.error();
            return Millis{0};
        }));
    auto const poll = options.settings.duration("schedule.poll");
    if (options.roles.deliver && !clock.manual()) {   // a manual clock is driven by its caller
        loops.push_back(std::make_unique<Loop>("schedule", [this, poll]() -> Result<Millis> {
            schedule_sleeps_until = clock.now() + 2 * poll;   // at the latest, as long as this turn takes less than that
            auto const done = engine->schedule_some();
            if (!done) {
                metrics.add(Metric::schedule_failures, {}, 1);
                return done.error();
            }
            if (engine->more()) return Millis{0};
            auto const due = engine->next_due();
            if (!due) return due.error();
            auto const pause = *due ? std::max(gathered, std::min(std::chrono::duration_cast<Millis>(**due - clock.now()), poll)) : poll;
            schedule_sleeps_until = clock.now() + pause;
            return pause;
        }));
        schedule_loop = loops.back().get();
    }
    if (spool != nullptr)   // a loop of its own: while the database hangs, the next one does too
        loops.push_back(std::make_unique<Loop>("spool", [this]() -> Result<Millis> {
            spool->measure();
            return Millis{1000};
        }));
    loops.push_back(std::make_unique<Loop>("refresh", [this] { return refresh(); }));
    if (options.roles.track && log_name == postgres::log_name)
        loops.push_back(std::make_unique<Loop>("scrub", [this]() -> Result<Millis> {
            auto const more = scrubber.run_once();
            if (!more) return more.error();
            return *more ? Millis{20} : Millis{60'000};
        }));
    loops.push_back(std::make_unique<Loop>("letters", [this] { return keep_letters_in_bounds(); }));
}

/// Called by who planned something; what others plan is found within `schedule.poll`.
void Daemon::Parts::look_again_at(Instant at) {
    if (schedule_loop != nullptr && at < schedule_sleeps_until.load()) schedule_loop->wake();
}

Result<Millis> Daemon::Parts::refresh() {
    constexpr Millis pause{1000};
    constexpr Seconds between_sweeps{60};
    if (auto done = agree_on_time(); !done) return done.error();
    if (auto done = directory.refresh(); !done) return done.error();
    if (auto const due = schedule_store.due_count(clock.now()))
        metrics.set(Metric::schedule_due_steps, static_cast<double>(*due));
    if (auto const unknown = outbox_store.unknown_count()) metrics.set(Metric::messages_unknown, static_cast<double>(*unknown));
    if (auto const pauses = outbox_store.pauses()) metrics.set(Metric::pauses, static_cast<double>(pauses->size()));
    look_after_database();
    metrics.set(Metric::ingest_bytes_in_flight, static_cast<double>(ingest->bytes_in_flight()));
    if (auto noted = shops.note_uses(ingest->take_key_uses()); !noted) return noted.error();
    auto const now = clock.now();
    if (!repeats || (swept_at != never && now - swept_at < between_sweeps)) return pause;
    if (auto const swept = postgres::forget_old_answers(work_pool, now); !swept) return swept.error();
    swept_at = now;
    return pause;
}

/// Instances on machines whose clocks differ go by the database's, so that nothing is sent early.
Result<void> Daemon::Parts::agree_on_time() {
    if (clock.manual()) return {};
    auto const machine = [&] { return clock.now() - steered.offset(); };
    auto const before = machine();
    auto const theirs = postgres::server_time(work_pool);
    if (!theirs) return theirs.error();
    auto const known = steered.offset(), offset = steered.hear(before, *theirs, machine());
    metrics.set(Metric::clock_offset, static_cast<double>(offset.count()) / 1000.0);
    if (std::chrono::abs(offset - known) >= Millis{1000})
        spdlog::warn("this machine's clock is off; the database's is used, offset_ms={}", offset.count());
    return {};
}

/// Every ten seconds; what Postgres counts is no better known in between.
void Daemon::Parts::look_after_database() {
    constexpr Seconds between{10};
    if (looked_after_at != std::chrono::nanoseconds{} && clock.ticks() - looked_after_at < between) return;
    looked_after_at = clock.ticks();
    auto const health = postgres::health(work_pool);
    if (!health) return;
    metrics.set(Metric::postgres_oldest_xmin_age, static_cast<double>(health->oldest_xmin_age));
    metrics.set(Metric::lease_dead_rows, static_cast<double>(health->lease_dead_rows));
    auto const scanned = std::max<std::int64_t>(health->lease_scanned_rows - lease_scanned, 0);
    if (lease_scanned >= 0) metrics.add(Metric::lease_scanned_rows, {}, static_cast<double>(scanned));
    lease_scanned = health->lease_scanned_rows;
    if (auto const analyzed = postgres::analyze_grown(work_pool); !analyzed)
        spdlog::warn("statistics of grown tables: {}", analyzed.error().message);
}

/// Once a minute.
Result<Millis> Daemon::Parts::keep_letters_in_bounds() {
    constexpr std::size_t sealed_at_once = 100;
    LetterBounds bounds;
    {
        std::lock_guard const lock(measure_mutex);
        bounds = letter_bounds;
    }
    auto const sealed = api_letters->seal_plain(sealed_at_once);
    if (!sealed) return sealed.error();
    auto const now = clock.now();
    auto const trimmed = api_letters->trim(now - bounds.retention, bounds.most, now);
    if (!trimmed) return trimmed.error();
    metrics.add(Metric::dead_letters_ended, name(LetterEnd::expired), static_cast<double>(trimmed->expired));
    metrics.add(Metric::dead_letters_ended, name(LetterEnd::crowded_out), static_cast<double>(trimmed->crowded_out));
    auto const stock = api_letters->stock();
    if (!stock) return stock.error();
    metrics.set(Metric::dead_letters, static_cast<double>(stock->letters));
    metrics.set(Metric::dead_letter_bytes, static_cast<double>(stock->bytes));
    metrics.set(Metric::dead_letters_oldest, static_cast<double>(to_millis(stock->oldest)) / 1000.0);
    return *sealed == sealed_at_once ? Millis{0} : Millis{60'000};
}

Result<void> Daemon::start() {
    auto& parts = *parts_;
    if (auto agreed = parts.agree_on_time(); !agreed) return agreed;
    if (parts.options.take_over_leases)
        if (auto done = parts.engine->take_over(); !done) return done.error();
    if (auto done = parts.start_servers(); !done) return done;
    parts.make_loops();
    for (auto& loop : parts.loops) loop->start();
    parts.metrics.set(Metric::config_last_reload_successful, 1);
    return {};
}

void Daemon::stop(Millis drain) {
    auto& parts = *parts_;
    if (parts.draining.exchange(true)) return;
    if (parts.public_server) parts.public_server->stop(drain);   // no new requests; those in flight get their answers
    if (parts.log) parts.log->close();                           // every accepted event is durable
    if (parts.stop_noter) parts.stop_noter->close();             // and answered
    if (parts.repeats) parts.repeats->close();                   // and what was answered is known
    for (auto& loop : parts.loops) loop->stop();                 // the batch in progress commits
    if (parts.admin_server) parts.admin_server->stop(drain);
}

std::string const& Daemon::public_address() const { return parts_->public_address; }
std::string const& Daemon::admin_address() const { return parts_->admin_address; }
std::string const& Daemon::public_url() const { return parts_->public_url; }

std::string Daemon::model_line() const {
    if (!parts_->model) return "off (risk.mode)";
    return parts_->model->version() + " (" + std::to_string(parts_->model->forest().tree_count()) + " trees)";
}

}  // namespace recoup::app
