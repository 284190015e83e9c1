#pragma once
// The parts of a daemon, in the order in which they depend on each other; destruction is the reverse.

#include "adapter/http/server.hpp"
#include "adapter/http_client/curl_client.hpp"
#include "adapter/postgres/access_store.hpp"
#include "adapter/postgres/admin_store.hpp"
#include "adapter/postgres/dead_letters.hpp"
#include "adapter/postgres/log_scrub.hpp"
#include "adapter/postgres/detour_board.hpp"
#include "adapter/postgres/idempotency_store.hpp"
#include "adapter/postgres/link_store.hpp"
#include "adapter/postgres/log_nudge.hpp"
#include "adapter/postgres/outbox_store.hpp"
#include "adapter/postgres/probation.hpp"
#include "adapter/postgres/schedule_store.hpp"
#include "adapter/postgres/shop_store.hpp"
#include "adapter/postgres/stop_noter.hpp"
#include "adapter/postgres/track_store.hpp"
#include "adapter/prometheus/prometheus_metrics.hpp"
#include "adapter/spool/spooled_reader.hpp"
#include "app/daemon/daemon.hpp"
#include "app/daemon/loop.hpp"
#include "app/daemon/reserved_port.hpp"
#include "app/templates.hpp"
#include "core/risk/risk_model.hpp"
#include "service/admin/access_api.hpp"
#include "service/admin/admin_api.hpp"
#include "service/admin/health.hpp"
#include "service/admin/letters_api.hpp"
#include "service/admin/outbox_api.hpp"
#include "service/delivery/dispatcher.hpp"
#include "service/ingest/ingest.hpp"
#include "service/links/link_routes.hpp"
#include "service/scheduler/engine.hpp"
#include "service/scheduler/opener.hpp"
#include "service/tracker/tracker.hpp"

#include "recoup/base/steered_clock.hpp"
#include "recoup/port/clock_driver.hpp"
#include "recoup/port/source.hpp"

#include <atomic>
#include <memory>
#include <optional>
#include <vector>

namespace recoup::app {

/// Advances the manual clock through the engine and keeps its time in the database.
class ManualDriver final : public ClockDriver {
public:
    ManualDriver(ManualClock& clock, service::Engine& engine, postgres::ShopStore& store)
        : clock_(clock), engine_(engine), store_(store) {}
    Result<Instant> advance(Seconds by) override;

private:
    ManualClock& clock_;
    service::Engine& engine_;
    postgres::ShopStore& store_;
    std::mutex mutex_;
};

/// How many dead letters are kept, and how long.
struct LetterBounds {
    Millis retention{};
    std::int64_t most = 0;
};
LetterBounds letter_bounds_from(Settings const& settings);

struct Daemon::Parts {
    Parts(DaemonOptions given, Clock& wall, Random& chance);

    DaemonOptions options;
    SteeredClock steered;              // unless the clock is manual
    Clock& clock;
    Random& random;
    std::atomic<bool> draining{false};

    prometheus_adapter::PrometheusMetrics metrics;
    postgres::Pool work_pool;          // track and schedule
    postgres::Pool api_pool;           // admin API and links
    postgres::ShopStore shops;
    postgres::CachedShopDirectory directory;
    postgres::PostgresTrackStore track_store;
    postgres::PostgresScheduleStore schedule_store;
    postgres::PostgresOutboxStore outbox_store;
    postgres::PostgresAdminStore admin_store;
    postgres::PostgresLinkStore link_store;
    postgres::PostgresAccessStore access_store;
    std::unique_ptr<IdempotencyStore> repeats;   // closed after the log

    std::optional<postgres::PostgresDeadLetters> track_letters, api_letters;   // on either pool
    postgres::PostgresProbation probation;
    postgres::LogScrubber scrubber;

    std::shared_ptr<core::RiskModel const> model;
    postgres::Nudge nudge;
    std::optional<postgres::StopNoter> stop_noter;   // with a log on Kafka
    postgres::PostgresDetourBoard detours;
    std::unique_ptr<EventLog> log;
    std::unique_ptr<LogReader> reader;
    spool::SpooledLog* spool = nullptr;             // `log`, when there is a spool
    spool::SpooledReader* barrier = nullptr;        // `reader`
    std::string log_name;

    std::optional<ReservedPort> public_port, admin_port;
    std::string public_url;
    http::CurlClient http_client;
    std::vector<std::unique_ptr<ChannelAdapter>> adapters;
    std::optional<FileTemplates> templates;
    std::optional<service::Composer> composer;
    std::optional<service::Tracker> tracker;
    std::optional<service::Opener> opener;
    std::optional<service::Dispatcher> dispatcher;
    std::optional<service::Engine> engine;
    std::optional<ManualDriver> driver;

    std::vector<std::unique_ptr<Source>> sources;
    std::optional<service::Ingest> ingest;
    std::optional<service::LinkService> links;
    std::optional<service::AdminApi> admin_api;
    service::AccessDesk access_desk;
    service::AccessApi access_api;
    service::OutboxApi outbox_api;
    Instant swept_at{};                          // when old answers were last forgotten
    std::chrono::nanoseconds looked_after_at{};  // ticks
    std::int64_t lease_scanned = -1;             // as Postgres last counted; -1 = not read yet
    std::optional<service::Replayer> replayer;
    std::optional<service::LettersApi> letters_api;
    std::mutex measure_mutex;
    service::MeasureSettings measure;
    LetterBounds letter_bounds;   // under measure_mutex, too

    std::vector<std::unique_ptr<Loop>> loops;
    Loop* schedule_loop = nullptr;                         // one of them
    std::atomic<Instant> schedule_sleeps_until{Instant::max()};
    std::unique_ptr<http::Server> public_server, admin_server;
    std::string public_address, admin_address;

    Result<void> check_schema();
    Result<void> load_model();
    Result<void> open_log();
    Result<void> add_spool();
    Result<void> make_channels(service::Channels& channels);
    Result<void> open_letters();
    Result<void> make_engine();
    void make_loops();
    void look_again_at(Instant at);
    void make_ingest();
    Result<Millis> refresh();
    Result<void> agree_on_time();
    void look_after_database();
    Result<Millis> keep_letters_in_bounds();
    Result<void> start_servers();
    std::vector<service::ReadinessCheck> readiness();
    service::ReadinessCheck spool_readiness();
    bool spooling() const { return spool != nullptr && spool->holding() && !spool->refusing(); }
    service::Scorer scorer();
};

}  // namespace recoup::app
