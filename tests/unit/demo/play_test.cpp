// The whole demo against a daemon of a few lines: it remembers deliveries and stands still in between.

#include "app/demo/demo.hpp"
#include "app/trigger/trigger.hpp"

#include <gtest/gtest.h>

#include <map>
#include <mutex>
#include <set>
#include <sstream>

namespace recoup::demo {
namespace {

using Json = nlohmann::json;

class ToyDaemon final : public HttpClient {
public:
    HttpAnswer send(HttpCall const& call) override {
        std::lock_guard const lock(mutex);
        ++calls;
        if (refuse_every != 0 && calls % refuse_every == 0) return HttpAnswer{};   // away for a moment
        if (call.url.find("/clock/advance") != std::string::npos) {
            now += Seconds{Json::parse(call.body)["seconds"].get<std::int64_t>()};
            if (cut_off_at != never && now >= cut_off_at) {
                cut_off_at = never;
                HttpAnswer lost;
                lost.kind = HttpAnswer::Kind::unanswered;   // moved, but nobody hears of it
                return lost;
            }
            return answer(200, {{"now", to_rfc3339(now)}});
        }
        if (call.url.find("/events?") != std::string::npos) {
            auto data = Json::array();
            if (start != never) data.push_back({{"id", start_id}, {"occurred_at", to_rfc3339(start)}});
            return answer(200, {{"data", data}, {"next", nullptr}});
        }
        if (call.method == "GET") return answer(200, {{"data", Json::array()}, {"next", nullptr}});
        return take(call);
    }

    std::mutex mutex;
    int calls = 0, refuse_every = 0, status = 200;
    Instant now = parse_rfc3339("2026-03-02T15:00:00Z").value(), start{}, cut_off_at{};
    std::string start_id;
    std::map<std::string, int> ids;

private:
    static HttpAnswer answer(int status, Json const& body) {
        HttpAnswer out;
        out.kind = HttpAnswer::Kind::answered;
        out.status = status;
        out.body = body.dump();
        return out;
    }

    HttpAnswer take(HttpCall const& call) {
        for (auto const& [name, value] : call.headers) {
            if (name != "webhook-id" && name != "X-Shopify-Webhook-Id") continue;
            ++ids[value];
            if (value.ends_with("-start")) {
                start_id = "events:" + value;
                start = now;
            }
        }
        return answer(status, Json::object());
    }
};

Options small() {
    Options options;
    options.access.store = {"http://p", "demo", "demo.myshopify.com", "s", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "k"};
    options.access.admin_url = "http://a";
    options.plan.carts = 20;
    return options;
}

std::set<std::string> planned_ids(Instant start) {
    std::set<std::string> ids{run_name(small().plan) + "-start"};
    for (auto const& action : plan_demo(small().plan, start).actions)
        if (!action.only_if_contacted && action.kind != ActionKind::pixel) ids.insert(action.id);
    return ids;
}

std::set<std::string> taken_ids(ToyDaemon const& daemon) {
    std::set<std::string> ids;
    for (auto const& [id, count] : daemon.ids) ids.insert(id);
    return ids;
}

TEST(DemoPlay, DeliversItsPlanAndEndsAtItsEnd) {
    ToyDaemon daemon;
    auto const begin = daemon.now;
    std::ostringstream talk;
    auto const report = play(small(), daemon, talk);
    ASSERT_TRUE(report) << report.error().message;
    EXPECT_EQ(daemon.now, begin + std::chrono::hours{100});
    EXPECT_EQ(taken_ids(daemon), planned_ids(begin));
    EXPECT_FALSE(report->kept());   // a daemon that knows no carts keeps no promise about them
}

TEST(DemoPlay, OutlivesADaemonThatIsAwayAndAClockMoveThatIsCutOff) {
    ToyDaemon daemon;
    auto const begin = daemon.now;
    daemon.refuse_every = 50;
    daemon.cut_off_at = begin + std::chrono::hours{3};
    std::ostringstream talk;
    auto const report = play(small(), daemon, talk);
    ASSERT_TRUE(report) << report.error().message;
    EXPECT_EQ(daemon.now, begin + std::chrono::hours{100});
    EXPECT_EQ(taken_ids(daemon), planned_ids(begin));
}

TEST(DemoPlay, GoesOnWhereItWasCutOff) {
    ToyDaemon whole;
    auto const begin = whole.now;
    std::ostringstream talk;
    ASSERT_TRUE(play(small(), whole, talk));

    ToyDaemon resumed;
    resumed.start = begin;
    resumed.start_id = "events:" + run_name(small().plan) + "-start";
    resumed.now = begin + std::chrono::hours{5};
    auto const report = play(small(), resumed, talk);
    ASSERT_TRUE(report) << report.error().message;
    EXPECT_EQ(resumed.now, begin + std::chrono::hours{100});
    EXPECT_LT(resumed.ids.size(), whole.ids.size());
    EXPECT_NE(talk.str().find("going on with the run that began at 2026-03-02T15:00:00Z"), std::string::npos);
}

TEST(DemoPlay, StopsAtARefusalAndSaysWhich) {
    ToyDaemon daemon;
    daemon.status = 401;
    std::ostringstream talk;
    auto const report = play(small(), daemon, talk);
    ASSERT_FALSE(report);
    EXPECT_NE(report.error().message.find("401"), std::string::npos);
}

TEST(Trigger, SendsEveryKnownEventAndNamesThemForAnUnknownOne) {
    ToyDaemon daemon;
    trigger::Request request;
    request.store = small().access.store;
    request.phone = "+15550001111";
    request.now = daemon.now;
    for (auto const& event : trigger::events()) {
        request.event = event.name;
        auto const sent = trigger::trigger(request, daemon);
        ASSERT_TRUE(sent) << sent.error().message;
        EXPECT_FALSE(sent->empty());
    }
    request.event = "checkout_abandonned";
    EXPECT_NE(trigger::trigger(request, daemon).error().message.find("checkout_abandoned"), std::string::npos);
}

}  // namespace
}  // namespace recoup::demo
