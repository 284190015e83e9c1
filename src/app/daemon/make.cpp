// Building the parts of a daemon from its settings.
#include "app/daemon/parts.hpp"

#include "adapter/channel/list.hpp"
#include "adapter/kafka/log_writer.hpp"
#include "adapter/kafka/topic.hpp"
#include "adapter/postgres/log_payload.hpp"
#include "adapter/postgres/log_reader.hpp"
#include "adapter/postgres/log_writer.hpp"
#include "adapter/postgres/migrator.hpp"
#include "adapter/source/list.hpp"
#include "app/daemon/ingest_settings.hpp"
#include "app/daemon/key_sources.hpp"
#include "app/daemon/kafka_settings.hpp"
#include "app/daemon/policy_settings.hpp"
#include "app/embedded.hpp"

#include <fstream>
#include <sstream>

namespace recoup::app {
namespace {

postgres::ConnectionOptions connection(Settings const& settings, std::string name, bool key_lookups = false) {
    postgres::ConnectionOptions options;
    options.key_lookups = key_lookups;
    options.connection_string = settings.text("database.url");
    options.application_name = std::move(name);
    return options;
}

service::MeasureSettings measure_from(Settings const& settings) {
    service::MeasureSettings measure;
    measure.attribution_window = settings.duration("measure.attribution_window");
    measure.holdout_share = settings.real("measure.holdout_share");
    return measure;
}

}  // namespace

LetterBounds letter_bounds_from(Settings const& settings) {
    return {settings.duration("dead_letters.retention"), settings.integer("dead_letters.max_per_shop")};
}

Daemon::Parts::Parts(DaemonOptions given, Clock& wall, Random& chance)
    : options(std::move(given)),
      steered(wall),
      clock(wall.manual() ? wall : steered),
      random(chance),
      metrics(options.version),
      work_pool(connection(options.settings, "recoup work", true), 6),
      api_pool(connection(options.settings, "recoup api"),
               static_cast<std::size_t>(options.settings.integer("database.pool_size"))),
      shops(work_pool),
      directory(shops),
      track_store(work_pool),
      schedule_store(work_pool),
      outbox_store(api_pool),
      admin_store(api_pool),
      link_store(api_pool),
      access_store(api_pool),
      probation(connection(options.settings, "recoup probation"), clock),
      scrubber(work_pool),
      detours(connection(options.settings, "recoup spool")),
      access_desk(access_store, random, key_sources()),
      access_api(access_desk, clock),
      outbox_api(outbox_store, admin_store, clock, options.settings.duration("deliver.spread")),
      measure(measure_from(options.settings)),
      letter_bounds(letter_bounds_from(options.settings)) {}

Result<void> Daemon::Parts::check_schema() {
    postgres::Connection session(connection(options.settings, "recoup check"));
    auto const status = postgres::migrate_status(session);
    if (!status) return status.error();
    for (auto const& migration : *status)
        if (migration.applied_at == never)
            return error(Errc::configuration, "the database lacks migration " + std::string(migration.migration->name) +
                                                  "; run `recoup migrate up` (take a backup first)");
    return directory.refresh();
}

Result<void> Daemon::Parts::load_model() {
    if (options.settings.text("risk.mode") == "off") return {};
    auto const path = options.settings.text("risk.model");
    std::string text;
    if (path.empty()) {
        if (embedded_models().empty() || embedded_models().front().text.empty()) return {};
        text = std::string(embedded_models().front().text);
    } else {
        std::ifstream file(path, std::ios::binary);
        std::stringstream content;
        if (!(file && content << file.rdbuf())) return error(Errc::configuration, "risk.model: cannot read " + path);
        text = content.str();
    }
    auto loaded = core::RiskModel::load(text);
    if (!loaded) return error(Errc::configuration, "risk.model: " + loaded.error().message);
    model = std::make_shared<core::RiskModel const>(std::move(*loaded));
    return {};
}

Result<void> Daemon::Parts::open_log() {
    auto const& settings = options.settings;
    auto const stored = [this](int partition) { return track_store.position(log_name, partition); };
    if (settings.text("log.kind") == "postgres") {
        log_name = postgres::log_name;
        postgres::PostgresLog::Options log_options;
        log_options.connection = connection(settings, "recoup log");
        log_options.retention_days = static_cast<int>(settings.integer("log.retention_days"));
        log = std::make_unique<postgres::PostgresLog>(log_options, clock, nudge);
        reader =
            std::make_unique<postgres::PostgresLogReader>(connection(settings, "recoup reader"), stored, clock, nudge);
        return {};
    }
    auto const client = kafka_client(settings);
    if (!client) return client.error();
    log_name = "kafka:" + client->topic;
    auto const partitions = options.create_topics
                                ? kafka::ensure_topic(*client, static_cast<int>(settings.integer("kafka.partitions")),
                                                      static_cast<int>(settings.integer("kafka.replication")), Millis{15'000})
                                : check_topic(settings, *client);
    if (!partitions) return partitions.error();
    kafka::KafkaLog::Options log_options;
    log_options.client = *client;
    log_options.partitions = *partitions;
    stop_noter.emplace(connection(settings, "recoup stops"), log_name);
    log_options.note_stops = [this](std::vector<NotedStops> places, std::function<void()> done) {
        stop_noter->note(std::move(places), std::move(done));
    };
    auto writer = kafka::KafkaLog::open(log_options);
    if (!writer) return writer.error();
    log = std::move(*writer);
    auto consumer = kafka::KafkaLogReader::open(kafka_reader(settings, *client), stored, clock);
    if (!consumer) return consumer.error();
    reader = std::move(*consumer);
    return {};
}

/// The key of dead letters: the operator's, else one that this installation made once.
Result<void> Daemon::Parts::open_letters() {
    auto text = options.settings.text("dead_letters.key");
    if (text.empty()) {
        Bytes fresh(SealingKey::bytes);
        random.fill(fresh);
        auto const stored = shops.fact_or("letter_key", to_base64(fresh));
        if (!stored) return stored.error();
        text = *stored;
    }
    auto const key = SealingKey::from_base64_text(text);
    if (!key) return error(Errc::configuration, "dead_letters.key: " + key.error().message);
    track_letters.emplace(work_pool, *key, random);
    api_letters.emplace(api_pool, *key, random);
    return {};
}

Result<void> Daemon::Parts::make_channels(service::Channels& channels) {
    for (auto const kind : {Channel::email, Channel::sms, Channel::push, Channel::ads}) {
        auto const key = "channel." + std::string(name(kind));
        auto const* descriptor = channel::find_channel(options.settings.text(key));
        if (descriptor == nullptr)
            return error(Errc::configuration, key + ": no adapter is called '" + options.settings.text(key) + "'");
        auto adapter = descriptor->make(channel::ChannelContext{options.settings, http_client, clock, public_url});
        if (!adapter) return error(Errc::configuration, key + ": " + adapter.error().message);
        if (!(*adapter)->serves(kind))
            return error(Errc::configuration,
                         key + ": " + std::string(descriptor->name) + " does not serve this channel");
        channels[kind] = adapter->get();
        adapters.push_back(std::move(*adapter));
    }
    return {};
}

service::Scorer Daemon::Parts::scorer() {
    if (!model) return {};
    return service::checked([held = model](Cart const& cart, Person const& person, Instant now, bool explain) {
        return held->score(cart, person, now, explain);
    }, metrics);
}

Result<void> Daemon::Parts::make_engine() {
    auto const& settings = options.settings;
    auto policy = policy_from(settings);
    if (!policy) return policy.error();
    auto loaded = FileTemplates::load(settings.text("templates.dir"));
    if (!loaded) return loaded.error();
    templates.emplace(std::move(*loaded));
    service::Channels channels;
    if (auto made = make_channels(channels); !made) return made;

    Bytes fresh(32);
    random.fill(fresh);
    auto const stored_key = shops.fact_or("link_key", to_base64(fresh));
    if (!stored_key) return stored_key.error();
    auto const key = from_base64(*stored_key);
    if (!key) return error(Errc::configuration, "install fact link_key is not base64");
    service::Composer::Settings compose;
    compose.public_url = public_url;
    compose.link_key = core::LinkKey{1, *key};
    compose.open_pixel = settings.boolean("deliver.open_pixel");
    composer.emplace(*templates, compose);

    service::Tracker::Settings track;
    track.log_name = log_name;
    track.batch = static_cast<std::size_t>(settings.integer("track.batch"));
    track.policy = *policy;
    track.planned = [this](Instant at) { look_again_at(at); };
    tracker.emplace(*reader, service::Tracker::Stores{track_store, *track_letters, probation}, clock, metrics, scorer(),
                    track);
    opener.emplace(schedule_store, metrics, scorer());
    service::Dispatcher::Settings dispatch;
    dispatch.lease = std::chrono::duration_cast<Seconds>(settings.duration("schedule.lease"));
    dispatch.batch = static_cast<std::size_t>(settings.integer("schedule.batch"));
    dispatch.concurrency = static_cast<std::size_t>(settings.integer("deliver.concurrency"));
    dispatch.gates = gates_from(settings);
    dispatch.spread = settings.duration("deliver.spread");
    dispatcher.emplace(schedule_store, std::move(channels), *composer, clock, metrics, scorer(), dispatch);

    service::Engine::Parts parts;
    parts.reader = reader.get();
    parts.tracker = &*tracker;
    parts.opener = &*opener;
    parts.dispatcher = &*dispatcher;
    parts.store = &schedule_store;
    parts.metrics = &metrics;
    parts.clock = &clock;
    engine.emplace(parts, *policy);
    if (clock.manual()) driver.emplace(static_cast<ManualClock&>(clock), *engine, shops);
    sources = source::all_sources();
    links.emplace(link_store, *log, clock, std::vector<core::LinkKey>{compose.link_key}, compose.open_pixel);
    make_ingest();
    replayer.emplace(
        service::Replayer::Parts{&*api_letters, log.get(), &directory, &sources, &clock, &metrics, public_url});
    return {};
}

void Daemon::Parts::make_ingest() {
    Bytes salt(16);
    random.fill(salt);
    service::IngestSettings ingest_settings{public_url, to_hex(salt), admission_from(options.settings),
                                            browsers_from(options.settings)};
    if (options.roles.ingest)
        repeats = std::make_unique<postgres::PostgresIdempotencyStore>(connection(options.settings, "recoup idempotency"),
                                                                       limits::idempotency_queue);
    ingest.emplace(*log, directory, clock, metrics, sources, std::move(ingest_settings), repeats.get());
}

Result<std::unique_ptr<Daemon>> Daemon::make(DaemonOptions options, Clock& clock, Random& random) {
    auto parts = std::make_unique<Parts>(std::move(options), clock, random);
    auto const& settings = parts->options.settings;
    if (settings.text("admin.token").empty())
        return error(Errc::configuration,
                     "admin.token is empty; set RECOUP_ADMIN__TOKEN_FILE or admin.token to a long random text");
    auto public_port = ReservedPort::reserve(settings.text("public.address"));
    if (!public_port) return error(Errc::configuration, "public.address: " + public_port.error().message);
    auto admin_port = ReservedPort::reserve(settings.text("admin.address"));
    if (!admin_port) return error(Errc::configuration, "admin.address: " + admin_port.error().message);
    parts->public_port.emplace(std::move(*public_port));
    parts->admin_port.emplace(std::move(*admin_port));
    parts->public_url = settings.text("public.url");
    while (parts->public_url.ends_with('/')) parts->public_url.pop_back();
    if (parts->public_url.empty()) parts->public_url = "http://" + parts->public_port->address();

    for (auto step : {&Parts::check_schema, &Parts::load_model, &Parts::open_log, &Parts::add_spool, &Parts::open_letters,
                      &Parts::make_engine})
        if (auto done = (parts.get()->*step)(); !done) return done.error();
    return std::unique_ptr<Daemon>(new Daemon(std::move(parts)));
}

Daemon::Daemon(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Daemon::~Daemon() { stop(Millis{0}); }

Result<void> Daemon::reload(Settings settings) {
    auto const policy = policy_from(settings);
    auto& parts = *parts_;
    bool const good = policy && parts.directory.refresh();
    parts.metrics.set(Metric::config_last_reload_successful, good ? 1 : 0);
    if (!policy) return policy.error();
    parts.engine->set_policy(*policy);
    parts.ingest->set_limits(admission_from(settings), browsers_from(settings));
    std::lock_guard const lock(parts.measure_mutex);
    parts.measure = measure_from(settings);
    parts.letter_bounds = letter_bounds_from(settings);
    parts.metrics.set(Metric::config_last_reload_success_timestamp,
                      static_cast<double>(to_millis(parts.clock.now())) / 1000.0);
    return {};
}

}  // namespace recoup::app
