#include "service/ingest/ingest.hpp"

#include "core/key/shop_key.hpp"
#include "core/plan/stops.hpp"
#include "core/web/idempotency_key.hpp"
#include "recoup/base/digest.hpp"
#include "recoup/base/limits.hpp"
#include "service/ingest/answers.hpp"
#include "service/ingest/letters.hpp"
#include "service/ingest/waiting.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace recoup::service {
namespace {

constexpr std::string_view pattern = "/webhooks/{shop}/{source}";
constexpr std::string_view call_pattern = "/webhooks/{shop}/{source}/{version}/{call}";

std::vector<LogRecord> records_of(Delivery const& delivery) {
    std::vector<LogRecord> records;
    for (auto const& item : delivery.items)
        if (item.event) records.push_back(core::log_record(*item.event));
    return records;
}

/// "v1/track" of the longer pattern.
std::string call_of(HttpRequest const& request) {
    return request.captures.size() < 4 ? std::string{} : request.captures[2] + "/" + request.captures[3];
}

Error nothing_here() { return error(Errc::not_found, "There is no such shop or source."); }
Error body_too_large(Source const& source) {
    return error(Errc::too_large, "This source takes at most " + std::to_string(source.body_limit()) + " bytes.");
}

std::string hex_of(std::string_view first, std::string_view second) {
    std::string text(first);
    (text += '\0') += second;
    return to_hex(sha256(text));
}

/// Of a request that names itself; Errc::invalid when the header is malformed.
Result<std::optional<RequestName>> request_name(HttpRequest const& request, Source const& source, std::string const& shop_id) {
    auto const header = request.header("idempotency-key");
    if (header.empty() || !source.takes_idempotency_key()) return std::nullopt;
    auto const key = core::idempotency_key(header);
    if (!key) return key.error();
    return RequestName{shop_id, hex_of(source.name(), *key), hex_of(request.header("content-type"), request.body)};
}

std::string_view outcome_name(Claim::Kind kind) {
    switch (kind) {
        case Claim::Kind::first: return "first";
        case Claim::Kind::repeated: return "repeated";
        case Claim::Kind::in_progress: return "in_progress";
        case Claim::Kind::other_body: return "other_body";
    }
    return "first";
}

}  // namespace

struct Ingest::Read {
    Delivery delivery;
    std::string key;   // the secret of the key it came with; empty = signed
};

Ingest::Ingest(EventLog& log, ShopDirectory const& shops, Clock const& clock, Metrics& metrics,
               std::vector<std::unique_ptr<Source>> const& sources, IngestSettings settings, IdempotencyStore* repeats)
    : log_(log),
      shops_(shops),
      clock_(clock),
      metrics_(metrics),
      sources_(sources),
      public_url_(std::move(settings.public_url)),
      repeats_(repeats),
      admission_(settings.admission),
      browsers_(clock, metrics, std::move(settings.browsers), std::move(settings.salt)) {}

void Ingest::set_limits(ingest::AdmissionLimits admission, ingest::BrowserLimits browsers) {
    admission_.set_limits(admission);
    browsers_.set_limits(std::move(browsers));
}

std::vector<Route> Ingest::routes() {
    std::vector<Route> routes;
    for (auto const where : {pattern, call_pattern}) {
        bool const call = where == call_pattern;
        Route post;
        post.method = "POST";
        post.pattern = where;
        post.summary = call ? "The same for senders that name their call in the path (segment: v1/track)"
                            : "Take one delivery of a source; 2xx once it is durable";
        for (auto const& source : sources_) post.body_limit = std::max(post.body_limit, source->body_limit());
        post.admit = [this](HttpRequest const& head, std::uint64_t length) { return admit(head, length); };
        post.yields = [this](HttpRequest const& head) { return yields(head); };
        post.handle = [this](HttpRequest const& request, Responder respond) { receive(request, std::move(respond)); };
        routes.push_back(std::move(post));
        Route options;
        options.method = "OPTIONS";
        options.pattern = where;
        options.summary = "Answer a browser that asks before it posts (CORS)";
        options.handle = [this](HttpRequest const& request, Responder const& respond) { preflight(request, respond); };
        routes.push_back(std::move(options));
    }
    return routes;
}

