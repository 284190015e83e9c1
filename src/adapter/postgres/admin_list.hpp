#pragma once
// Running one list statement of admin_statements.hpp.

#include "adapter/postgres/admin_rows.hpp"

#include <string>

namespace recoup::postgres {

struct ListFilter {
    PageQuery page;
    std::string person_id, enrollment_id;   // '' = all
};

/// One row more than the page is fetched, to know whether there is a next one.
template <class Row>
Page<Row> read_list(pqxx::work& transaction, char const* statement, ListFilter const& filter) {
    auto const& query = filter.page;
    auto const found = transaction.exec_params(statement, query.shop_id, to_rfc3339(query.after.at), query.after.id,
                                               to_rfc3339(query.since), static_cast<std::int64_t>(query.limit) + 1,
                                               query.email, query.cart, filter.person_id, filter.enrollment_id);
    Page<Row> page;
    for (auto const& row : found) {
        if (page.rows.size() == query.limit) {
            page.next = admin_rows::key_of(page.rows.back());
            break;
        }
        admin_rows::read(row, page.rows.emplace_back());
    }
    return page;
}

}  // namespace recoup::postgres
