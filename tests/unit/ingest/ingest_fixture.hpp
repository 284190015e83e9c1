#pragma once
// A shop behind Ingest: the source "lines", whose senders know a key, beside the real ones for custom events and browsers.

#include "adapter/memory/idempotency_store.hpp"
#include "adapter/source/list.hpp"
#include "service/ingest/ingest.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <map>

namespace recoup::test {

/// Both of its times move when they are told to.
class ToldClock final : public Clock {
public:
    Instant now() const override { return now_; }
    std::chrono::nanoseconds ticks() const override { return ticks_; }
    bool manual() const override { return true; }
    void pass(Millis time) {
        now_ += time;
        ticks_ += time;
    }

private:
    Instant now_ = instant_from_seconds(1'700'000'000);
    std::chrono::nanoseconds ticks_{1};
};

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

struct IngestTest : testing::Test {
    IngestTest() {
        sources.push_back(std::make_unique<LineSource>());
        sources.push_back(source::events_source());
        sources.push_back(source::pixel_source());
        shops.access->shop.id = "demo";
        shops.access->shop.domain = "shop.example";
        shops.access->secrets = {{"demo", "lines", "hmac", "s3cret", never},
                                 {"demo", "other", "hmac", "foreign", never},
                                 {"demo", "lines", "hmac", "expired", clock.now()},
                                 {"demo", "lines", "hmac", "old", clock.now() + Millis{1}}};
    }

    static HttpRequest request(std::string source, HeaderList headers, std::string body) {
        HttpRequest made;
        made.method = "POST";
        made.captures = {"demo", std::move(source)};
        made.headers = std::move(headers);
        made.body = std::move(body);
        return made;
    }
    /// Status 0 while there is no answer.
    HttpResponse& post(std::string body, std::string key = "s3cret", std::string shop = "demo", std::string source = "lines") {
        auto made = request(std::move(source), {{"Content-Type", "Text/Plain; charset=utf-8"}, {"key", std::move(key)}},
                            std::move(body));
        made.captures[0] = std::move(shop);
        return send(made);
    }
    HttpResponse& send(HttpRequest const& made) {
        auto& answer = answers.emplace_back();
        answer.status = 0;
        ingest().routes().at(0).handle(made, [&answer](HttpResponse response) {
            EXPECT_EQ(answer.status, 0) << "answered twice";
            answer = std::move(response);
        });
        return answer;
    }
    static std::string header(HttpResponse const& answer, std::string_view name) {
        for (auto const& [known, value] : answer.headers)
            if (known == name) return value;
        return {};
    }
    /// Made at first use, of the settings as they are then.
    service::Ingest& ingest() {
        if (!made_) made_.emplace(log, shops, clock, metrics, sources, settings, &repeats);
        return *made_;
    }

    ToldClock clock;
    HeldLog log;
    OneShop shops;
    CountedMetrics metrics;
    memory::MemoryIdempotencyStore repeats;
    std::vector<std::unique_ptr<Source>> sources;
    std::deque<HttpResponse> answers;
    service::IngestSettings settings{"https://recoup.example", "salt", {}, {}};

private:
    std::optional<service::Ingest> made_;
};

}  // namespace recoup::test
