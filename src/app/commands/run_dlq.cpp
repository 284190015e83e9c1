// `recoup dlq`: over the admin API of the daemon, which has the key, the sources and the log.
#include "app/cli/commands.hpp"
#include "app/commands/admin_client.hpp"
#include "app/commands/database.hpp"
#include "app/demo/daemon.hpp"

#include "recoup/base/clock.hpp"
#include "recoup/base/digest.hpp"

#include <nlohmann/json.hpp>

#include <charconv>
#include <ostream>
#include <thread>

namespace recoup::app {
namespace {

using Json = AdminClient::Json;

constexpr char letters_path[] = "/v1/dead-letters";

/// "2h" ago as RFC 3339.
Result<std::string> ago(std::string const& text, Instant now) {
    auto const duration = parse_duration(text);
    if (!duration) return duration.error();
    return to_rfc3339(now - *duration);
}

Result<std::string> query_of(DlqOptions const& options) {
    std::string query;
    auto const add = [&](std::string const& name, std::string const& value) { query += query_part(name, value); };
    add("shop", options.shop);
    add("source", options.source);
    add("reason", options.reason);
    auto const now = SystemClock().now();
    for (auto const& [name, text] :
         {std::pair{"before", &options.older_than}, std::pair{"since", &options.newer_than}}) {
        if (text->empty()) continue;
        auto const at = ago(*text, now);
        if (!at) return at.error();
        add(name, *at);
    }
    return query;
}

Result<std::vector<Json>> chosen(AdminClient& client, DlqOptions const& options) {
    auto const query = query_of(options);
    if (!query) return query.error();
    return client.list(letters_path, *query, options.limit);
}

Result<std::vector<std::string>> chosen_ids(AdminClient& client, DlqOptions const& options) {
    if (!options.ids.empty()) return options.ids;
    bool const filtered = !options.shop.empty() || !options.source.empty() || !options.reason.empty() ||
                          !options.older_than.empty() || !options.newer_than.empty();
    if (!filtered && !options.all) return error(Errc::invalid, "name letters, or filters, or --all");
    auto const letters = chosen(client, options);
    if (!letters) return letters.error();
    std::vector<std::string> ids;
    for (auto const& letter : *letters) ids.push_back(letter["id"]);
    return ids;
}

/// Time between two letters. "5", "5/s" and "0.2/s" are good.
Result<std::chrono::nanoseconds> pace_of(std::string text) {
    if (text.empty()) return std::chrono::nanoseconds{0};
    if (text.ends_with("/s")) text.resize(text.size() - 2);
    double rate = 0;
    auto const [end, problem] = std::from_chars(text.data(), text.data() + text.size(), rate);
    if (problem != std::errc{} || end != text.data() + text.size() || !(rate >= 0.001 && rate <= 1e6))
        return error(Errc::invalid, "--rate takes a number of letters a second, like 5/s");
    return std::chrono::nanoseconds(static_cast<std::int64_t>(1e9 / rate));
}

int list_letters(AdminClient& client, DlqOptions const& options, Context& context) {
    auto const letters = chosen(client, options);
    if (!letters) return fail(context, letters.error());
    Table table({"id", "shop", "source", "topic", "kind", "reason", "received_at", "attempts", "bytes"});
    for (auto const& letter : *letters)
        table.row({letter["id"], letter["shop"], letter["source"], letter["topic"], letter["kind"], letter["reason"],
                   letter["received_at"], letter["attempts"], letter["bytes"]});
    show(table, context);
    return exit_ok;
}

int show_letter(AdminClient& client, DlqOptions const& options, Context& context) {
    auto const path = std::string(letters_path) + "/" + demo::percent_encode(options.ids.front()) + (options.raw ? "?include=raw" : "");
    auto const letter = client.call("GET", path);
    if (!letter) return fail(context, letter.error());
    if (options.raw && !context.json()) {
        auto const bytes = from_base64((*letter)["raw"].get<std::string>());
        if (!bytes) return fail(context, bytes.error());
        context.out.write(reinterpret_cast<char const*>(bytes->data()), static_cast<std::streamsize>(bytes->size()));
        return exit_ok;
    }
    if (context.json()) {
        context.out << letter->dump() << "\n";
        return exit_ok;
    }
    Table table({"field", "value"});
    for (auto const& [name, value] : letter->items())
        table.row({name, value.is_structured() ? Json(value.dump()) : value});
    show(table, context);
    return exit_ok;
}

Result<Json> treat(AdminClient& client, DlqOptions const& options, std::string const& id) {
    auto const path = std::string(letters_path) + "/" + demo::percent_encode(id);
    if (options.action == DlqOptions::Action::replay)
        return client.call("POST", path + "/replay" + (options.dry_run ? "?dry_run=true" : ""));
    if (!options.dry_run) return client.call("POST", path + "/drop?note=" + demo::percent_encode(options.note));
    auto const there = client.call("GET", path);
    if (!there) return there.error();
    Json outcome{
        {"id", id}, {"outcome", "would be dropped"}, {"reason", (*there)["reason"]}, {"events", Json::array()}};
    return Result<Json>{boost::system::in_place_value, std::move(outcome)};
}

int treat_letters(AdminClient& client, DlqOptions const& options, Context& context) {
    auto const pace = pace_of(options.rate);
    if (!pace) return fail(context, pace.error());
    auto const ids = chosen_ids(client, options);
    if (!ids) return fail(context, ids.error());
    Table table({"id", "outcome", "events", "reason"});
    bool all_well = true;
    SystemClock const clock;
    auto next = clock.ticks();
    for (auto const& id : *ids) {
        if (auto const early = next - clock.ticks(); early.count() > 0) std::this_thread::sleep_for(early);
        next = clock.ticks() + *pace;
        auto const outcome = treat(client, options, id);
        if (!outcome && outcome.error().code == Errc::unavailable) {
            show(table, context);
            return fail(context, outcome.error());
        }
        all_well = all_well && outcome && (*outcome)["outcome"] != "failed";
        if (!outcome) {
            table.row({id, "refused", "", outcome.error().message});
            continue;
        }
        std::string events;
        for (auto const& kind : (*outcome)["events"]) events += (events.empty() ? "" : ", ") + kind.get<std::string>();
        table.row({id, (*outcome)["outcome"], events, (*outcome)["reason"]});
    }
    show(table, context);
    return all_well ? exit_ok : exit_failure;
}

}  // namespace

int run_dlq(DlqOptions const& options, Context& context) {
    auto const http = context.http_client();
    auto client = admin_client(options.admin_url, options.admin_token, options.data_dir, context, *http);
    if (!client) return fail(context, client.error());
    switch (options.action) {
        case DlqOptions::Action::ls: return list_letters(*client, options, context);
        case DlqOptions::Action::show: return show_letter(*client, options, context);
        case DlqOptions::Action::replay:
        case DlqOptions::Action::drop: return treat_letters(*client, options, context);
    }
    return exit_usage;
}

}  // namespace recoup::app
