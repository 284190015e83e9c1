#include "service/ingest/waiting.hpp"

#include "recoup/base/limits.hpp"
#include "service/ingest/answers.hpp"

namespace recoup::service {

void Ingest::Waiting::answer(HttpResponse response, std::string_view outcome) {
    metrics.add(Metric::webhook_requests, outcome.empty() ? ingest::outcome_of(response.status) : outcome);
    metrics.observe(Metric::webhook_duration, std::chrono::duration<double>(clock.ticks() - started).count());
    response.headers.insert(response.headers.end(), headers.begin(), headers.end());
    admitted->place.release();
    respond(std::move(response));
}

void Ingest::Waiting::refuse(Error const& failure) {
    answer(ingest::refusal(failure), failure.code == Errc::overloaded ? "overloaded" : std::string_view{});
}

void Ingest::Waiting::succeed(std::shared_ptr<Waiting> waiting, HttpResponse response) {
    if (!waiting->repeat_name) return waiting->answer(std::move(response));
    auto& repeats = *waiting->repeats;
    auto name = *waiting->repeat_name;
    auto const now = waiting->clock.now();
    if (response.body.size() > limits::idempotency_answer_bytes)
        return repeats.release(std::move(name), [waiting, response](Result<void>) { waiting->answer(response); });
    // Should the answer not be kept, the events are: a repetition has the same ids and is folded once.
    repeats.finish(std::move(name), {response.status, response.content_type, response.body}, now,
                   [waiting, response](Result<void>) { waiting->answer(response); });
}

void Ingest::Waiting::fail(std::shared_ptr<Waiting> waiting, Error failure) {
    if (!waiting->repeat_name) return waiting->refuse(failure);
    auto& repeats = *waiting->repeats;
    auto name = *waiting->repeat_name;
    repeats.release(std::move(name), [waiting, failure](Result<void>) { waiting->refuse(failure); });
}

}  // namespace recoup::service
