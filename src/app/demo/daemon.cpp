#include "app/demo/daemon.hpp"

#include <algorithm>
#include <thread>

namespace recoup::demo {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds first_pause{50}, longest_pause{1000};
constexpr Millis admin_deadline{std::chrono::minutes{5}};
constexpr int advance_rounds = 20;

bool try_again(HttpAnswer const& answer) {
    return answer.kind != HttpAnswer::Kind::answered || answer.status == 429 || answer.status == 503;
}

Error refused(std::string const& path, HttpAnswer const& answer) {
    return error(Errc::invalid, path + " was answered with " + std::to_string(answer.status) + ": " +
                                    answer.body.substr(0, 300));
}

Result<nlohmann::json> document_of(std::string const& path, HttpAnswer const& answer) {
    auto document = nlohmann::json::parse(answer.body, nullptr, false);
    if (!document.is_object()) return error(Errc::internal, path + " was not answered with a JSON object");
    return Result<nlohmann::json>{boost::system::in_place_value, std::move(document)};
}

}  // namespace

Result<HttpAnswer> Daemon::deliver(HttpCall const& call) const {
    milliseconds waited{0};
    for (auto pause = first_pause;; pause = std::min(pause * 2, longest_pause)) {
        auto answer = client_.send(call);
        if (!try_again(answer)) return answer;
        if (waited >= access_.patience)
            return error(Errc::unavailable, "the daemon does not answer at " + access_.store.public_url + ": " + answer.failure);
        std::this_thread::sleep_for(pause);
        waited += pause;
    }
}

HttpCall Daemon::admin_call(std::string method, std::string const& path, std::string body) const {
    HttpCall call;
    call.method = std::move(method);
    call.url = access_.admin_url + path;
    call.headers.emplace_back("Authorization", "Bearer " + access_.admin_token);
    if (!body.empty()) call.headers.emplace_back("Content-Type", "application/json");
    call.body = std::move(body);
    call.deadline = admin_deadline;
    return call;
}

Result<nlohmann::json> Daemon::get(std::string const& path) const {
    auto const answer = deliver(admin_call("GET", path, {}));
    if (!answer) return answer.error();
    if (answer->status / 100 != 2) return refused(path, *answer);
    return document_of(path, *answer);
}

Result<Instant> Daemon::advance(Seconds by) const {
    std::string const path = "/v1/clock/advance";
    auto const call = admin_call("POST", path, nlohmann::json{{"seconds", by.count()}}.dump());
    auto answer = by.count() == 0 ? deliver(call) : Result<HttpAnswer>{client_.send(call)};
    if (!answer) return answer.error();
    if (try_again(*answer)) return error(Errc::unavailable, "the clock was not moved: " + answer->failure);
    if (answer->status / 100 != 2)
        return error(Errc::configuration,
                     "the demo moves time and needs `recoup dev --clock manual`: " + refused(path, *answer).message);
    auto const document = document_of(path, *answer);
    if (!document) return document.error();
    return parse_rfc3339(document->value("now", std::string{}));
}

Result<Instant> Daemon::advance_to(Instant target) const {
    for (int round = 0; round < advance_rounds; ++round) {
        // A call that was cut off may have moved the clock or not, so each round asks where it stands.
        auto const current = now();
        if (!current) return current.error();
        auto const left = std::chrono::ceil<Seconds>(target - *current);
        if (left.count() <= 0) return *current;
        auto const after = advance(left);
        if (after) return *after;
        if (after.error().code != Errc::unavailable) return after.error();
    }
    return error(Errc::unavailable, "the clock does not reach " + to_rfc3339(target));
}

Result<std::vector<nlohmann::json>> Daemon::list(std::string_view kind, std::string const& query) const {
    std::vector<nlohmann::json> items;
    std::string cursor;
    do {
        auto path = "/v1/shops/" + access_.store.shop + "/" + std::string(kind) + "?limit=50";
        if (!query.empty()) path += "&" + query;
        if (!cursor.empty()) path += "&cursor=" + percent_encode(cursor);
        auto page = get(path);
        if (!page) return page.error();
        for (auto& item : (*page)["data"]) items.push_back(std::move(item));
        auto const& next = (*page)["next"];
        cursor = next.is_string() ? next.get<std::string>() : std::string{};
    } while (!cursor.empty());
    return items;
}

std::string percent_encode(std::string_view text) {
    constexpr std::string_view hex = "0123456789ABCDEF";
    std::string out;
    for (char const c : text) {
        auto const byte = static_cast<unsigned char>(c);
        bool const plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' ||
                           c == '.' || c == '_' || c == '~';
        if (plain) {
            out += c;
        } else {
            out += '%';
            out += hex[byte >> 4];
            out += hex[byte & 15];
        }
    }
    return out;
}

}  // namespace recoup::demo
