#include "adapter/postgres/admin_list.hpp"
#include "adapter/postgres/admin_statements.hpp"
#include "adapter/postgres/admin_store.hpp"

namespace recoup::postgres {
namespace {

using admin_rows::epoch;

constexpr std::size_t story_rows = 2000;   // of each kind; a person with more has them listed by the API

Story read_story(pqxx::work& transaction, std::string const& shop, std::string const& person,
                 std::string const& enrollment) {
    ListFilter filter;
    filter.page.shop_id = shop;
    filter.page.limit = story_rows;
    filter.person_id = person;
    Story story;
    story.shop_id = shop;
    story.person_id = person;
    for (auto const& row : transaction.exec_params(admin_sql::story_contact, shop, person)) {
        story.email = text(row[0]);
        story.phone = text(row[1]);
    }
    story.orders = read_list<OrderRow>(transaction, admin_sql::orders, filter).rows;
    filter.enrollment_id = enrollment;
    story.enrollments = read_list<EnrollmentRow>(transaction, admin_sql::enrollments, filter).rows;
    story.decisions = read_list<DecisionRow>(transaction, admin_sql::decisions, filter).rows;
    story.messages = read_list<MessageRow>(transaction, admin_sql::messages, filter).rows;
    for (auto const& row : transaction.exec_params(admin_sql::story_coming, shop, person, enrollment))
        story.coming.push_back({text(row[0]), text(row[1]), row[2].as<int>(), epoch(row[3])});
    return story;
}

}  // namespace

Result<std::vector<Story>> PostgresAdminStore::stories(StoryQuery const& query) {
    return run(pool_, [&](pqxx::work& transaction) {
        transaction.exec("set transaction isolation level repeatable read read only");
        std::vector<Story> found;
        for (auto const& row : transaction.exec_params(admin_sql::story_subjects, query.shop_id, query.email,
                                                       query.message_id, query.enrollment_id))
            found.push_back(read_story(transaction, text(row[0]), text(row[1]), text(row[2])));
        return found;
    });
}

}  // namespace recoup::postgres
