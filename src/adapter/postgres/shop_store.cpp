#include "adapter/postgres/shop_store.hpp"

#include "adapter/postgres/secret_row.hpp"
#include "adapter/postgres/statement.hpp"

#include <nlohmann/json.hpp>

namespace recoup::postgres {
namespace {

constexpr Statement insert_shop{"shop_insert",
                                "insert into shop (shop_id, doc, created_at) values ($1, $2::jsonb, at_ms($3)) "
                                "on conflict do nothing"};
constexpr Statement change_shop{"shop_change", "update shop set doc = doc || $2::jsonb where shop_id = $1"};
constexpr Statement list_shops{"shop_list", "select doc from shop order by shop_id"};
constexpr Statement list_secrets{"shop_list_secrets",
                                 "select shop_id, source, kind, secret, ms_of(not_after), scopes, label, hint, "
                                 "ms_of(created_at), ms_of(last_used_at) from shop_secret order by created_at"};
constexpr Statement note_use{
    "shop_note_key_use",
    "update shop_secret set last_used_at = greatest(last_used_at, at_ms($5)) "
    "where shop_id = $1 and source = $2 and kind = $3 and secret = $4"};
constexpr Statement revoke{"shop_revoke_secrets",
                           "update shop_secret set not_after = at_ms($5) where shop_id = $1 and source = $2 and kind = $3 "
                           "and secret <> $4 and (not_after is null or not_after > at_ms($5))"};

constexpr Statement active_by_trigger{
    "sequence_active_by_trigger",
    "select name, version, doc from sequence where shop_id = $1 and trigger = $2 and active for update"};
constexpr Statement newest_version{"sequence_newest_version",
                                   "select coalesce(max(version), 0) from sequence where shop_id = $1 and name = $2"};
constexpr Statement deactivate{"sequence_deactivate",
                               "update sequence set active = false where shop_id = $1 and trigger = $2 and active"};
constexpr Statement insert_sequence{
    "sequence_insert",
    "insert into sequence (shop_id, name, version, trigger, doc, applied_at, active) "
    "values ($1, $2, $3, $4, $5::jsonb, at_ms($6), true)"};
constexpr Statement list_active{"sequence_list_active",
                                "select doc, version from sequence where shop_id = $1 and active order by trigger"};

constexpr Statement read_fact{"install_read", "select value from install where name = $1"};
constexpr Statement keep_fact{"install_keep", "insert into install (name, value) values ($1, $2) on conflict do nothing"};
constexpr Statement write_fact{"install_write",
                               "insert into install (name, value) values ($1, $2) "
                               "on conflict (name) do update set value = excluded.value"};

}  // namespace

Result<void> ShopStore::add(Shop const& shop, Instant now) {
    return run(pool_, [&](pqxx::work& tx) -> Result<void> {
        auto const added = exec(tx, insert_shop, shop.id, json_parameter(shop), to_millis(now));
        if (added.affected_rows() != 1) return error(Errc::conflict, "shop '" + shop.id + "' exists already");
        return {};
    });
}

Result<void> ShopStore::change(std::string const& shop_id, std::map<std::string, std::string> const& fields) {
    return run(pool_, [&](pqxx::work& tx) -> Result<void> {
        if (exec(tx, change_shop, shop_id, nlohmann::json(fields).dump()).affected_rows() == 1) return {};
        return error(Errc::not_found, "there is no shop '" + shop_id + "'; `recoup shop list` names them");
    });
}

Result<std::vector<Shop>> ShopStore::list() {
    return run(pool_, [&](pqxx::work& tx) -> std::vector<Shop> {
        std::vector<Shop> shops;
        for (auto const& row : exec(tx, list_shops)) shops.push_back(document<Shop>(row[0]));
        return shops;
    });
}

Result<std::vector<ShopSecret>> ShopStore::secrets() {
    return run(pool_, [&](pqxx::work& tx) -> std::vector<ShopSecret> {
        std::vector<ShopSecret> secrets;
        for (auto const& row : exec(tx, list_secrets))
            secrets.push_back(read_secret(row));
        return secrets;
    });
}

Result<void> ShopStore::add_secret(ShopSecret const& secret, Instant now) {
    return run(pool_, [&](pqxx::work& tx) -> Result<void> {
        if (write_secret(tx, secret, now)) return {};
        return error(Errc::not_found, "no shop is called '" + secret.shop_id + "'; see `recoup shop list`");
    });
}

Result<void> ShopStore::revoke_others(ShopSecret const& kept, Instant now) {
    return run(pool_, [&](pqxx::work& tx) {
        exec(tx, revoke, kept.shop_id, kept.source, kept.kind, kept.secret, to_millis(now));
    });
}

Result<void> ShopStore::note_uses(std::vector<ShopSecret> const& used) {
    if (used.empty()) return {};
    return run(pool_, [&](pqxx::work& tx) {
        for (auto const& key : used)
            exec(tx, note_use, key.shop_id, key.source, key.kind, key.secret, to_millis(key.last_used_at));
    });
}

Result<int> ShopStore::apply_sequence(std::string const& shop_id, Sequence const& sequence, Instant now) {
    return run(pool_, [&](pqxx::work& tx) -> int {
        auto const trigger = std::string(name(sequence.trigger));
        auto const active = exec(tx, active_by_trigger, shop_id, trigger);
        if (!active.empty()) {
            auto held = document<Sequence>(active[0][2]);
            held.version = sequence.version;
            if (held == sequence) return active[0][1].as<int>();
        }
        int const version = exec(tx, newest_version, shop_id, sequence.name)[0][0].as<int>() + 1;
        exec(tx, deactivate, shop_id, trigger);
        exec(tx, insert_sequence, shop_id, sequence.name, version, trigger, json_parameter(sequence),
             to_millis(now));
        return version;
    });
}

Result<std::vector<Sequence>> ShopStore::active_sequences(std::string const& shop_id) {
    return run(pool_, [&](pqxx::work& tx) -> std::vector<Sequence> {
        std::vector<Sequence> sequences;
        for (auto const& row : exec(tx, list_active, shop_id)) {
            sequences.push_back(document<Sequence>(row[0]));
            sequences.back().version = row[1].as<int>();
        }
        return sequences;
    });
}

Result<std::optional<std::string>> ShopStore::fact(std::string const& name) {
    return run(pool_, [&](pqxx::work& tx) -> std::optional<std::string> {
        auto const rows = exec(tx, read_fact, name);
        return rows.empty() ? std::nullopt : std::optional(text(rows[0][0]));
    });
}

Result<std::string> ShopStore::fact_or(std::string const& name, std::string const& value) {
    return run(pool_, [&](pqxx::work& tx) -> std::string {
        exec(tx, keep_fact, name, value);
        return text(exec(tx, read_fact, name)[0][0]);
    });
}

Result<void> ShopStore::set_fact(std::string const& name, std::string const& value) {
    return run(pool_, [&](pqxx::work& tx) { exec(tx, write_fact, name, value); });
}

std::shared_ptr<ShopAccess const> CachedShopDirectory::find(std::string_view shop_id) const {
    auto const shops = shops_.load();
    if (!shops) return nullptr;
    auto const it = shops->find(shop_id);
    return it == shops->end() ? nullptr : it->second;
}

Result<void> CachedShopDirectory::refresh() {
    auto shops = store_.list();
    if (!shops) return shops.error();
    auto secrets = store_.secrets();
    if (!secrets) return secrets.error();
    std::map<std::string, std::shared_ptr<ShopAccess>> fresh;
    for (auto& shop : *shops) {
        auto access = std::make_shared<ShopAccess>();
        auto const id = shop.id;
        access->shop = std::move(shop);
        fresh.emplace(id, std::move(access));
    }
    for (auto& secret : *secrets)
        if (auto const it = fresh.find(secret.shop_id); it != fresh.end()) it->second->secrets.push_back(std::move(secret));
    shops_.store(std::make_shared<Shops const>(fresh.begin(), fresh.end()));
    return {};
}

}  // namespace recoup::postgres
