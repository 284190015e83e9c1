#include "adapter/postgres/access_store.hpp"

#include "adapter/postgres/secret_row.hpp"
#include "adapter/postgres/statement.hpp"

namespace recoup::postgres {
namespace {

constexpr Statement read_shop{"access_read_shop", "select doc from shop where shop_id = $1"};
constexpr Statement write_origins{"access_write_origins",
                                  "update shop set doc = jsonb_set(doc, '{origins}', to_jsonb($2::text[])) where shop_id = $1"};
constexpr Statement list_keys{
    "access_list_keys",
    "select shop_id, source, kind, secret, ms_of(not_after), scopes, label, hint, ms_of(created_at), ms_of(last_used_at) "
    "from shop_secret where shop_id = $1 and kind in ('bearer', 'write_key') order by created_at, secret"};
constexpr Statement end_one{
    "access_end_key",
    "update shop_secret set not_after = at_ms($5) where shop_id = $1 and source = $2 and kind = $3 and secret = $4 "
    "and (not_after is null or not_after > at_ms($5))"};

Error no_shop(std::string_view shop_id) {
    return error(Errc::not_found, "no shop is called '" + std::string(shop_id) + "'; see `recoup shop list`");
}

}  // namespace

Result<std::vector<ShopSecret>> PostgresAccessStore::keys(std::string_view shop_id) {
    std::string const shop(shop_id);
    return run(pool_, [&](pqxx::work& tx) -> Result<std::vector<ShopSecret>> {
        if (exec(tx, read_shop, shop).empty()) return no_shop(shop);
        std::vector<ShopSecret> keys;
        for (auto const& row : exec(tx, list_keys, shop)) keys.push_back(read_secret(row));
        return keys;
    });
}

Result<void> PostgresAccessStore::add_key(ShopSecret const& key, Instant now) {
    return run(pool_, [&](pqxx::work& tx) -> Result<void> {
        if (write_secret(tx, key, now)) return {};
        return no_shop(key.shop_id);
    });
}

Result<void> PostgresAccessStore::end_key(ShopSecret const& key, Instant now) {
    return run(pool_, [&](pqxx::work& tx) {
        exec(tx, end_one, key.shop_id, key.source, key.kind, key.secret, to_millis(now));
    });
}

Result<std::vector<std::string>> PostgresAccessStore::origins(std::string_view shop_id) {
    std::string const shop(shop_id);
    return run(pool_, [&](pqxx::work& tx) -> Result<std::vector<std::string>> {
        auto const rows = exec(tx, read_shop, shop);
        if (rows.empty()) return no_shop(shop);
        return document<Shop>(rows[0][0]).origins;
    });
}

Result<void> PostgresAccessStore::set_origins(std::string_view shop_id, std::vector<std::string> const& origins) {
    std::string const shop(shop_id);
    return run(pool_, [&](pqxx::work& tx) -> Result<void> {
        if (exec(tx, write_origins, shop, text_array(origins)).affected_rows() == 1) return {};
        return no_shop(shop);
    });
}

}  // namespace recoup::postgres