Result<Ingest::Admitted> Ingest::look_up(HttpRequest const& head, std::uint64_t content_length) const {
    Admitted admitted{shops_.find(head.captures.at(0)), find_source(head), content_length, {}};
    if (!admitted.access || admitted.source == nullptr) return nothing_here();
    if (content_length > admitted.source->body_limit()) return body_too_large(*admitted.source);
    return admitted;
}

bool Ingest::yields(HttpRequest const& head) const {
    auto const access = shops_.find(head.captures.at(0));
    return access && admission_.yields(access->shop.id, clock_.ticks());
}

std::optional<HttpResponse> Ingest::admit(HttpRequest const& head, std::uint64_t content_length) {
    auto const refused = [this](HttpResponse answer, std::string_view outcome = {}) {
        metrics_.add(Metric::webhook_requests, outcome.empty() ? ingest::outcome_of(answer.status) : outcome);
        return answer;
    };
    auto admitted = look_up(head, content_length);
    if (!admitted) return refused(ingest::refusal(admitted.error()));
    auto const& [access, source, announced, place] = *admitted;
    if (!source->accepts(media_type(head.header("content-type")))) return refused(ingest::unsupported_media_type());
    if (source->for_browsers())
        if (auto answer = browsers_.before_body(head, access->shop)) return refused(std::move(*answer));
    auto answer = admission_.admit(access->shop.id, limits::request_bytes + content_length, clock_.ticks(), head.crowded);
    if (answer.refused) {
        metrics_.add(Metric::ingest_refused, name(*answer.refused));
        auto refusal = ingest::refusal(*answer.refused, answer.retry_seconds);
        auto const outcome = refusal.status == 503 ? std::string_view("overloaded") : std::string_view{};
        return refused(std::move(refusal), outcome);
    }
    admitted->place = std::move(answer.place);
    head.ticket = std::make_shared<Admitted>(*std::move(admitted));
    return std::nullopt;
}

void Ingest::receive(HttpRequest const& request, Responder respond) {
    if (!request.ticket)   // called without a server that asks first
        if (auto refused = admit(request, request.body.size())) return respond(std::move(*refused));
    auto admitted = std::static_pointer_cast<Admitted>(std::exchange(request.ticket, nullptr));
    auto waiting = std::make_shared<Waiting>(Waiting{metrics_, clock_, std::move(respond), clock_.ticks() - request.waited, std::move(admitted)});
    auto const& shop = waiting->admitted->access->shop;
    if (waiting->source().for_browsers()) waiting->headers = ingest::BrowserDoor::headers_for(request, shop);
    auto delivery = understand(request, *waiting);
    if (!delivery) return;
    auto const name = request_name(request, waiting->source(), shop.id);
    if (!name) return waiting->refuse(name.error());
    if (*name && repeats_ != nullptr) return claim(**name, *std::move(delivery), std::move(waiting));
    append(*std::move(delivery), std::move(waiting));
}

/// Nothing when it was answered already.
std::optional<Delivery> Ingest::understand(HttpRequest const& request, Waiting& waiting) {
    auto& admitted = *waiting.admitted;
    if (request.body.size() > admitted.announced) {   // chunked
        if (request.body.size() > admitted.source->body_limit()) return waiting.refuse(body_too_large(*admitted.source)), std::nullopt;
        if (auto const refused = admitted.place.grow(request.body.size() - admitted.announced)) {
            metrics_.add(Metric::ingest_refused, name(*refused));
            return waiting.answer(ingest::refusal(*refused, 1)), std::nullopt;
        }
    }
    auto got = read(request, waiting);
    if (!got) return waiting.refuse(got.error()), std::nullopt;
    auto& items = got->delivery.items;
    if (!got->delivery.batch && items.size() == 1 && !items.front().event)
        return waiting.refuse(items.front().event.error()), std::nullopt;
    if (admitted.source->for_browsers())
        if (auto refused = browsers_.before_keeping(request, admitted.access->shop, got->key, got->delivery))
            return waiting.answer(std::move(*refused)), std::nullopt;
    admitted.place.charge(static_cast<double>(items.size()), clock_.ticks());
    return std::move(got->delivery);
}

