#include "adapter/postgres/secret_row.hpp"

namespace recoup::postgres {
namespace {

constexpr Statement insert_secret{
    "shop_insert_secret",
    "insert into shop_secret (shop_id, source, kind, secret, created_at, not_after, scopes, label, hint) "
    "select shop_id, $2, $3, $4, at_ms($5), at_ms($6), $7::text[], $8, $9 from shop where shop_id = $1 "
    "on conflict (shop_id, source, kind, secret) do update "
    "set not_after = excluded.not_after, scopes = excluded.scopes, label = excluded.label"};

std::vector<std::string> texts(pqxx::field const& field) {
    std::vector<std::string> found;
    auto parser = field.as_array();
    for (auto [what, value] = parser.get_next(); what != pqxx::array_parser::juncture::done;
         std::tie(what, value) = parser.get_next())
        if (what == pqxx::array_parser::juncture::string_value) found.push_back(value);
    return found;
}

}  // namespace

ShopSecret read_secret(pqxx::row const& row) {
    ShopSecret secret{text(row[0]), text(row[1]), text(row[2]), text(row[3]), instant(row[4])};
    secret.scopes = texts(row[5]);
    secret.label = text(row[6]);
    secret.hint = text(row[7]);
    secret.created_at = instant(row[8]);
    secret.last_used_at = instant(row[9]);
    return secret;
}

bool write_secret(pqxx::transaction_base& tx, ShopSecret const& secret, Instant now) {
    auto const scopes = text_array(secret.scopes);
    return exec(tx, insert_secret, secret.shop_id, secret.source, secret.kind, secret.secret, to_millis(now),
                to_millis(secret.not_after), scopes, secret.label, secret.hint)
               .affected_rows() == 1;
}

}  // namespace recoup::postgres
