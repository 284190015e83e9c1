#include "app/commands/admin_client.hpp"

#include "app/commands/database.hpp"
#include "app/daemon/state_file.hpp"
#include "app/demo/daemon.hpp"

#include <algorithm>

namespace recoup::app {

Result<AdminClient::Json> AdminClient::call(std::string method, std::string const& path) {
    HttpCall call;
    call.method = std::move(method);
    call.url = url_ + path;
    call.headers = {{"Authorization", "Bearer " + token_}};
    call.deadline = Millis{30'000};
    auto const answer = client_.send(call);
    if (answer.kind != HttpAnswer::Kind::answered)
        return error(Errc::unavailable, "the daemon does not answer on its admin listener: " + answer.failure);
    auto json = Json::parse(answer.body, nullptr, false);
    if (answer.status == 200 && !json.is_discarded()) return Result<Json>{boost::system::in_place_value, std::move(json)};
    auto const detail = json.is_object() ? json.value("detail", "") : std::string{};
    auto const code = answer.status == 404 ? Errc::not_found : answer.status == 503 ? Errc::unavailable : Errc::invalid;
    return error(code, "the daemon answered " + std::to_string(answer.status) + ": " + detail);
}

Result<std::vector<AdminClient::Json>> AdminClient::list(std::string const& path, std::string const& query, std::int64_t limit) {
    auto const most = static_cast<std::size_t>(limit);
    std::vector<Json> items;
    std::string cursor;
    do {
        auto const page = call("GET", path + "?limit=" + std::to_string(std::min<std::size_t>(most - items.size(), 200)) + query + cursor);
        if (!page) return page.error();
        for (auto const& item : (*page)["data"]) items.push_back(item);
        auto const& next = (*page)["next"];
        cursor = next.is_string() ? query_part("cursor", next.get<std::string>()) : std::string{};
    } while (!cursor.empty() && items.size() < most);
    return items;
}

Result<AdminClient> admin_client(std::string url, std::string token, std::string const& data_dir, Context const& context,
                                 HttpClient& client) {
    auto const settings = settings_of(context);
    if (!settings) return settings.error();
    if (!settings->text("database.url").empty()) {
        if (url.empty()) url = "http://" + settings->text("admin.address");
        if (token.empty()) token = settings->text("admin.token");
    } else if (url.empty() || token.empty()) {
        auto const state = read_state(data_dir);
        if (!state) return state.error();
        if (url.empty()) url = state->admin_url;
        if (token.empty()) token = state->admin_token;
    }
    return AdminClient(url, token, client);
}

std::string query_part(std::string const& name, std::string const& value) {
    return value.empty() ? std::string{} : "&" + name + "=" + demo::percent_encode(value);
}

}  // namespace recoup::app
