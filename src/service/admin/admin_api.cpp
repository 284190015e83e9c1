#include "service/admin/admin_api.hpp"

#include "service/admin/admin_route.hpp"
#include "service/admin/answers.hpp"
#include "service/admin/list_query.hpp"
#include "service/admin/why.hpp"

#include <algorithm>
#include <type_traits>

namespace recoup::service {
namespace {

constexpr std::int64_t longest_advance_seconds = 400LL * 24 * 3600;

bool is_slug(std::string_view text) {
    return !text.empty() && text.size() <= 63 && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    });
}

template <class Row>
ApiJson row_item(Row const& row, bool content) {
    if constexpr (std::is_same_v<Row, MessageRow> || std::is_same_v<Row, ExportRow>) return item(row, content);
    else return item(row);
}

template <class Row>
ApiJson page_json(std::string_view list, Page<Row> const& page, bool content) {
    ApiJson data = ApiJson::array();
    for (auto const& row : page.rows) data.push_back(row_item(row, content));
    return {{"data", std::move(data)}, {"next", page.next ? ApiJson(write_cursor(list, *page.next)) : ApiJson(nullptr)}};
}

Result<bool> read_include(HttpRequest const& request) {
    auto const include = request.query_value("include");
    if (!include.empty() && include != "content")
        return error(Errc::invalid, "The query parameter 'include' takes content.");
    return include == "content";
}

Result<Seconds> read_advance(std::string const& body) {
    auto const refusal = error(Errc::invalid, "The body must be {\"seconds\": n} with a whole n from 0 to " +
                                                  std::to_string(longest_advance_seconds) + ".");
    auto const json = ApiJson::parse(body, nullptr, false);
    if (!json.is_object() || json.size() != 1 || !json.contains("seconds")) return refusal;
    auto const& seconds = json["seconds"];
    if (!seconds.is_number_integer()) return refusal;
    if (seconds.is_number_unsigned() && seconds.get<std::uint64_t>() > longest_advance_seconds) return refusal;
    auto const count = seconds.get<std::int64_t>();
    if (count < 0 || count > longest_advance_seconds) return refusal;
    return Seconds{count};
}

}  // namespace

AdminApi::AdminApi(AdminStore& store, Clock const& clock, std::function<MeasureSettings()> settings,
                   ClockDriver* driver)
    : store_(store), clock_(clock), settings_(std::move(settings)), driver_(driver) {}

Route AdminApi::route(std::string method, std::string pattern, std::string_view summary, Answer answer) {
    return admin_route(std::move(method), std::move(pattern), summary,
                       [this, answer = std::move(answer)](HttpRequest const& request) { return answer(*this, request); });
}

template <class Row>
Route AdminApi::list_route(std::string_view list, std::string_view summary,
                           Result<Page<Row>> (AdminStore::*read)(PageQuery const&)) {
    auto answer = [list, read](AdminApi& self, HttpRequest const& request) -> Result<std::string> {
        auto const query = read_page_query(request, list);
        if (!query) return query.error();
        auto const content = read_include(request);
        if (!content) return content.error();
        if (auto const found = self.check_shop(request); !found) return found.error();
        auto const page = (self.store_.*read)(*query);
        if (!page) return page.error();
        return dump(page_json(list, *page, *content));
    };
    return route("GET", "/v1/shops/{shop}/" + std::string(list), summary, std::move(answer));
}

std::vector<Route> AdminApi::routes() {
    std::vector<Route> all;
    all.push_back(route("GET", "/v1/shops", "Shops", &AdminApi::shops));
    all.push_back(list_route("events", "Events folded, by received_at", &AdminStore::events));
    all.push_back(list_route("people", "People, by last_seen_at", &AdminStore::people));
    all.push_back(list_route("carts", "Carts, by last_activity_at", &AdminStore::carts));
    all.push_back(list_route("enrollments", "Enrollments, by opened_at", &AdminStore::enrollments));
    all.push_back(list_route("messages", "Messages, by planned_at", &AdminStore::messages));
    all.push_back(list_route("decisions", "Decisions with their trace, by at", &AdminStore::decisions));
    all.push_back(list_route("orders", "Orders, by placed_at", &AdminStore::orders));
    all.push_back(list_route("exports", "What people asked to see of themselves, by requested_at", &AdminStore::exports));
    all.push_back(route("GET", "/v1/shops/{shop}/report", "Abandoned, recovered and measured", &AdminApi::report));
    all.push_back(route("GET", "/v1/shops/{shop}/why", "Why a person got what they got", &AdminApi::why));
    if (driver_ != nullptr) {
        auto clock = route("POST", "/v1/clock/advance",
                           "Move the clock and do all that falls due; only there with a manual clock",
                           &AdminApi::advance);
        clock.body_limit = 1024;
        all.push_back(std::move(clock));
    }
    return all;
}

Result<void> AdminApi::check_shop(HttpRequest const& request) {
    auto const& shop = request.captures.at(0);
    auto const missing = error(Errc::not_found, "There is no such shop; GET /v1/shops lists them.");
    if (!is_slug(shop)) return missing;
    auto const found = store_.shop_exists(shop);
    if (!found) return found.error();
    if (!*found) return missing;
    return {};
}

Result<std::string> AdminApi::shops(HttpRequest const&) {
    auto const found = store_.shops();
    if (!found) return found.error();
    ApiJson data = ApiJson::array();
    for (auto const& shop : *found) data.push_back(item(shop));
    return dump({{"data", std::move(data)}, {"next", nullptr}});
}

Result<std::string> AdminApi::report(HttpRequest const& request) {
    ReportQuery query;
    query.shop_id = request.captures.at(0);
    auto const since = read_time(request, "since", never);
    if (!since) return since.error();
    auto const until = read_time(request, "until", clock_.now());
    if (!until) return until.error();
    if (*until < *since)
        return error(Errc::invalid, "The period ends before it begins; 'until' must not be before 'since'.");
    if (auto const found = check_shop(request); !found) return found.error();
    auto const settings = settings_();
    query.since = *since;
    query.until = *until;
    query.window = settings.attribution_window;
    auto asked = query;
    bool const until_now = request.query_value("until").empty();
    if (until_now) asked.until += Millis{1};   // what happened in this very millisecond is part of "until now"
    auto const rows = store_.report(asked);
    if (!rows) return rows.error();
    return dump(report_json(*rows, query, settings));
}

Result<std::string> AdminApi::why(HttpRequest const& request) {
    StoryQuery query;
    query.shop_id = request.captures.at(0);
    auto const email = read_email(request);
    if (!email) return email.error();
    query.email = *email;
    query.message_id = request.query_value("message");
    query.enrollment_id = request.query_value("enrollment");
    if (auto const found = check_shop(request); !found) return found.error();
    auto const stories = read_stories(store_, query);
    if (!stories) return stories.error();
    ApiJson data = ApiJson::array();
    for (auto const& story : *stories) data.push_back(story_json(story));
    return dump({{"data", std::move(data)}, {"next", nullptr}});
}

Result<std::string> AdminApi::advance(HttpRequest const& request) {
    auto const by = read_advance(request.body);
    if (!by) return by.error();
    auto const now = driver_->advance(*by);
    if (!now) return now.error();
    return dump({{"now", to_rfc3339(*now)}});
}

}  // namespace recoup::service
