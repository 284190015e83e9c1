#include "adapter/postgres/reason_table.hpp"

#include "adapter/postgres/rows.hpp"

#include "recoup/domain/decision.hpp"

namespace recoup::postgres {
namespace {

constexpr Statement forget_reasons{"reason_forget", "delete from reason where reason <> all($1::text[])"};
constexpr Statement put_reasons{
    "reason_put",
    "insert into reason select r.reason, r.healthy, r.sentence from unnest($1::text[], $2::bool[], $3::text[]) "
    "as r(reason, healthy, sentence) on conflict (reason) do update set healthy = excluded.healthy, sentence = excluded.sentence "
    "where (reason.healthy, reason.sentence) is distinct from (excluded.healthy, excluded.sentence)"};

}  // namespace

void write_reasons(pqxx::work& tx) {
    std::vector<std::string> names;
    Rows rows{{"reason"}, {"healthy", Rows::Type::boolean}, {"sentence"}};
    for (int i = 0; i < reason_count; ++i) {
        auto const reason = static_cast<Reason>(i);
        names.emplace_back(name(reason));
        rows.row().put("reason", name(reason)).put("healthy", reason_is_healthy(reason)).put("sentence", sentence(reason));
    }
    exec(tx, forget_reasons, text_array(names));
    exec_rows(tx, put_reasons, {}, rows);
}

}  // namespace recoup::postgres
