#include "core/codec/event_codec.hpp"
#include "service/links/link_routes.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace recoup::service {
namespace {

using core::LinkPurpose;

Instant const now = instant_from_seconds(1795169100);

struct FakeStore final : LinkStore {
    LinkFacts facts;
    bool known = true, down = false;
    Result<std::optional<LinkFacts>> find_message(std::string_view, std::string_view) override {
        if (down) return error(Errc::unavailable, "down");
        if (!known) return std::optional<LinkFacts>();
        return std::optional(facts);
    }
};

/// Holds what is appended until the test says whether it became durable.
struct FakeLog final : EventLog {
    std::vector<Event> events;
    std::vector<Done> waiting;
    void append(std::vector<LogRecord> records, Done done) override {
        for (auto const& record : records) events.push_back(*core::decode_event(record.value));
        waiting.push_back(std::move(done));
    }
    void close() override {}
    void settle(Result<void> result = {}) {
        for (auto const& done : std::exchange(waiting, {})) done(result);
    }
};

struct Links : testing::Test {
    FakeStore store;
    FakeLog log;
    ManualClock clock{now};
    core::LinkKey key = core::link_key(1, "0123456789abcdef0123456789abcdef");
    LinkService service{store, log, clock, {key}, true};
    std::string agent = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0";
    HeaderList more;
    std::optional<HttpResponse> answer;

    Links() {
        store.facts = {"Demo <shop>", "demo.example", Channel::email, "ann@example.com",
                       "https://demo.example/checkouts/1/recover", "", false};
    }
    std::string token(LinkPurpose purpose) const {
        return core::sign({"demo", "m_1", purpose, -1, now + Seconds{60}}, key);
    }
    /// The answer to a request; nothing while it waits for the log.
    std::optional<HttpResponse> call(std::string const& method, std::string const& pattern, std::string const& with) {
        answer.reset();
        HttpRequest request;
        request.method = method;
        if (!agent.empty()) request.headers = {{"User-Agent", agent}};
        request.headers.insert(request.headers.end(), more.begin(), more.end());
        request.captures = {with};
        request.query = "url=https://evil.example&return=//evil.example";
        for (auto const& route : service.routes()) {
            bool const fits = route.method == method || (method == "HEAD" && route.method == "GET");
            if (fits && route.pattern == pattern)
                route.handle(request, [this](HttpResponse response) { answer = std::move(response); });
        }
        return answer;
    }
    std::string location() const {
        for (auto const& [name, value] : answer->headers)
            if (name == "Location") return value;
        return "";
    }
};

TEST_F(Links, ClickRedirectsOnceItIsDurable) {
    EXPECT_FALSE(call("GET", "/c/{token}", token(LinkPurpose::click)));
    log.settle();
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 302);
    EXPECT_EQ(location(), store.facts.target_url);
    ASSERT_EQ(log.events.size(), 1U);
    EXPECT_EQ(log.events[0].source, "link");
    auto const feedback = std::get<MessageFeedback>(log.events[0].body);
    EXPECT_EQ(feedback.kind, FeedbackKind::clicked);
    EXPECT_EQ(feedback.message_id, "m_1");
}

TEST_F(Links, ThePictureComesAtOnceAndTellsOfAHuman) {
    store.down = true;   // nothing is looked up
    ASSERT_TRUE(call("GET", "/o/{token}", token(LinkPurpose::open)));   // before it is durable
    EXPECT_EQ(answer->status, 200);
    EXPECT_EQ(answer->content_type, "image/gif");
    EXPECT_EQ(answer->body.size(), 43U);
    EXPECT_TRUE(answer->body.starts_with("GIF89a"));
    EXPECT_NE(std::find(answer->headers.begin(), answer->headers.end(), std::pair<std::string, std::string>("Cache-Control", "no-store, max-age=0")),
              answer->headers.end());
    ASSERT_EQ(log.events.size(), 1U);
    auto const feedback = std::get<MessageFeedback>(log.events[0].body);
    EXPECT_EQ(feedback.kind, FeedbackKind::opened);
    EXPECT_EQ(feedback.message_id, "m_1");
    EXPECT_FALSE(feedback.machine);
    EXPECT_TRUE(log.events[0].keys.empty());
    auto const id = log.events[0].id;
    clock.set(now + Seconds{5});
    call("GET", "/o/{token}", token(LinkPurpose::open));
    EXPECT_EQ(log.events[1].id, id);   // seen twice at once, opened once
}

