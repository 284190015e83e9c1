#include "service/ingest/ingest.hpp"

#include "core/plan/stops.hpp"
#include "service/ingest/answers.hpp"

#include <algorithm>

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

}  // namespace

/// One request until it is answered.
struct Ingest::Waiting {
    Metrics& metrics;
    Clock const& clock;
    Responder respond;
    std::chrono::nanoseconds started;
    Source const* source = nullptr;

    void answer(HttpResponse response, std::string_view outcome = {}) const {
        metrics.add(Metric::webhook_requests, outcome.empty() ? ingest::outcome_of(response.status) : outcome);
        metrics.observe(Metric::webhook_duration, std::chrono::duration<double>(clock.ticks() - started).count());
        respond(std::move(response));
    }
    void refuse(Error const& failure) const {
        answer(ingest::refusal(failure), failure.code == Errc::overloaded ? "overloaded" : std::string_view{});
    }
};

Ingest::Ingest(EventLog& log, ShopDirectory const& shops, Clock const& clock, Metrics& metrics,
               std::vector<std::unique_ptr<Source>> const& sources, std::string public_url)
    : log_(log), shops_(shops), clock_(clock), metrics_(metrics), sources_(sources), public_url_(std::move(public_url)) {}

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

void Ingest::receive(HttpRequest const& request, Responder respond) {
    auto waiting = std::make_shared<Waiting>(Waiting{metrics_, clock_, std::move(respond), clock_.ticks(), nullptr});
    auto const access = shops_.find(request.captures.at(0));
    waiting->source = find_source(request);
    if (!access || waiting->source == nullptr) return waiting->refuse(nothing_here());
    if (!waiting->source->accepts(media_type(request.header("content-type"))))
        return waiting->answer(ingest::unsupported_media_type());
    auto delivery = read(request, *waiting->source, *access);
    if (!delivery) return waiting->refuse(delivery.error());
    bool const refused = !delivery->batch && delivery->items.size() == 1 && !delivery->items.front().event;
    if (refused) return waiting->refuse(delivery->items.front().event.error());
    append(*std::move(delivery), std::move(waiting));
}

Result<Delivery> Ingest::read(HttpRequest const& request, Source const& source, ShopAccess const& access) const {
    if (request.body.size() > source.body_limit())
        return error(Errc::too_large, "This source takes at most " + std::to_string(source.body_limit()) + " bytes.");
    auto const secrets = active_secrets(access, source);
    auto const call = call_of(request);
    SourceRequest const about{request, access.shop, secrets, public_url_, clock_.now(), call};
    if (auto const verified = source.authenticate(about); !verified) return verified.error();
    return source.parse(about);
}

void Ingest::append(Delivery delivery, std::shared_ptr<Waiting> waiting) {
    auto records = records_of(delivery);
    auto const count = static_cast<double>(records.size());
    auto success = waiting->source->answer(delivery);
    if (records.empty()) return waiting->answer(std::move(success));
    log_.append(std::move(records), [waiting = std::move(waiting), success = std::move(success), count](Result<void> stored) {
        if (!stored) {
            waiting->metrics.add(Metric::log_append_failures);
            return waiting->refuse(stored.error());
        }
        waiting->metrics.add(Metric::events_appended, waiting->source->name(), count);
        waiting->answer(success);
    });
}

void Ingest::preflight(HttpRequest const& request, Responder const& respond) const {
    auto const access = shops_.find(request.captures.at(0));
    auto const* source = find_source(request);
    if (!access || source == nullptr) return respond(ingest::refusal(nothing_here()));
    auto const call = call_of(request);
    respond(source->preflight(SourceRequest{request, access->shop, {}, public_url_, clock_.now(), call}));
}

Source const* Ingest::find_source(HttpRequest const& request) const {
    auto const& name = request.captures.at(1);
    auto const found = std::find_if(sources_.begin(), sources_.end(), [&](auto const& source) { return source->name() == name; });
    return found == sources_.end() || !(*found)->serves(call_of(request)) ? nullptr : found->get();
}

std::vector<ShopSecret> Ingest::active_secrets(ShopAccess const& access, Source const& source) const {
    std::vector<ShopSecret> active;
    auto const now = clock_.now();
    for (auto const& secret : access.secrets)
        if (secret.source == source.name() && (secret.not_after == never || now < secret.not_after)) active.push_back(secret);
    return active;
}

}  // namespace recoup::service
