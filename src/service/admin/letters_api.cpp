#include "service/admin/letters_api.hpp"

#include "recoup/base/digest.hpp"
#include "recoup/port/admin_store.hpp"
#include "core/letter/letter.hpp"
#include "service/admin/admin_route.hpp"
#include "service/admin/answers.hpp"
#include "service/admin/api_json.hpp"
#include "service/admin/list_query.hpp"

namespace recoup::service {
namespace {

constexpr std::string_view list_name = "dead-letters";
constexpr std::size_t note_bytes = 500;

/// true, false or absent.
Result<bool> read_flag(HttpRequest const& request, std::string_view parameter) {
    auto const text = request.query_value(parameter);
    if (text.empty() || text == "false") return false;
    if (text == "true") return true;
    return error(Errc::invalid, "The query parameter '" + std::string(parameter) + "' takes true or false.");
}

ApiJson letter_json(Letter const& letter) {
    ApiJson headers = ApiJson::object();
    for (auto const& [name, value] : letter.headers) headers[name] = value;
    return {{"id", letter.id},
            {"shop", text_or_null(letter.shop_id)},
            {"source", text_or_null(letter.source)},
            {"topic", text_or_null(letter.topic)},
            {"kind", name(letter.kind)},
            {"reason", letter.reason},
            {"event_id", letter.event_id},
            {"received_at", time_or_null(letter.received_at)},
            {"attempts", letter.attempts},
            {"tried_at", time_or_null(letter.tried_at)},
            {"form", name(letter.form)},
            {"content_type", letter.content_type},
            {"call", text_or_null(letter.call)},
            {"headers", std::move(headers)},
            {"bytes", letter.raw_bytes},
            {"cut", letter.cut}};
}

}  // namespace

Route LettersApi::route(std::string method, std::string pattern, std::string_view summary, Answer answer) {
    return admin_route(std::move(method), std::move(pattern), summary,
                       [this, answer](HttpRequest const& request) { return (this->*answer)(request); });
}

std::vector<Route> LettersApi::routes() {
    std::vector<Route> all;
    all.push_back(route("GET", "/v1/dead-letters", "Dead letters, by received_at", &LettersApi::list));
    all.push_back(route("GET", "/v1/dead-letters/{letter}", "One dead letter; what its bytes say only when asked for",
                        &LettersApi::show));
    all.push_back(route(
        "POST", "/v1/dead-letters/{letter}/replay",
        "Read its bytes again, as of the time they came, and append what they yield; no signature is asked for again",
        &LettersApi::replay));
    all.push_back(route("POST", "/v1/dead-letters/{letter}/drop",
                        "Delete it; its id, time and reason stay on record for a year", &LettersApi::drop));
    return all;
}

Result<std::string> LettersApi::list(HttpRequest const& request) {
    LetterQuery query;
    auto const page = read_page_query(request, list_name);
    if (!page) return page.error();
    auto const before = read_time(request, "before", never);
    if (!before) return before.error();
    query.shop_id = request.query_value("shop");
    query.source = request.query_value("source");
    query.reason = request.query_value("reason");
    query.since = page->since;
    query.before = *before;
    query.after_at = page->after.at;
    query.after_id = page->after.id;
    query.limit = page->limit + 1;
    auto letters = letters_.list(query);
    if (!letters) return letters.error();
    ApiJson next = nullptr;
    if (letters->size() > page->limit) {
        letters->pop_back();
        next = write_cursor(list_name, PageKey{letters->back().received_at, letters->back().id});
    }
    ApiJson data = ApiJson::array();
    for (auto const& letter : *letters) data.push_back(letter_json(letter));
    return dump({{"data", std::move(data)}, {"next", std::move(next)}});
}

Result<std::string> LettersApi::show(HttpRequest const& request) {
    auto const include = request.query_value("include");
    if (!include.empty() && include != "raw") return error(Errc::invalid, "The query parameter 'include' takes raw.");
    auto const letter = letters_.find(request.captures.at(0));
    if (!letter) return letter.error();
    auto json = letter_json(*letter);
    json["shape"] = core::shape_of(letter->raw);
    if (include == "raw") json["raw"] = to_base64(as_bytes(letter->raw));
    return dump(json);
}

Result<std::string> LettersApi::replay(HttpRequest const& request) {
    auto const dry_run = read_flag(request, "dry_run");
    if (!dry_run) return dry_run.error();
    auto const outcome = replayer_.replay(request.captures.at(0), *dry_run);
    if (!outcome) return outcome.error();
    ApiJson events = ApiJson::array();
    for (auto const& kind : outcome->events) events.push_back(kind);
    return dump({{"id", outcome->id},
                 {"outcome", !outcome->usable ? "failed" : outcome->dry_run ? "usable" : "replayed"},
                 {"dry_run", outcome->dry_run},
                 {"reason", text_or_null(outcome->reason)},
                 {"events", std::move(events)}});
}

Result<std::string> LettersApi::drop(HttpRequest const& request) {
    auto const note = request.query_value("note");
    if (note.size() > note_bytes) return error(Errc::invalid, "The query parameter 'note' takes at most 500 bytes.");
    auto const& id = request.captures.at(0);
    if (auto gone = letters_.end(id, LetterEnd::dropped, note, clock_.now()); !gone) return gone.error();
    metrics_.add(Metric::dead_letters_ended, name(LetterEnd::dropped));
    return dump({{"id", id},
                 {"outcome", "dropped"},
                 {"dry_run", false},
                 {"reason", text_or_null(note)},
                 {"events", ApiJson::array()}});
}

}  // namespace recoup::service