TEST_F(Links, MachinesThatFetchPicturesAreToldFromHumans) {
    std::vector<std::pair<std::string, std::string>> const machines{
        {"Mozilla/5.0", "apple_prefetch"},
        {"Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)", "gmail_proxy"},
        {"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/42.0.2311.135 Safari/537.36 Edge/12.246 Mozilla/5.0", "gmail_prefetch"},
        {"YahooMailProxy; https://help.yahoo.com/kb/yahoo-mail-proxy-SLN28749.html", "yahoo_proxy"},
        {"Mozilla/5.0 (compatible; Barracuda Sentinel)", "scanner"},
        {"python-requests/2.31", "robot"},
        {"", "robot"}};
    for (auto const& [name, machine] : machines) {
        agent = name;
        log.events.clear();
        call("GET", "/o/{token}", token(LinkPurpose::open));
        ASSERT_EQ(log.events.size(), 1U) << name;
        auto const feedback = std::get<MessageFeedback>(log.events[0].body);
        EXPECT_TRUE(feedback.machine) << name;
        EXPECT_EQ(feedback.detail, machine) << name;
    }
}

TEST_F(Links, NothingIsKeptOfAnOpeningThatNobodyWantsKept) {
    more = {{"Sec-GPC", "1"}};
    ASSERT_TRUE(call("GET", "/o/{token}", token(LinkPurpose::open)));
    more.clear();
    ASSERT_TRUE(call("GET", "/o/{token}", token(LinkPurpose::click)));   // another purpose's token
    ASSERT_TRUE(call("GET", "/o/{token}", "forged"));
    EXPECT_EQ(answer->status, 200);
    LinkService off{store, log, clock, {key}};
    HttpRequest request;
    request.captures = {token(LinkPurpose::open)};
    for (auto const& route : off.routes())
        if (route.pattern == "/o/{token}") route.handle(request, [&](HttpResponse response) { answer = std::move(response); });
    EXPECT_EQ(answer->body.size(), 43U);
    EXPECT_TRUE(log.events.empty());
}

TEST_F(Links, NeverRedirectsToAHostTheShopIsNotKnownBy) {
    for (auto const* target : {"https://evil.example/", "//evil.example", "javascript:alert(1)", "",
                               "https://demo.example@evil.example/", "https://demo.example.evil.example/"}) {
        store.facts.target_url = target;
        call("GET", "/c/{token}", token(LinkPurpose::click));
        log.settle();
        EXPECT_EQ(location(), "https://demo.example/cart") << target;
    }
    store.facts.target_url = "https://pay.example/x";
    store.facts.recovery_url = "https://pay.example/r/9";
    call("GET", "/c/{token}", token(LinkPurpose::click));
    log.settle();
    EXPECT_EQ(location(), "https://pay.example/x");
}

TEST_F(Links, RestoreAfterTheOrderSaysSo) {
    store.facts.ordered = true;
    call("GET", "/r/{token}", token(LinkPurpose::restore));
    log.settle();
    EXPECT_EQ(answer->status, 200);
    EXPECT_NE(answer->body.find("already in"), std::string::npos);
    EXPECT_NE(answer->body.find("Demo &lt;shop&gt;"), std::string::npos);
}

