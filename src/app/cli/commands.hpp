#pragma once
// The verbs: what each one's command line says (options), how it is parsed (add_...), and who carries it out (run_...).
// A verb's add_ function lives in cli/<verb>.cpp and takes the function that carries it out, so that parsing is tested
// alone; the list of verbs that exist is in cli/verbs.cpp.

#include "app/cli/context.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
}  // namespace CLI

namespace recoup::app {

template <class Options>
using Verb = std::function<int(Options const&, Context&)>;

/// Empty when the environment names no home: then --data is needed.
std::string default_data_dir(Environment const& environment);

struct DevOptions {
    std::string data_dir;  // where the private Postgres and the state of the run live
    std::vector<std::string>
        flags;  // --public, --admin, --clock, --start, --log, --kafka-brokers as keys, for settings_of
    bool demo = false;
    std::int64_t carts = 300;
    std::uint64_t seed = 1;
    bool once = false;
};

struct ServeRoles {
    bool ingest = true, track = true, deliver = true, api = true;
};

struct ServeOptions {
    ServeRoles roles;
};

/// A running daemon: `recoup dev` is found through its data folder, any other through its addresses.
struct Target {
    std::string data_dir;
    std::string public_url, admin_url, admin_token;  // empty = from the data folder
    std::string shop = "demo";
};

struct DemoOptions {
    Target target;
    std::int64_t carts = 300;
    std::uint64_t seed = 1;
};

struct TriggerOptions {
    Target target;
    std::string event;  // "checkout_abandoned", ...
    std::string email, phone;
    std::string currency = "USD";
    std::int64_t value_minor = 8900;
};

struct WhyOptions {
    Target target;
    std::string email, message, enrollment;  // exactly one
};

struct DlqOptions {
    enum class Action : unsigned char { ls, show, replay, drop } action = Action::ls;
    std::string data_dir, admin_url, admin_token;   // empty = from the configuration or the data folder
    std::vector<std::string> ids;
    std::string shop, source, reason, older_than, newer_than;
    std::int64_t limit = 1000;
    bool all = false, dry_run = false, raw = false;
    std::string rate, note;
};

struct OutboxOptions {
    enum class Action : unsigned char { unknown, resolve, pause, resume, pauses } action = Action::unknown;
    std::string data_dir, admin_url, admin_token;   // empty = from the configuration or the data folder
    std::string message;                            // resolve
    bool sent = false, not_sent = false;            // resolve: exactly one
    std::string shop, channel, sequence, note;      // empty = every one
    bool incentives = false;                        // pause, resume: only the incentives
    std::int64_t limit = 1000;
};

struct ShopAddOptions {
    std::string data_dir;
    std::string id, domain, display_name, email_from, sms_from, postal_address, locale;   // empty senders are derived or missing
    std::string currency = "USD", country = "US", timezone = "America/New_York";
};

struct ShopSetOptions {
    std::string data_dir;
    std::string id;
    std::optional<std::string> display_name, email_from, sms_from, postal_address, country, timezone;   // what is to change
};

struct ShopListOptions {
    std::string data_dir;
};

struct ShopSecretOptions {
    std::string data_dir;
    std::string shop, source;
    std::string kind;  // empty = the source's first
    std::optional<std::string>
        value_file;  // the sender's own secret, read from a file ("-" = stdin); else a new one is made
    bool revoke_others = false;
};

struct ShopKeyOptions {
    enum class Action : unsigned char { create, list, revoke } action = Action::list;
    std::string data_dir;
    std::string shop;
    std::string source = "events";     // create
    std::vector<std::string> scopes;   // create
    std::string label, expires_in;     // create; a duration like 90d, empty = never
    std::string id;                    // revoke
};

struct ShopOriginsOptions {
    std::string data_dir;
    std::string shop;
    std::vector<std::string> add, remove;
};

struct ShopVerbs {
    Verb<ShopAddOptions> add;
    Verb<ShopSetOptions> set;
    Verb<ShopListOptions> list;
    Verb<ShopSecretOptions> secret;
    Verb<ShopKeyOptions> key;
    Verb<ShopOriginsOptions> origins;
};

struct SequenceOptions {
    enum class Action : unsigned char { apply, show, migrate } action = Action::show;
    std::string data_dir;
    std::string shop;                // empty = every shop
    std::vector<std::string> files;  // apply
    std::string sequence;            // migrate
    int version = 0;                 // migrate: to which; 0 = the one in force
    bool dry_run = false;
};

/// One made-up shopper for `recoup sequence simulate`.
struct SimulateOptions {
    std::vector<std::string> files;          // empty = the sequences that are configured
    std::string at = "2026-03-02T18:00:00Z"; // when the cart was left, the payment failed or the subscription ended
    std::string value = "80.00", currency = "USD", country = "US", region;
    std::string stage = "checkout", decline = "insufficient_funds";
    int items = 2, orders = 0;
    bool no_phone = false, returned = false;
    std::vector<std::string> opened, clicked, visited;   // steps
    std::vector<std::string> dead_coupons;   // codes that the store has switched off
};

struct LawOptions {
    enum class Action : unsigned char { show, check } action = Action::show;
    std::vector<std::string> files;                    // check
    std::string country, region, channel, trigger;     // show; empty = all
};

struct MigrateOptions {
    enum class Action : unsigned char { up, status } action = Action::status;
    std::string data_dir;
};

struct ModelOptions {
    enum class Action : unsigned char { train, eval, show } action = Action::show;
    std::string data_dir;
    std::string shop;   // train, eval: the event log of this shop instead of data sets
    std::string input;  // train, eval: data set or folder; empty = ../shared/data
    std::string model;  // eval, show: path; empty = the one in force
    std::string out;    // train: path of the new model
    std::uint64_t seed = 1;
};

struct ConfigOptions {
    enum class Action : unsigned char { check, show, init, docs } action = Action::show;
    bool sources = false;
};

struct HealthcheckOptions {
    std::string url;  // empty = admin.address
    std::int64_t timeout_seconds = 5;
};

struct VersionOptions {};

void add_serve(CLI::App& app, Context& context, Verb<ServeOptions> run);
void add_dev(CLI::App& app, Context& context, Verb<DevOptions> run);
void add_demo(CLI::App& app, Context& context, Verb<DemoOptions> run);
void add_trigger(CLI::App& app, Context& context, Verb<TriggerOptions> run);
void add_why(CLI::App& app, Context& context, Verb<WhyOptions> run);
void add_dlq(CLI::App& app, Context& context, Verb<DlqOptions> const& run);
void add_outbox(CLI::App& app, Context& context, Verb<OutboxOptions> const& run);
void add_shop(CLI::App& app, Context& context, ShopVerbs run);
void add_sequence(CLI::App& app, Context& context, Verb<SequenceOptions> run, Verb<SimulateOptions> simulate);
void add_law(CLI::App& app, Context& context, Verb<LawOptions> const& run);
void add_config(CLI::App& app, Context& context, Verb<ConfigOptions> run);
void add_migrate(CLI::App& app, Context& context, Verb<MigrateOptions> run);
void add_model(CLI::App& app, Context& context, Verb<ModelOptions> run);
void add_healthcheck(CLI::App& app, Context& context, Verb<HealthcheckOptions> run);
void add_version(CLI::App& app, Context& context, Verb<VersionOptions> run);

int run_serve(ServeOptions const& options, Context& context);
int run_dev(DevOptions const& options, Context& context);
int run_demo(DemoOptions const& options, Context& context);
int run_trigger(TriggerOptions const& options, Context& context);
int run_why(WhyOptions const& options, Context& context);
int run_dlq(DlqOptions const& options, Context& context);
int run_outbox(OutboxOptions const& options, Context& context);
int run_shop_add(ShopAddOptions const& options, Context& context);
int run_shop_set(ShopSetOptions const& options, Context& context);
int run_shop_list(ShopListOptions const& options, Context& context);
int run_shop_secret(ShopSecretOptions const& options, Context& context);
int run_shop_key(ShopKeyOptions const& options, Context& context);
int run_shop_origins(ShopOriginsOptions const& options, Context& context);
int run_sequence(SequenceOptions const& options, Context& context);
int run_sequence_simulate(SimulateOptions const& options, Context& context);
int run_law(LawOptions const& options, Context& context);
int run_config(ConfigOptions const& options, Context& context);
int run_migrate(MigrateOptions const& options, Context& context);
int run_model(ModelOptions const& options, Context& context);
int run_healthcheck(HealthcheckOptions const& options, Context& context);
int run_version(VersionOptions const& options, Context& context);

}  // namespace recoup::app
