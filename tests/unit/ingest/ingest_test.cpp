#include "service/ingest/ingest.hpp"

#include "core/codec/event_codec.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <map>

namespace recoup {
namespace {

/// Keeps what is appended until the test says how it went.
class HeldLog final : public EventLog {
public:
    void append(std::vector<LogRecord> records, Done done) override {
        appended.push_back(std::move(records));
        waiting.push_back(std::move(done));
    }
    void close() override {}

    std::vector<std::vector<LogRecord>> appended;
    std::vector<Done> waiting;
};

class OneShop final : public ShopDirectory {
public:
    std::shared_ptr<ShopAccess const> find(std::string_view shop_id) const override { return shop_id == "demo" ? access : nullptr; }
    std::shared_ptr<ShopAccess> access = std::make_shared<ShopAccess>();
};

class CountedMetrics final : public Metrics {
public:
    void add(Metric, std::string_view label, double by) override { counts[std::string(label)] += by; }
    void set(Metric, double) override {}
    void observe(Metric, double) override { ++observed; }
    std::string exposition() const override { return {}; }

    std::map<std::string, double> counts;
    int observed = 0;
};

/// "ok" and "bad" items, one a line; a body of several lines is a batch.
class LineSource final : public Source {
public:
    std::string_view name() const override { return "lines"; }
    std::size_t body_limit() const override { return 64; }
    bool serves(std::string_view call) const override { return call.empty() || call == "v1/more"; }
    bool accepts(std::string_view type) const override { return type == "text/plain"; }
    std::span<std::string_view const> secret_kinds() const override { return {}; }
    Result<void> authenticate(SourceRequest const& request) const override {
        for (auto const& secret : request.secrets)
            if (secret.secret == request.http.header("key")) return {};
        return error(Errc::unauthorized, "the reason stays here");
    }
    Result<Delivery> parse(SourceRequest const& request) const override {
        if (request.http.body.empty()) return error(Errc::invalid, "empty");
        Delivery delivery;
        for (std::size_t at = 0; at < request.http.body.size();) {
            auto const line = request.http.body.substr(at, request.http.body.find('\n', at) - at);
            at += line.size() + 1;
            Event event;
            event.shop_id = request.shop.id;
            event.id = "lines:" + line;
            event.topic = request.call;
            if (line == "bad") delivery.items.push_back({line, error(Errc::invalid, "a bad line")});
            else if (line != "none") delivery.items.push_back({line, std::move(event)});
            delivery.batch |= at < request.http.body.size();
        }
        return delivery;
    }
    HttpResponse answer(Delivery const& delivery) const override { return json_response(200, std::to_string(delivery.items.size())); }
    HttpResponse preflight(SourceRequest const&) const override { return json_response(204, ""); }
};

class IngestRoutes : public testing::Test {
protected:
    IngestRoutes() {
        sources.push_back(std::make_unique<LineSource>());
        shops.access->shop.id = "demo";
        shops.access->secrets = {{"demo", "lines", "hmac", "s3cret", never},
                                 {"demo", "other", "hmac", "foreign", never},
                                 {"demo", "lines", "hmac", "expired", clock.now()},
                                 {"demo", "lines", "hmac", "old", clock.now() + Millis{1}}};
    }

    /// Status 0 while there is no answer.
    HttpResponse& post(std::string body, std::string key = "s3cret", std::string shop = "demo", std::string source = "lines") {
        HttpRequest request;
        request.captures = {std::move(shop), std::move(source)};
        request.headers = {{"Content-Type", "Text/Plain; charset=utf-8"}, {"key", std::move(key)}};
        request.body = std::move(body);
        return send(request);
    }
    HttpResponse& send(HttpRequest const& request) {
        auto& answer = answers.emplace_back();
        answer.status = 0;
        ingest.routes().at(0).handle(request, [&answer](HttpResponse response) {
            EXPECT_EQ(answer.status, 0) << "answered twice";
            answer = std::move(response);
        });
        return answer;
    }

