#include "service/admin/why.hpp"

namespace recoup::service {

Result<std::vector<Story>> read_stories(AdminStore& store, StoryQuery const& query) {
    int const given = !query.email.empty() + !query.message_id.empty() + !query.enrollment_id.empty();
    if (given != 1) return error(Errc::invalid, "Give exactly one of email, message and enrollment.");
    auto stories = store.stories(query);
    if (!stories) return stories;
    if (!stories->empty()) return stories;
    if (!query.email.empty())
        return error(Errc::not_found, "No person is known by this email; the people list shows who is known.");
    if (!query.message_id.empty())
        return error(Errc::not_found, "There is no such message; the messages list shows all.");
    return error(Errc::not_found, "There is no such enrollment; the enrollments list shows all.");
}

ApiJson story_json(Story const& story) {
    ApiJson enrollments = ApiJson::array(), decisions = ApiJson::array(), messages = ApiJson::array(),
            coming = ApiJson::array(), orders = ApiJson::array();
    for (auto const& row : story.enrollments) enrollments.push_back(item(row));
    for (auto const& row : story.decisions) decisions.push_back(item(row));
    for (auto const& row : story.messages) messages.push_back(item(row, false));
    for (auto const& row : story.orders) orders.push_back(item(row));
    for (auto const& row : story.coming)
        coming.push_back({{"enrollment_id", row.enrollment_id},
                          {"step", row.step + 1},
                          {"channel", row.channel},
                          {"due_at", time_or_null(row.due_at)}});
    return {{"shop", story.shop_id},
            {"person_id", story.person_id},
            {"email", text_or_null(story.email)},
            {"phone", text_or_null(story.phone)},
            {"enrollments", std::move(enrollments)},
            {"decisions", std::move(decisions)},
            {"messages", std::move(messages)},
            {"coming", std::move(coming)},
            {"orders", std::move(orders)},
            {"text", story_text(story)}};
}

Result<std::string> why_text(AdminStore& store, StoryQuery const& query) {
    auto const stories = read_stories(store, query);
    if (!stories) return stories.error();
    std::string text;
    for (auto const& story : *stories) text += (text.empty() ? "" : "\n") + story_text(story);
    return text;
}

Result<std::string> why_json(AdminStore& store, StoryQuery const& query) {
    auto const stories = read_stories(store, query);
    if (!stories) return stories.error();
    ApiJson list = ApiJson::array();
    for (auto const& story : *stories) list.push_back(story_json(story));
    return dump(list);
}

}  // namespace recoup::service
