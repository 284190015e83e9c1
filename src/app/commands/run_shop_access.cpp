// `recoup shop key` and `recoup shop origins`.
#include "adapter/postgres/access_store.hpp"
#include "adapter/postgres/shop_store.hpp"
#include "app/cli/commands.hpp"
#include "app/cli/table.hpp"
#include "app/commands/database.hpp"
#include "app/daemon/key_sources.hpp"
#include "core/key/shop_key.hpp"
#include "core/web/origin.hpp"
#include "service/admin/access_desk.hpp"

#include "recoup/base/clock.hpp"

#include <algorithm>

namespace recoup::app {
namespace {

nlohmann::json cell(Instant at) { return at == never ? nlohmann::json(nullptr) : nlohmann::json(to_rfc3339(at)); }
nlohmann::json cell(std::string const& text) { return text.empty() ? nlohmann::json(nullptr) : nlohmann::json(text); }

std::string joined(std::vector<std::string> const& scopes) {
    std::string out;
    for (auto const& scope : scopes) out += (out.empty() ? "" : ",") + scope;
    return out.empty() ? "*" : out;
}

int create_key(ShopKeyOptions const& options, Context& context, service::AccessDesk& desk) {
    auto const now = SystemClock().now();
    service::KeyWish wish{options.source, options.scopes, options.label, never};
    if (!options.expires_in.empty()) {
        auto const life = parse_duration(options.expires_in);
        if (!life) return fail(context, error(Errc::invalid, "--expires-in takes a duration like 90d"));
        wish.not_after = now + *life;
    }
    auto const made = desk.create(options.shop, wish, now);
    if (!made) return fail(context, made.error());
    Table table({"id", "shop", "source", "scopes", "expires_at", "key"});
    table.row({core::key_id(made->key), made->key.shop_id, made->key.source, joined(made->key.scopes),
               cell(made->key.not_after), made->shown});
    show(table, context);
    if (!context.json()) context.err << "Keep it now: only its hash is stored.\n";
    return exit_ok;
}

int list_keys(ShopKeyOptions const& options, Context& context, service::AccessDesk& desk) {
    auto const keys = desk.list(options.shop);
    if (!keys) return fail(context, keys.error());
    auto const now = SystemClock().now();
    Table table({"id", "source", "hint", "name", "scopes", "status", "created_at", "expires_at", "last_used_at"});
    for (auto const& key : *keys)
        table.row({core::key_id(key), key.source, cell(key.hint), cell(key.label), joined(key.scopes),
                   core::is_active(key, now) ? "active" : "ended", cell(key.created_at), cell(key.not_after),
                   cell(key.last_used_at)});
    show(table, context);
    return exit_ok;
}

int revoke_key(ShopKeyOptions const& options, Context& context, service::AccessDesk& desk, postgres::ShopStore& facts) {
    auto now = SystemClock().now();
    auto const manual = facts.fact("clock");   // a manual clock may stand before the real one
    if (!manual) return fail(context, manual.error());
    if (auto const at = parse_rfc3339(manual->value_or("")); at) now = std::min(now, *at);
    auto const ended = desk.revoke(options.shop, options.id, now);
    if (!ended) return fail(context, ended.error());
    Table table({"id", "shop", "source", "expires_at"});
    table.row({core::key_id(*ended), ended->shop_id, ended->source, cell(ended->not_after)});
    show(table, context);
    return exit_ok;
}

Result<std::vector<std::string>> changed(std::vector<std::string> origins, ShopOriginsOptions const& options) {
    for (auto const& text : options.remove) {
        auto const origin = core::normal_origin(text);
        if (!origin) return origin.error();
        if (std::erase(origins, *origin) == 0) return error(Errc::not_found, "'" + text + "' is not among the shop's origins");
    }
    origins.insert(origins.end(), options.add.begin(), options.add.end());
    return origins;
}

}  // namespace

int run_shop_key(ShopKeyOptions const& options, Context& context) {
    auto const database = database_of(context, options.data_dir);
    if (!database) return fail(context, database.error());
    auto pool = verb_pool(*database);
    postgres::PostgresAccessStore store(pool);
    postgres::ShopStore facts(pool);
    SystemRandom random;
    service::AccessDesk desk(store, random, key_sources());
    switch (options.action) {
        case ShopKeyOptions::Action::create: return create_key(options, context, desk);
        case ShopKeyOptions::Action::list: return list_keys(options, context, desk);
        case ShopKeyOptions::Action::revoke: return revoke_key(options, context, desk, facts);
    }
    return exit_usage;
}

int run_shop_origins(ShopOriginsOptions const& options, Context& context) {
    auto const database = database_of(context, options.data_dir);
    if (!database) return fail(context, database.error());
    auto pool = verb_pool(*database);
    postgres::PostgresAccessStore store(pool);
    SystemRandom random;
    service::AccessDesk desk(store, random, {});
    auto origins = desk.origins(options.shop);
    if (origins && !(options.add.empty() && options.remove.empty())) {
        auto const wanted = changed(*origins, options);
        if (!wanted) return fail(context, wanted.error());
        origins = desk.set_origins(options.shop, *wanted);
    }
    if (!origins) return fail(context, origins.error());
    Table table({"shop", "origin"});
    for (auto const& origin : *origins) table.row({options.shop, origin});
    show(table, context);
    return exit_ok;
}

}  // namespace recoup::app