Result<Ingest::Read> Ingest::read(HttpRequest const& request, Waiting const& waiting) {
    auto const& access = *waiting.admitted->access;
    auto const& source = waiting.source();
    std::vector<ShopSecret> room;
    auto const secrets = active_secrets(access, source, room);
    auto const call = call_of(request);
    SourceRequest const about{request, access.shop, secrets, public_url_, clock_.now(), call};
    if (auto const verified = source.authenticate(about); !verified) return verified.error();
    auto delivery = source.parse(about);
    if (!delivery) return delivery.error();
    ingest::keep_request(*delivery, about);
    Read got{*std::move(delivery), {}};
    auto const* key = source.key_of(about);
    if (key == nullptr) return got;
    got.key = key->secret;
    key_desk_.note(*key, about.received_at);
    if (ingest::keep_to_scopes(*key, got.delivery)) return got.delivery.items.front().event.error();
    return got;
}

void Ingest::claim(RequestName name, Delivery delivery, std::shared_ptr<Waiting> waiting) {
    waiting->repeats = repeats_;
    auto held = std::make_shared<Delivery>(std::move(delivery));
    auto const proceed = [this, name, held, waiting](Result<Claim> claimed) {
        metrics_.add(Metric::idempotency, claimed ? outcome_name(claimed->kind) : "unavailable");
        if (!claimed) return waiting->refuse(claimed.error());
        switch (claimed->kind) {
            case Claim::Kind::first:
                waiting->repeat_name = name;
                return append(std::move(*held), waiting);
            case Claim::Kind::repeated: {
                auto& [status, content_type, body] = claimed->answer;
                return waiting->answer(HttpResponse{status, std::move(content_type), {}, std::move(body)});
            }
            case Claim::Kind::in_progress:
            case Claim::Kind::other_body: return waiting->answer(ingest::refusal(claimed->kind));
        }
    };
    repeats_->claim(std::move(name), clock_.now(), proceed);
}

void Ingest::append(Delivery delivery, std::shared_ptr<Waiting> waiting) {
    auto records = records_of(delivery);
    auto const count = static_cast<double>(records.size());
    auto success = waiting->source().answer(delivery);
    if (records.empty()) return Waiting::succeed(std::move(waiting), std::move(success));
    log_.append(std::move(records), [waiting = std::move(waiting), success = std::move(success), count](Result<void> stored) mutable {
        if (!stored) {
            waiting->metrics.add(Metric::log_append_failures);
            return Waiting::fail(std::move(waiting), stored.error());
        }
        waiting->metrics.add(Metric::events_appended, waiting->source().name(), count);
        Waiting::succeed(std::move(waiting), std::move(success));
    });
}

void Ingest::preflight(HttpRequest const& request, Responder const& respond) const {
    auto const access = shops_.find(request.captures.at(0));
    auto const* source = find_source(request);
    if (!access || source == nullptr) return respond(ingest::refusal(nothing_here()));
    if (source->for_browsers()) return respond(ingest::BrowserDoor::preflight(request, access->shop));
    auto const call = call_of(request);
    respond(source->preflight(SourceRequest{request, access->shop, {}, public_url_, clock_.now(), call}));
}

Source const* Ingest::find_source(HttpRequest const& request) const {
    auto const& name = request.captures.at(1);
    auto const found = std::find_if(sources_.begin(), sources_.end(), [&](auto const& source) { return source->name() == name; });
    return found == sources_.end() || !(*found)->serves(call_of(request)) ? nullptr : found->get();
}

/// Where they lie, when nothing lies between them, which is nearly always; else copied into `room`.
std::span<ShopSecret const> Ingest::active_secrets(ShopAccess const& access, Source const& source, std::vector<ShopSecret>& room) const {
    auto const now = clock_.now();
    auto const wanted = [&](ShopSecret const& secret) { return secret.source == source.name() && core::is_active(secret, now); };
    auto const& all = access.secrets;
    auto const begin = std::find_if(all.begin(), all.end(), wanted);
    auto const end = std::find_if_not(begin, all.end(), wanted);
    if (std::none_of(end, all.end(), wanted)) return {begin, end};
    std::copy_if(begin, all.end(), std::back_inserter(room), wanted);
    return room;
}

}  // namespace recoup::service
