#pragma once
// The admin store on Postgres. Statements are in admin_statements.hpp and admin_report_statements.hpp.

#include "adapter/postgres/connection.hpp"
#include "recoup/port/admin_store.hpp"

namespace recoup::postgres {

class PostgresAdminStore final : public AdminStore {
public:
    /// `pool` outlives the store.
    explicit PostgresAdminStore(Pool& pool) : pool_(pool) {}

    Result<std::vector<Shop>> shops() override;
    Result<bool> shop_exists(std::string_view shop_id) override;

    Result<Page<EventRow>> events(PageQuery const& query) override;
    Result<Page<PersonRow>> people(PageQuery const& query) override;
    Result<Page<CartRow>> carts(PageQuery const& query) override;
    Result<Page<EnrollmentRow>> enrollments(PageQuery const& query) override;
    Result<Page<MessageRow>> messages(PageQuery const& query) override;
    Result<Page<DecisionRow>> decisions(PageQuery const& query) override;
    Result<Page<OrderRow>> orders(PageQuery const& query) override;
    Result<Page<ExportRow>> exports(PageQuery const& query) override;

    Result<ReportRows> report(ReportQuery const& query) override;
    Result<std::vector<Story>> stories(StoryQuery const& query) override;

private:
    Pool& pool_;
};

}  // namespace recoup::postgres
