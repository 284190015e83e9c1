#include "adapter/postgres/shop_store.hpp"
#include "adapter/source/list.hpp"
#include "app/cli/commands.hpp"
#include "app/cli/table.hpp"
#include "app/commands/database.hpp"
#include "app/dev/dev_shop.hpp"
#include "app/templates.hpp"
#include "core/key/shop_key.hpp"
#include "core/law/places.hpp"

#include "recoup/base/clock.hpp"
#include "recoup/base/digest.hpp"

#include <fstream>
#include <iostream>
#include <sstream>

namespace recoup::app {
namespace {

bool is_slug(std::string const& id) {
    if (id.empty() || id.size() > 63 || id.front() == '-') return false;
    for (char const c : id)
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-')) return false;
    return true;
}

Result<std::string> read_value(std::string const& path) {
    std::stringstream text;
    if (path == "-") {
        text << std::cin.rdbuf();
    } else {
        std::ifstream file(path);
        if (!(file && text << file.rdbuf())) return error(Errc::invalid, "cannot read " + path);
    }
    auto value = text.str();
    while (value.ends_with('\n') || value.ends_with('\r')) value.pop_back();
    if (value.empty()) return error(Errc::invalid, "the secret is empty; an empty secret would let anybody sign");
    return value;
}

Result<void> apply_default_sequences(Context& context, postgres::ShopStore& shops, std::string const& shop_id, Instant now) {
    auto const settings = settings_of(context);
    if (!settings) return settings.error();
    auto const templates = FileTemplates::load(settings->text("templates.dir"));
    if (!templates) return templates.error();
    auto const sequences = sequences_of(settings->text("sequences.dir"),
                                        [&](std::string_view name, Channel channel) { return templates->exists(name, channel); });
    if (!sequences) return sequences.error();
    for (auto const& sequence : *sequences)
        if (auto applied = shops.apply_sequence(shop_id, sequence, now); !applied) return applied.error();
    return {};
}

Result<std::string> kind_of(ShopSecretOptions const& options) {
    std::string known;
    for (auto const& source : source::all_sources()) {
        known += (known.empty() ? "" : ", ") + std::string(source->name());
        if (source->name() != options.source) continue;
        auto const kinds = source->secret_kinds();
        if (options.kind.empty() && !kinds.empty()) return std::string(kinds.front());
        std::string names;
        for (auto const kind : kinds) {
            if (kind == options.kind) return options.kind;
            names += (names.empty() ? "" : ", ") + std::string(kind);
        }
        return error(Errc::invalid, options.source + " takes secrets of kind: " + names);
    }
    return error(Errc::invalid, "no source is called '" + options.source + "'; there are: " + known);
}

Error no_zone(std::string const& named) { return error(Errc::invalid, "'" + named + "' is no IANA time zone, write America/New_York"); }

}  // namespace

int run_shop_add(ShopAddOptions const& options, Context& context) {
    if (!is_slug(options.id))
        return fail(context, error(Errc::invalid, "a shop id is 1 to 63 of a-z, 0-9 and '-', not starting with '-'"));
    if (!core::known_zone(options.timezone))
        return fail(context, no_zone(options.timezone));
    auto const database = database_of(context, options.data_dir);
    if (!database) return fail(context, database.error());
    auto pool = verb_pool(*database);
    postgres::ShopStore shops(pool);
    Shop shop;
    shop.id = options.id;
    shop.name = options.display_name.empty() ? options.id : options.display_name;
    shop.domain = options.domain;
    shop.currency = options.currency;
    shop.country = options.country;
    shop.timezone = options.timezone;
    shop.locale = options.locale;
    shop.email_from = options.email_from.empty() ? shop.name + " <hello@" + options.domain + ">" : options.email_from;
    shop.sms_from = options.sms_from;
    shop.postal_address = options.postal_address;
    auto const now = SystemClock().now();
    if (auto added = shops.add(shop, now); !added) return fail(context, added.error());
    if (auto applied = apply_default_sequences(context, shops, shop.id, now); !applied) return fail(context, applied.error());
    Table table({"shop", "domain", "currency", "timezone"});
    table.row({shop.id, shop.domain, shop.currency, shop.timezone});
    show(table, context);
    if (!context.json() && shop.postal_address.empty())
        context.err << "Without --postal-address no mail goes to places whose law wants one in it: recoup shop set " << shop.id << "\n";
    if (!context.json()) context.err << "Next: recoup shop secret " << shop.id << " shopify\n";
    return exit_ok;
}

int run_shop_set(ShopSetOptions const& options, Context& context) {
    if (options.timezone && !core::known_zone(*options.timezone)) return fail(context, no_zone(*options.timezone));
    std::map<std::string, std::string> fields;
    auto const note = [&](char const* field, std::optional<std::string> const& value) {
        if (value) fields.emplace(field, *value);
    };
    note("name", options.display_name);
    note("email_from", options.email_from);
    note("sms_from", options.sms_from);
    note("postal_address", options.postal_address);
    note("country", options.country);
    note("timezone", options.timezone);
    if (fields.empty()) return fail(context, error(Errc::invalid, "name what is to change: --postal-address, --name, ..."));
    auto const database = database_of(context, options.data_dir);
    if (!database) return fail(context, database.error());
    auto pool = verb_pool(*database);
    if (auto done = postgres::ShopStore(pool).change(options.id, fields); !done) return fail(context, done.error());
    return exit_ok;
}

int run_shop_list(ShopListOptions const& options, Context& context) {
    auto const database = database_of(context, options.data_dir);
    if (!database) return fail(context, database.error());
    auto pool = verb_pool(*database);
    auto const shops = postgres::ShopStore(pool).list();
    if (!shops) return fail(context, shops.error());
    Table table({"shop", "domain", "currency", "timezone", "status"});
    for (auto const& shop : *shops)
        table.row({shop.id, shop.domain, shop.currency, shop.timezone, shop.uninstalled_at == never ? "installed" : "uninstalled"});
    show(table, context);
    return exit_ok;
}

int run_shop_secret(ShopSecretOptions const& options, Context& context) {
    auto const kind = kind_of(options);
    if (!kind) return fail(context, kind.error());
    auto const database = database_of(context, options.data_dir);
    if (!database) return fail(context, database.error());
    auto pool = verb_pool(*database);
    postgres::ShopStore shops(pool);
    SystemRandom random;
    std::string value = fresh_secret(options.source, *kind, random);
    if (options.value_file) {
        auto given = read_value(*options.value_file);
        if (!given) return fail(context, given.error());
        value = *given;
    }
    ShopSecret secret{options.shop, options.source, *kind, *kind == "bearer" ? to_hex(sha256(value)) : value, never};
    if (core::is_key(secret)) secret.hint = core::key_hint(value);
    auto const now = SystemClock().now();
    if (auto added = shops.add_secret(secret, now); !added) return fail(context, added.error());
    if (options.revoke_others)
        if (auto done = shops.revoke_others(secret, now); !done) return fail(context, done.error());
    Table table({"shop", "source", "kind", "secret"});
    table.row({secret.shop_id, secret.source, secret.kind, options.value_file ? "(as given)" : value});
    show(table, context);
    return exit_ok;
}

}  // namespace recoup::app