TEST_F(Links, LookingNeverUnsubscribes) {
    for (auto const* method : {"GET", "HEAD"}) {
        auto const response = call(method, "/u/{token}", token(LinkPurpose::unsubscribe));
        ASSERT_TRUE(response);
        EXPECT_EQ(response->status, 200);
        EXPECT_NE(response->body.find("<form method=\"post\">"), std::string::npos);
    }
    EXPECT_TRUE(log.events.empty());
}

TEST_F(Links, AScannersClickIsKeptAsAMachines) {
    call("HEAD", "/c/{token}", token(LinkPurpose::click));
    agent = "Mozilla/5.0 (compatible; Proofpoint URL Defense)";
    call("GET", "/r/{token}", token(LinkPurpose::restore));
    log.settle();
    EXPECT_EQ(answer->status, 302);   // it sees what a shopper sees
    ASSERT_EQ(log.events.size(), 2U);
    for (auto const& event : log.events) EXPECT_TRUE(std::get<MessageFeedback>(event.body).machine);
    EXPECT_EQ(std::get<MessageFeedback>(log.events[0].body).detail, "head");
    EXPECT_EQ(std::get<MessageFeedback>(log.events[1].body).detail, "scanner");
}

TEST_F(Links, OneClickRevokesAndSuppressesTheAddress) {
    EXPECT_FALSE(call("POST", "/u/{token}", token(LinkPurpose::unsubscribe)));
    log.settle();
    EXPECT_EQ(answer->status, 200);
    ASSERT_EQ(log.events.size(), 1U);
    auto const change = std::get<ConsentChanged>(log.events[0].body);
    EXPECT_EQ(change.address, "ann@example.com");
    EXPECT_EQ(change.state, ConsentState::revoked);
    EXPECT_TRUE(change.suppress);
    EXPECT_EQ(change.cause, "unsubscribe");
    ASSERT_EQ(log.events[0].keys.size(), 1U);
    EXPECT_EQ(log.events[0].occurred_at, now);
}

TEST_F(Links, UnsubscribeThatIsNotDurableIsNotConfirmed) {
    call("POST", "/u/{token}", token(LinkPurpose::unsubscribe));
    log.settle(error(Errc::unavailable, "down"));
    EXPECT_EQ(answer->status, 503);
    call("GET", "/c/{token}", token(LinkPurpose::click));
    log.settle(error(Errc::unavailable, "down"));
    EXPECT_EQ(answer->status, 302);   // a lost count is better than a lost sale
}

TEST_F(Links, TokenActsOnlyForItsOwnPurpose) {
    auto const restore = token(LinkPurpose::restore);
    EXPECT_EQ(call("POST", "/u/{token}", restore)->status, 404);
    EXPECT_EQ(call("GET", "/c/{token}", restore)->status, 404);
    EXPECT_EQ(call("GET", "/r/{token}", token(LinkPurpose::unsubscribe))->status, 404);
    EXPECT_EQ(call("GET", "/r/{token}", "nonsense")->status, 404);
    EXPECT_TRUE(log.events.empty());
}

TEST_F(Links, ExpiredUnknownAndDownAreTold) {
    auto const good = token(LinkPurpose::click);
    store.known = false;
    EXPECT_EQ(call("GET", "/c/{token}", good)->status, 404);
    store.down = true;
    EXPECT_EQ(call("GET", "/c/{token}", good)->status, 503);
    clock.set(now + Seconds{61});
    EXPECT_EQ(call("GET", "/c/{token}", good)->status, 410);
}

TEST_F(Links, PagesAreNotCachedFramedOrLeaked) {
    auto const response = call("GET", "/u/{token}", token(LinkPurpose::unsubscribe));
    std::string headers;
    for (auto const& [name, value] : response->headers) headers += name + ": " + value + "\n";
    for (auto const* wanted : {"Cache-Control: no-store", "frame-ancestors 'none'", "default-src 'none'", "Referrer-Policy: no-referrer"})
        EXPECT_NE(headers.find(wanted), std::string::npos) << wanted;
    EXPECT_EQ(response->body.find("ann@example.com"), std::string::npos);
}

}  // namespace
}  // namespace recoup::service
