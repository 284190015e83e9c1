#include "service/letters/replay.hpp"

#include "core/codec/event_codec.hpp"
#include "core/letter/letter.hpp"
#include "core/plan/stops.hpp"

#include <algorithm>
#include <future>

namespace recoup::service {
namespace {

HttpRequest request_of(Letter const& letter) {
    HttpRequest request;
    request.method = "POST";
    request.path = "/webhooks/" + letter.shop_id + "/" + letter.source;
    if (!letter.call.empty()) request.path += "/" + letter.call;
    request.headers = letter.headers;
    std::erase_if(request.headers, [](auto const& header) { return header.first == "content-type"; });
    request.headers.emplace_back("content-type", letter.content_type);
    request.body = letter.raw;
    return request;
}

Result<std::vector<Event>> usable_of(Delivery delivery, Letter const& letter) {
    std::vector<Event> events;
    for (auto& item : delivery.items) {
        if (!item.event) return error(Errc::invalid, item.event.error().message);
        if (auto const* still = std::get_if<DeadLettered>(&item.event->body))
            return error(Errc::invalid, still->reason);
        events.push_back(std::move(*item.event));
    }
    // One item of a batch comes alone now; it keeps the id that its place in the batch gave it.
    if (events.size() == 1) events.front().id = core::replayed_event_id(letter.event_id);
    return events;
}

}  // namespace

Result<std::vector<Event>> Replayer::parse(Letter const& letter) const {
    auto const access = parts_.shops->find(letter.shop_id);
    if (!access) return error(Errc::invalid, "its shop is not there");
    auto const source = std::find_if(parts_.sources->begin(), parts_.sources->end(),
                                     [&](auto const& one) { return one->name() == letter.source; });
    if (source == parts_.sources->end()) return error(Errc::invalid, "its source is not there");
    auto const http = request_of(letter);
    SourceRequest const request{http, access->shop, {}, parts_.public_url, letter.received_at, letter.call};
    auto delivery = (*source)->parse(request);
    if (!delivery) return error(Errc::invalid, delivery.error().message);
    return usable_of(std::move(*delivery), letter);
}

Result<std::vector<Event>> Replayer::read(Letter const& letter) const {
    if (letter.form == LetterForm::body) return parse(letter);
    auto event = core::decode_event(letter.raw);
    if (!event) return event.error();
    if (!parts_.shops->find(event->shop_id)) return error(Errc::invalid, "its shop is not there");
    return std::vector<Event>{std::move(*event)};
}

Result<void> Replayer::append(std::vector<Event> const& events) {
    std::vector<LogRecord> records;
    for (auto const& event : events) records.push_back(core::log_record(event));
    std::promise<Result<void>> answer;
    auto stored = answer.get_future();
    parts_.log->append(std::move(records), [&](Result<void> result) { answer.set_value(std::move(result)); });
    return stored.get();
}

Result<ReplayOutcome> Replayer::replay(std::string_view id, bool dry_run) {
    auto const letter = parts_.letters->find(id);
    if (!letter) return letter.error();
    if (letter->cut)
        return error(Errc::too_large, "The letter is too large and was kept in part only; it can be shown or dropped.");
    ReplayOutcome outcome;
    outcome.id = letter->id;
    outcome.dry_run = dry_run;
    auto const events = read(*letter);
    outcome.usable = events.has_value();
    if (!events) {
        if (events.error().code != Errc::invalid) return events.error();
        outcome.reason = events.error().message;
        if (dry_run) return outcome;
        if (auto counted = parts_.letters->tried(id, outcome.reason, parts_.clock->now()); !counted)
            return counted.error();
        return outcome;
    }
    for (auto const& event : *events) outcome.events.emplace_back(body_name(event.body));
    if (dry_run) return outcome;
    if (!events->empty())
        if (auto stored = append(*events); !stored) return stored.error();
    auto const ended = parts_.letters->end(id, LetterEnd::replayed, {}, parts_.clock->now());
    if (!ended && ended.error().code != Errc::not_found) return ended.error();
    parts_.metrics->add(Metric::dead_letters_ended, name(LetterEnd::replayed));
    return outcome;
}

}  // namespace recoup::service
