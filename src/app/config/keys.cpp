#include "app/config/keys.hpp"

#include <array>
#include <utility>

namespace recoup::app {
namespace {

using enum ConfigType;

std::vector<ConfigKey> make_core_keys() {
    return {
        {.name = "logging.level",
         .default_value = "info",
         .help = "Lowest level that is logged.",
         .choices = "trace|debug|info|warning|error",
         .reloadable = true},
        {.name = "logging.format",
         .default_value = "text",
         .help = "One line of text or one JSON object per log line.",
         .choices = "text|json"},

        {.name = "public.address",
         .default_value = "127.0.0.1:8780",
         .help = "Address and port of the public listener: webhooks, pixel and links. Port 0 lets the system choose."},
        {.name = "public.url",
         .help = "Base URL under which shoppers and senders reach the public listener. Empty means http:// and its "
                 "address."},
        {.name = "public.threads",
         .type = integer,
         .default_value = "0",
         .help = "I/O threads of the public listener; 0 means one for each core.",
         .min = 0,
         .max = 256},

        {.name = "public.proxies",
         .type = list,
         .default_value = "127.0.0.1,::1",
         .help = "Addresses of your reverse proxies: of their requests the last X-Forwarded-For entry counts as the "
                 "sender's address.",
         .reloadable = true},

        {.name = "ingest.bytes",
         .type = size,
         .default_value = "128MiB",
         .help = "Bytes of requests in flight at once; above it 503, and well before for a shop that holds more than "
                 "is still free.",
         .reloadable = true},
        {.name = "ingest.shop_bytes",
         .type = size,
         .default_value = "64MiB",
         .help = "Bytes of requests in flight of one shop; above it 429.",
         .reloadable = true},
        {.name = "ingest.shop_rate",
         .type = real,
         .default_value = "0",
         .help = "Events a second of one shop; above it 429 with Retry-After. 0 means no limit.",
         .min = 0,
         .max = 1e9,
         .reloadable = true},
        {.name = "ingest.shop_burst",
         .type = real,
         .default_value = "1000",
         .help = "Events one shop may send at once when it was quiet before.",
         .min = 1,
         .max = 1e9,
         .reloadable = true},

        {.name = "pixel.key_rate",
         .type = real,
         .default_value = "2000",
         .help = "Events a second of one write key. 0 means no limit.",
         .min = 0,
         .max = 1e9,
         .reloadable = true},
        {.name = "pixel.key_burst",
         .type = real,
         .default_value = "20000",
         .help = "Events of one write key at once.",
         .min = 1,
         .max = 1e9,
         .reloadable = true},
        {.name = "pixel.address_rate",
         .type = real,
         .default_value = "50",
         .help = "Events a second from one network: an IPv4 /24 or an IPv6 /48. 0 means no limit.",
         .min = 0,
         .max = 1e9,
         .reloadable = true},
        {.name = "pixel.address_burst",
         .type = real,
         .default_value = "2000",
         .help = "Events from one network at once.",
         .min = 1,
         .max = 1e9,
         .reloadable = true},
        {.name = "pixel.visitor_rate",
         .type = real,
         .default_value = "5",
         .help = "Events a second of one visitor. 0 means no limit.",
         .min = 0,
         .max = 1e9,
         .reloadable = true},
        {.name = "pixel.visitor_burst",
         .type = real,
         .default_value = "500",
         .help = "Events of one visitor at once.",
         .min = 1,
         .max = 1e9,
         .reloadable = true},

        {.name = "admin.address",
         .default_value = "127.0.0.1:8790",
         .help = "Address and port of the admin listener: API, metrics and health. Keep it off the internet."},
        {.name = "admin.token",
         .help = "Bearer token of the admin API. Empty: `recoup dev` makes one, `recoup serve` refuses to start.",
         .secret = true},

        {.name = "database.url",
         .help = "libpq URL of the Postgres that holds the state. Empty: `recoup dev` starts a private one.",
         .secret = true},
        {.name = "database.pool_size",
         .type = integer,
         .default_value = "8",
         .help = "Connections for the admin API, links and reports.",
         .min = 1,
         .max = 200},

        {.name = "log.kind",
         .default_value = "postgres",
         .help = "Where the event log lives.",
         .choices = "postgres|kafka"},
        {.name = "log.retention_days",
         .type = integer,
         .default_value = "35",
         .help = "Days for which the Postgres event log is kept; Kafka keeps its topic's own retention.",
         .min = 1,
         .max = 3650},

        {.name = "spool.folder",
         .help = "Folder of the spool, on a local disk, one for each process that takes events. Empty: `recoup dev` uses spool "
                 "in its data folder, `recoup serve` has none. none switches it off."},
        {.name = "spool.after",
         .type = duration,
         .default_value = "300ms",
         .help = "An append that the event log has not answered after this long goes to the spool; 10ms to 600ms."},
        {.name = "spool.bytes",
         .type = size,
         .default_value = "1GiB",
         .help = "Most bytes of the spool; beyond it senders are told to come back later."},
        {.name = "spool.segment_bytes",
         .type = size,
         .default_value = "16MiB",
         .help = "Size at which a segment of the spool is closed; 4KiB to 256MiB."},

        {.name = "kafka.brokers", .type = list, .help = "Bootstrap servers, host:port. Needed when log.kind is kafka."},
        {.name = "kafka.topic", .default_value = "recoup.events", .help = "Topic of the event log."},
        {.name = "kafka.partitions",
         .type = integer,
         .default_value = "12",
         .help = "Partitions of the topic when Recoup creates it.",
         .min = 1,
         .max = 10000},
        {.name = "kafka.replication",
         .type = integer,
         .default_value = "1",
         .help = "Replicas of the topic when Recoup creates it.",
         .min = 1,
         .max = 15},
        {.name = "kafka.security_protocol",
         .default_value = "plaintext",
         .help = "How brokers are spoken to.",
         .choices = "plaintext|ssl|sasl_plaintext|sasl_ssl"},
        {.name = "kafka.sasl_mechanism",
         .help = "PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512; with sasl_plaintext and sasl_ssl."},
        {.name = "kafka.sasl_username", .help = "User at the brokers."},
        {.name = "kafka.sasl_password", .help = "Its password.", .secret = true},
        {.name = "kafka.ssl_ca",
         .help = "PEM file of the authority that signed the brokers' certificates. Empty means the system's."},
        {.name = "kafka.ssl_certificate", .help = "PEM file of our own certificate, when the brokers ask for one."},
        {.name = "kafka.ssl_key", .help = "PEM file of its key."},
        {.name = "kafka.ssl_key_password", .help = "Password of the key file.", .secret = true},
        {.name = "kafka.assignment",
         .default_value = "cooperative",
         .help = "How track instances share the partitions, all the same way: cooperative keeps most of them through a "
                 "rebalance, eager hands all out anew.",
         .choices = "eager|cooperative"},
        {.name = "kafka.allow_unsafe_topic",
         .type = boolean,
         .default_value = "false",
         .help = "Start although the topic's settings may lose what was acknowledged."},
        {.name = "kafka.properties",
         .type = list,
         .help = "Further librdkafka properties, name=value, for example socket.keepalive.enable=true; those that "
                 "durability "
                 "hangs on are refused.",
         .secret = true},

        {.name = "clock.mode",
         .default_value = "real",
         .help = "manual stands still until POST /v1/clock/advance; for `recoup dev` only.",
         .choices = "real|manual"},
        {.name = "clock.start",
         .help = "Where a manual clock starts the first time, RFC 3339. Empty means the present."},

        {.name = "track.idle",
         .type = duration,
         .default_value = "30m",
         .help = "A cart without activity for this long counts as abandoned.",
         .reloadable = true},
        {.name = "track.value_floor_minor",
         .type = integer,
         .default_value = "0",
         .help = "Carts worth less, in minor units of their currency, are left alone.",
         .min = 0,
         .max = 1e12,
         .reloadable = true},
        {.name = "track.batch",
         .type = integer,
         .default_value = "500",
         .help = "Events folded in one transaction.",
         .min = 1,
         .max = 500},

        {.name = "dead_letters.key",
         .help =
             "32 random bytes in base64 that encrypt dead letters at rest (openssl rand -base64 32). Empty: a key made "
             "once and kept in the database.",
         .secret = true},
        {.name = "dead_letters.retention",
         .type = duration,
         .default_value = "30d",
         .help = "Dead letters are kept this long after they came.",
         .reloadable = true},
        {.name = "dead_letters.max_per_shop",
         .type = integer,
         .default_value = "10000",
         .help = "Beyond so many of one shop its oldest dead letters go.",
         .min = 1,
         .max = 1e7,
         .reloadable = true},

        {.name = "risk.mode",
         .default_value = "auto",
         .help = "watch scores only, act opens enrollments early, off does neither; auto watches until "
                 "risk.min_abandonments, then acts.",
         .choices = "auto|watch|act|off",
         .reloadable = true},
        {.name = "risk.threshold",
         .type = real,
         .default_value = "0.8",
         .help = "Risk at or above which an enrollment opens before the idle time.",
         .min = 0,
         .max = 1,
         .reloadable = true},
        {.name = "risk.model", .help = "Path of a model in XGBoost's JSON format. Empty means the shipped one."},
        {.name = "risk.min_abandonments",
         .type = integer,
         .default_value = "1000",
         .help = "Abandonments a shop must have seen before auto acts.",
         .min = 0,
         .max = 1e9,
         .reloadable = true},

        {.name = "schedule.poll",
         .type = duration,
         .default_value = "1s",
         .help = "Longest sleep between two looks for due steps."},
        {.name = "schedule.batch",
         .type = integer,
         .default_value = "100",
         .help = "Due steps claimed at once.",
         .min = 1,
         .max = 200},
        {.name = "schedule.lease",
         .type = duration,
         .default_value = "60s",
         .help = "A claimed step that is not finished after this long is taken over."},
        {.name = "schedule.max_attempts",
         .type = integer,
         .default_value = "8",
         .help = "Tries of one message before it is given up.",
         .min = 1,
         .max = 50},

        {.name = "deliver.concurrency",
         .type = integer,
         .default_value = "8",
         .help = "Messages sent at the same time.",
         .min = 1,
         .max = 256},

        {.name = "channel.email", .default_value = "capture", .help = "Adapter that sends email."},
        {.name = "channel.sms", .default_value = "capture", .help = "Adapter that sends SMS."},
        {.name = "channel.push", .default_value = "capture", .help = "Adapter that sends push messages."},
        {.name = "channel.ads", .default_value = "capture", .help = "Adapter for retargeting ads."},

        {.name = "policy.quiet_email",
         .help = "Quiet hours for email in the person's own time, HH:MM-HH:MM. Empty means none.",
         .reloadable = true},
        {.name = "policy.quiet_sms",
         .default_value = "21:00-08:00",
         .help = "Quiet hours for SMS in the person's own time.",
         .reloadable = true},
        {.name = "policy.quiet_push",
         .default_value = "22:00-08:00",
         .help = "Quiet hours for push in the person's own time.",
         .reloadable = true},
        {.name = "policy.min_gap",
         .type = duration,
         .default_value = "2h",
         .help = "Shortest time between two messages to one person on any channel.",
         .reloadable = true},
        {.name = "policy.max_messages",
         .type = integer,
         .default_value = "6",
         .help = "Messages to one person within policy.max_messages_window.",
         .min = 0,
         .max = 1000,
         .reloadable = true},
        {.name = "policy.max_messages_window",
         .type = duration,
         .default_value = "7d",
         .help = "The window of policy.max_messages.",
         .reloadable = true},
        {.name = "policy.email_consent",
         .default_value = "required",
         .help = "required needs recorded consent; soft_opt_in also mails those who never answered, where law allows.",
         .choices = "required|soft_opt_in",
         .reloadable = true},

        {.name = "measure.holdout_share",
         .type = real,
         .default_value = "0.1",
         .help = "Share of people who get nothing, to measure against.",
         .min = 0,
         .max = 0.5,
         .reloadable = true},
        {.name = "measure.attribution_window",
         .type = duration,
         .default_value = "5d",
         .help = "An order within this time after a message counts for it.",
         .reloadable = true},

        {.name = "sequences.dir", .help = "Folder of sequence files. Empty means the built-in ones."},
        {.name = "templates.dir", .help = "Folder of templates. Empty means the built-in ones."},
    };
}

constexpr std::array<std::pair<std::string_view, std::string_view>, 20> sections{{
    {"logging", "Log lines on stderr."},
    {"public", "The listener that shops, browsers and shoppers reach."},
    {"ingest", "How much may come in at once. Refused requests stored nothing; their senders send again."},
    {"pixel", "How much browsers may send. What is above is dropped: it only enriches."},
    {"admin", "The listener for operators."},
    {"database", "Postgres: people, carts, enrollments, steps, messages."},
    {"log", "The event log, durable before any webhook is answered with 2xx."},
    {"spool", "Where events wait, durable, while the event log is slow or down. Personal data, not encrypted."},
    {"kafka", "Apache Kafka, when log.kind is kafka."},
    {"clock", "Time as the daemon sees it."},
    {"track", "From events to carts, and when a cart is abandoned."},
    {"dead_letters", "What came, was authentic and could not be used."},
    {"risk", "The model's part in the decision."},
    {"schedule", "Due steps."},
    {"deliver", "Sending."},
    {"channel", "Which adapter serves each channel. capture keeps messages on this machine."},
    {"policy", "What may be sent, and when."},
    {"measure", "Holdout and attribution."},
    {"sequences", "Recovery sequences."},
    {"templates", "Message templates."},
}};

}  // namespace

std::vector<ConfigKey> const& core_keys() {
    static std::vector<ConfigKey> const keys = make_core_keys();
    return keys;
}

std::string_view section_of(std::string_view key) {
    return key.substr(0, key.rfind('.'));
}

std::string_view leaf_of(std::string_view key) {
    return key.substr(key.rfind('.') + 1);
}

std::string_view section_help(std::string_view section) {
    for (auto const& [known, help] : sections)
        if (known == section) return help;
    return {};
}

std::string_view name(ConfigType type) {
    switch (type) {
        case text: return "text";
        case integer: return "integer";
        case real: return "number";
        case boolean: return "boolean";
        case duration: return "duration";
        case size: return "size";
        case list: return "list";
    }
    return "text";
}

}  // namespace recoup::app