    ManualClock clock{instant_from_seconds(1'700'000'000)};
    HeldLog log;
    OneShop shops;
    CountedMetrics metrics;
    std::vector<std::unique_ptr<Source>> sources;
    std::deque<HttpResponse> answers;
    service::Ingest ingest{log, shops, clock, metrics, sources, "https://recoup.example"};
};

TEST_F(IngestRoutes, AnswersOnlyWhenTheLogHasTheEvent) {
    auto& answer = post("one");
    EXPECT_EQ(answer.status, 0);
    ASSERT_EQ(log.appended.size(), 1u);
    auto const event = *core::decode_event(log.appended[0].at(0).value);
    EXPECT_EQ(event.id, "lines:one");
    EXPECT_EQ(log.appended[0][0].key, event.log_key());
    log.waiting[0](Result<void>{});
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(metrics.counts["accepted"], 1);
    EXPECT_EQ(metrics.counts["lines"], 1);
    EXPECT_EQ(metrics.observed, 1);
}

TEST_F(IngestRoutes, AsksToSendAgainWhenTheLogDidNot) {
    auto& unavailable = post("one");
    log.waiting[0](error(Errc::unavailable, "broker gone"));
    EXPECT_EQ(unavailable.status, 503);
    EXPECT_EQ(unavailable.headers.at(0).first, "Retry-After");
    auto& overloaded = post("two");
    log.waiting[1](error(Errc::overloaded, "full"));
    EXPECT_EQ(overloaded.status, 503);
    EXPECT_EQ(metrics.counts["overloaded"], 1);
    EXPECT_EQ(metrics.counts["unavailable"], 1);
}

TEST_F(IngestRoutes, RefusesBeforeAnythingIsStored) {
    EXPECT_EQ(post("one", "s3cret", "nobody").status, 404);
    EXPECT_EQ(post("one", "s3cret", "demo", "pigeon").status, 404);
    EXPECT_EQ(post(std::string(65, 'x')).status, 413);
    EXPECT_EQ(post("").status, 400);
    EXPECT_EQ(post("bad").status, 400);
    HttpRequest untyped;
    untyped.captures = {"demo", "lines"};
    EXPECT_EQ(send(untyped).status, 415);
    auto const& unauthorized = post("one", "wrong");
    EXPECT_EQ(unauthorized.status, 401);
    EXPECT_EQ(unauthorized.body.find("the reason stays here"), std::string::npos);
    EXPECT_TRUE(log.appended.empty());
    for (auto const& answer : answers) EXPECT_EQ(answer.content_type, "application/problem+json");
}

TEST_F(IngestRoutes, KnowsOnlyActiveSecretsOfTheSource) {
    EXPECT_EQ(post("one", "foreign").status, 401);
    EXPECT_EQ(post("one", "expired").status, 401);
    post("one", "old");
    EXPECT_EQ(log.appended.size(), 1u);
}

TEST_F(IngestRoutes, PassesTheRestOfThePathToTheSource) {
    HttpRequest request;
    request.headers = {{"Content-Type", "text/plain"}, {"key", "s3cret"}};
    request.body = "one";
    request.captures = {"demo", "lines", "v1", "less"};
    EXPECT_EQ(send(request).status, 404);
    request.captures = {"demo", "lines", "v1", "more"};
    send(request);
    ASSERT_EQ(log.appended.size(), 1u);
    EXPECT_EQ(core::decode_event(log.appended[0].at(0).value)->topic, "v1/more");
}

TEST_F(IngestRoutes, StoresTheGoodItemsOfABatch) {
    auto& answer = post("a\nbad\nb");
    ASSERT_EQ(log.appended.size(), 1u);
    EXPECT_EQ(log.appended[0].size(), 2u);
    log.waiting[0](Result<void>{});
    EXPECT_EQ(answer.body, "3");
    EXPECT_EQ(post("bad\nbad").status, 200);  // nothing to store, the results tell
    EXPECT_EQ(post("none").status, 200);
    EXPECT_EQ(log.appended.size(), 1u);
}

}  // namespace
}  // namespace recoup
