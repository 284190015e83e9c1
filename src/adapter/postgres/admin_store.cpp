#include "adapter/postgres/admin_store.hpp"

#include "adapter/postgres/admin_list.hpp"
#include "adapter/postgres/admin_statements.hpp"
#include "core/codec/documents.hpp"

namespace recoup::postgres {
namespace {

template <class Row>
Result<Page<Row>> list(Pool& pool, char const* statement, PageQuery const& query) {
    return run(pool, [&](pqxx::work& transaction) { return read_list<Row>(transaction, statement, {query, {}, {}}); });
}

}  // namespace

Result<std::vector<Shop>> PostgresAdminStore::shops() {
    return run(pool_, [](pqxx::work& transaction) {
        std::vector<Shop> found;
        for (auto const& row : transaction.exec_params(admin_sql::shops))
            found.push_back(core::from_json_text<Shop>(row[0].c_str()));
        return found;
    });
}

Result<bool> PostgresAdminStore::shop_exists(std::string_view shop_id) {
    return run(pool_, [&](pqxx::work& transaction) {
        return transaction.exec_params1(admin_sql::shop_exists, std::string(shop_id))[0].as<bool>();
    });
}

Result<Page<EventRow>> PostgresAdminStore::events(PageQuery const& query) {
    return list<EventRow>(pool_, admin_sql::events, query);
}
Result<Page<PersonRow>> PostgresAdminStore::people(PageQuery const& query) {
    return list<PersonRow>(pool_, admin_sql::people, query);
}
Result<Page<CartRow>> PostgresAdminStore::carts(PageQuery const& query) {
    return list<CartRow>(pool_, admin_sql::carts, query);
}
Result<Page<EnrollmentRow>> PostgresAdminStore::enrollments(PageQuery const& query) {
    return list<EnrollmentRow>(pool_, admin_sql::enrollments, query);
}
Result<Page<MessageRow>> PostgresAdminStore::messages(PageQuery const& query) {
    return list<MessageRow>(pool_, admin_sql::messages, query);
}
Result<Page<DecisionRow>> PostgresAdminStore::decisions(PageQuery const& query) {
    return list<DecisionRow>(pool_, admin_sql::decisions, query);
}
Result<Page<OrderRow>> PostgresAdminStore::orders(PageQuery const& query) {
    return list<OrderRow>(pool_, admin_sql::orders, query);
}
Result<Page<ExportRow>> PostgresAdminStore::exports(PageQuery const& query) {
    return list<ExportRow>(pool_, admin_sql::exports, query);
}

}  // namespace recoup::postgres
