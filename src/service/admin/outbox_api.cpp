#include "service/admin/outbox_api.hpp"

#include "service/admin/admin_route.hpp"
#include "service/admin/answers.hpp"
#include "service/admin/api_json.hpp"
#include "service/admin/list_query.hpp"

namespace recoup::service {
namespace {

constexpr std::string_view unknown_list = "unknown-messages";
constexpr std::size_t pause_note_bytes = 500;

ApiJson unknown_json(UnknownSend const& send) {
    return {{"id", send.message_id},
            {"shop", send.shop_id},
            {"enrollment_id", send.enrollment_id},
            {"channel", name(send.channel)},
            {"adapter", send.adapter},
            {"sequence", send.sequence},
            {"step", send.step + 1},
            {"step_name", send.step_name},
            {"attempt", send.attempt},
            {"planned_at", time_or_null(send.planned_at)},
            {"created_at", time_or_null(send.created_at)},
            {"provider_code", text_or_null(send.provider_code)},
            {"repeated", send.repeated}};
}

ApiJson pause_json(Pause const& pause) {
    return {{"shop", text_or_null(pause.shop_id)},
            {"channel", pause.channel ? ApiJson(name(*pause.channel)) : ApiJson(nullptr)},
            {"sequence", text_or_null(pause.sequence)},
            {"incentives", false},
            {"since", time_or_null(pause.since)},
            {"note", text_or_null(pause.note)}};
}

ApiJson sale_json(Sale const& sale) {
    Pause as_pause;
    as_pause.shop_id = sale.shop_id;
    as_pause.since = sale.since;
    as_pause.note = sale.note;
    auto json = pause_json(as_pause);
    json["incentives"] = true;
    return json;
}

/// Whether the pause is of incentives only: then it is for a shop, or all, and nothing narrower.
Result<bool> of_incentives(HttpRequest const& request) {
    auto const said = request.query_value("incentives");
    if (said.empty() || said == "false") return false;
    if (said != "true") return error(Errc::invalid, "The query parameter 'incentives' takes true or false.");
    if (!request.query_value("channel").empty() || !request.query_value("sequence").empty())
        return error(Errc::invalid, "Incentives are paused for a shop or for all; leave out 'channel' and 'sequence'.");
    return true;
}

Result<Pause> read_scope(HttpRequest const& request) {
    Pause scope;
    scope.shop_id = request.query_value("shop");
    scope.sequence = request.query_value("sequence");
    if (auto const channel = request.query_value("channel"); !channel.empty()) {
        scope.channel = channel_from(channel);
        if (!scope.channel) return error(Errc::invalid, "The query parameter 'channel' takes email, sms, push or ads.");
    }
    if (scope.shop_id.size() > limits::id_bytes || scope.sequence.size() > limits::id_bytes)
        return error(Errc::invalid, "The query parameters 'shop' and 'sequence' take names.");
    return scope;
}

}  // namespace

Route OutboxApi::route(std::string method, std::string pattern, std::string_view summary, Answer answer) {
    return admin_route(std::move(method), std::move(pattern), summary,
                       [this, answer](HttpRequest const& request) { return (this->*answer)(request); });
}

std::vector<Route> OutboxApi::routes() {
    return {
        route("GET", "/v1/messages", "Messages of which nobody knows whether they left, by planned_at", &OutboxApi::unknown),
        route("POST", "/v1/messages/{message}/resolve",
              "Say what became of one, as seen at the provider; not sent is planned again while it is useful",
              &OutboxApi::resolve),
        route("GET", "/v1/pauses", "Pauses in force", &OutboxApi::pauses),
        route("POST", "/v1/pauses", "Send nothing for a shop, channel, sequence, what they have in common, or at all; due steps wait. Or give no incentives, for a sale",
              &OutboxApi::pause),
        route("DELETE", "/v1/pauses", "End the pause of exactly this scope; what waited goes out spread over deliver.spread",
              &OutboxApi::resume),
    };
}

Result<std::string> OutboxApi::unknown(HttpRequest const& request) {
    auto const status = request.query_value("status");
    if (!status.empty() && status != "unknown")
        return error(Errc::invalid, "The query parameter 'status' takes unknown; GET /v1/shops/{shop}/messages lists all.");
    auto const page = read_page_query(request, unknown_list);
    if (!page) return page.error();
    auto found = outbox_.unknown({request.query_value("shop"), page->after.at, page->after.id, page->limit + 1});
    if (!found) return found.error();
    ApiJson next = nullptr;
    if (found->size() > page->limit) {
        found->pop_back();
        next = write_cursor(unknown_list, PageKey{found->back().planned_at, found->back().message_id});
    }
    ApiJson data = ApiJson::array();
    for (auto const& send : *found) data.push_back(unknown_json(send));
    return dump({{"data", std::move(data)}, {"next", std::move(next)}});
}

Result<std::string> OutboxApi::resolve(HttpRequest const& request) {
    auto const outcome = request.query_value("outcome");
    if (outcome != "sent" && outcome != "not_sent") return error(Errc::invalid, "The query parameter 'outcome' takes sent or not_sent.");
    auto const done = outbox_.resolve(request.captures.at(0), outcome == "sent", clock_.now());
    if (!done) return done.error();
    return dump({{"id", done->message_id},
                 {"shop", done->shop_id},
                 {"status", name(done->status)},
                 {"planned_again", done->planned_again},
                 {"reason", name(done->reason)}});
}

Result<std::string> OutboxApi::pauses(HttpRequest const&) {
    auto const found = outbox_.pauses();
    if (!found) return found.error();
    ApiJson data = ApiJson::array();
    for (auto const& pause : *found) data.push_back(pause_json(pause));
    auto const sales = outbox_.sales();
    if (!sales) return sales.error();
    for (auto const& sale : *sales) data.push_back(sale_json(sale));
    return dump({{"data", std::move(data)}, {"next", nullptr}});
}

Result<std::string> OutboxApi::pause(HttpRequest const& request) {
    auto scope = read_scope(request);
    if (!scope) return scope.error();
    scope->note = request.query_value("note");
    if (scope->note.size() > pause_note_bytes) return error(Errc::invalid, "The query parameter 'note' takes at most 500 bytes.");
    if (!scope->shop_id.empty()) {
        auto const known = shops_.shop_exists(scope->shop_id);
        if (!known) return known.error();
        if (!*known) return error(Errc::not_found, "There is no such shop; GET /v1/shops lists them.");
    }
    scope->since = clock_.now();
    auto const incentives = of_incentives(request);
    if (!incentives) return incentives.error();
    if (*incentives) {
        Sale const sale{scope->shop_id, scope->since, never, scope->note};
        if (auto const done = outbox_.begin_sale(sale); !done) return done.error();
        return dump(sale_json(sale));
    }
    if (auto const done = outbox_.pause(*scope); !done) return done.error();
    return dump(pause_json(*scope));
}

Result<std::string> OutboxApi::resume(HttpRequest const& request) {
    auto const scope = read_scope(request);
    if (!scope) return scope.error();
    auto const incentives = of_incentives(request);
    if (!incentives) return incentives.error();
    if (*incentives) {
        if (auto const done = outbox_.end_sale(scope->shop_id, clock_.now()); !done) return done.error();
        auto json = sale_json(Sale{scope->shop_id, never, never, {}});
        json["steps"] = 0;
        return dump(json);
    }
    auto const steps = outbox_.resume(*scope, clock_.now(), spread_);
    if (!steps) return steps.error();
    auto json = pause_json(*scope);
    json["steps"] = *steps;
    return dump(json);
}

}  // namespace recoup::service
