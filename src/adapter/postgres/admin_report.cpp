#include "adapter/postgres/admin_report_statements.hpp"
#include "adapter/postgres/admin_rows.hpp"
#include "adapter/postgres/admin_store.hpp"

namespace recoup::postgres {
namespace {

using admin_rows::epoch;
using admin_rows::integer;

void read_counts(pqxx::work& transaction, std::string const& shop, std::string const& since, std::string const& until,
                 ReportRows& out) {
    for (auto const& row : transaction.exec_params(admin_sql::report_abandoned, shop, since, until))
        out.abandoned.push_back({text(row[0]), integer(row[1]), integer(row[2])});
    for (auto const& row : transaction.exec_params(admin_sql::report_opened, shop, since, until))
        out.opened.push_back({text(row[0]), text(row[1]), integer(row[2])});
    for (auto const& row : transaction.exec_params(admin_sql::report_ended, shop, since, until))
        out.ended.push_back({text(row[0]), integer(row[1])});
    for (auto const& row : transaction.exec_params(admin_sql::report_silences, shop, since, until))
        out.silences.push_back({text(row[0]), integer(row[1])});
}

/// What else happened to people meanwhile.
void read_disturbances(pqxx::work& transaction, std::string const& shop, std::string const& since, std::string const& until,
                       ReportRows& out) {
    for (auto const& row : transaction.exec_params(admin_sql::report_other_mail, shop, since, until))
        out.other_mail.push_back({text(row[0]), text(row[1]), integer(row[2])});
    for (auto const& row : transaction.exec_params(admin_sql::report_sales, shop, since, until))
        out.sales.push_back({shop, epoch(row[0]), epoch(row[1]), text(row[2])});
}

ReportRows::Messages read_messages(pqxx::row const& row) {
    ReportRows::Messages out;
    out.sequence = text(row[0]);
    out.step = row[1].as<int>();
    out.step_name = text(row[2]);
    out.channel = text(row[3]);
    out.sent = integer(row[4]);
    out.sending = integer(row[5]);
    out.retry = integer(row[6]);
    out.rejected = integer(row[7]);
    out.unknown = integer(row[8]);
    out.clicked = integer(row[9]);
    return out;
}

ReportRows::Touch read_touch(pqxx::row const& row) {
    ReportRows::Touch out;
    out.order_id = text(row[0]);
    out.currency = text(row[1]);
    out.net_minor = integer(row[2]);
    out.placed_at = epoch(row[3]);
    out.message_id = text(row[4]);
    out.sequence = text(row[5]);
    out.step = row[6].as<int>();
    out.step_name = text(row[7]);
    out.channel = text(row[8]);
    out.sent_at = epoch(row[9]);
    out.clicked_at = epoch(row[10]);
    return out;
}

}  // namespace

Result<ReportRows> PostgresAdminStore::report(ReportQuery const& query) {
    return run(pool_, [&](pqxx::work& transaction) {
        transaction.exec("set transaction isolation level repeatable read read only");
        auto const since = to_rfc3339(query.since), until = to_rfc3339(query.until);
        auto const window = static_cast<std::int64_t>(query.window.count());
        ReportRows out;
        read_counts(transaction, query.shop_id, since, until, out);
        for (auto const& row : transaction.exec_params(admin_sql::report_messages, query.shop_id, since, until))
            out.messages.push_back(read_messages(row));
        for (auto const& row : transaction.exec_params(admin_sql::report_arms, query.shop_id, since, until, window))
            out.arms.push_back({text(row[0]), integer(row[2]), integer(row[3]), row[1].as<bool>()});
        read_disturbances(transaction, query.shop_id, since, until, out);
        for (auto const& row : transaction.exec_params(admin_sql::report_touches, query.shop_id, since, until, window))
            out.touches.push_back(read_touch(row));
        return out;
    });
}

}  // namespace recoup::postgres
