// Served = described: real answers are held against the schemas of the document.
#include "adapter/memory/dead_letters.hpp"
#include "adapter/prometheus/prometheus_metrics.hpp"
#include "api_fixture.hpp"
#include "core/key/shop_key.hpp"
#include "fake_access_store.hpp"
#include "fake_outbox_store.hpp"
#include "service/admin/access_api.hpp"
#include "service/admin/health.hpp"
#include "adapter/source/list.hpp"
#include "service/admin/letters_api.hpp"
#include "service/admin/outbox_api.hpp"
#include "service/admin/openapi.hpp"
#include "service/ingest/ingest.hpp"
#include "service/links/link_routes.hpp"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <set>

namespace recoup::test {
namespace {

using service::ApiJson;

// The part of JSON Schema that the document uses.
class Validator {
public:
    explicit Validator(ApiJson const& document) : document_(document) {}

    void check(ApiJson const& schema, ApiJson const& value, std::string const& place) const {
        if (schema.contains("$ref")) return check(resolve(schema["$ref"]), value, place);
        if (schema.contains("anyOf")) return check(schema["anyOf"][value.is_null() ? 1 : 0], value, place);
        ASSERT_TRUE(schema.contains("type")) << place;
        EXPECT_TRUE(type_fits(schema["type"], value)) << place << " is " << value.type_name() << ", not " << schema["type"];
        if (value.is_array())
            for (auto const& one : value) check(schema["items"], one, place + "[]");
        if (value.is_object() && schema.contains("properties")) check_object(schema, value, place);
    }

private:
    void check_object(ApiJson const& schema, ApiJson const& value, std::string const& place) const {
        for (auto const& key : schema["required"])
            EXPECT_TRUE(value.contains(key.get<std::string>())) << place << " lacks " << key;
        for (auto const& [key, field] : value.items()) {
            if (schema["properties"].contains(key)) check(schema["properties"][key], field, place + "." + key);
            else ADD_FAILURE() << place << "." << key << " is not described";
        }
    }
    static bool type_fits(ApiJson const& type, ApiJson const& value) {
        if (type.is_array())
            return std::any_of(type.begin(), type.end(), [&](ApiJson const& one) { return type_fits(one, value); });
        if (type == "string") return value.is_string();
        if (type == "integer") return value.is_number_integer();
        if (type == "number") return value.is_number();
        if (type == "boolean") return value.is_boolean();
        if (type == "array") return value.is_array();
        if (type == "object") return value.is_object();
        return type == "null" && value.is_null();
    }
    ApiJson const& resolve(std::string const& reference) const {
        return document_["components"]["schemas"][reference.substr(reference.rfind('/') + 1)];
    }

    ApiJson const& document_;
};

/// The public listener's routes as tables; nothing is called.
struct PublicRoutes {
    struct NoLinks final : LinkStore {
        Result<std::optional<LinkFacts>> find_message(std::string_view, std::string_view) override { return std::nullopt; }
    };
    struct NoLog final : EventLog {
        void append(std::vector<LogRecord>, Done done) override { done(error(Errc::overloaded, "no log")); }
        void close() override {}
    };
    struct NoShops final : ShopDirectory {
        std::shared_ptr<ShopAccess const> find(std::string_view) const override { return nullptr; }
    };

    std::vector<Route> routes() {
        auto all = ingest.routes();
        for (auto& route : link_service.routes()) all.push_back(route);
        return all;
    }

    NoLinks links;
    NoLog log;
    NoShops shops;
    SystemClock clock;
    prometheus_adapter::PrometheusMetrics metrics{"1"};
    std::vector<std::unique_ptr<Source>> sources = source::all_sources();
    service::Ingest ingest{log, shops, clock, metrics, sources, {}};
    service::LinkService link_service{links, log, clock, {}};
};

struct OpenApiTest : AdminApiTest {
    prometheus_adapter::PrometheusMetrics metrics{"1"};

    OpenApiTest() {
        for (auto& one : service::health_routes({}, metrics)) routes.push_back(std::move(one));
        for (auto& one : access_api.routes()) routes.push_back(std::move(one));
        keep_letter();
        for (auto& one : outbox_api.routes()) routes.push_back(std::move(one));
        for (auto& one : letters_api.routes()) routes.push_back(std::move(one));
        Route webhook;
        webhook.method = "POST";
        webhook.pattern = "/webhooks/{shop}/{source}";
        webhook.summary = "Receive events";
        webhook.body_limit = 1024;
        public_routes.push_back(webhook);
        service::Listener const both[] = {{"public", public_routes}, {"admin", routes}};
        routes.push_back(service::openapi_route(both, "1.2.3"));
        document = json(call(route("/v1/openapi.json"), {}));
        store.report_rows.arms = {{"treated", 90, 20}, {"holdout", 10, 1}};
        store.report_rows.abandoned = {{"USD", 3, 500}};
        store.report_rows.opened = {{"idle", "treated", 90}};
        store.report_rows.ended = {{"ordered", 9}};
        store.report_rows.silences = {{"quiet_hours", 2}};
        store.report_rows.messages = {{"cart-recovery", "first", "email", 0, 5, 0, 0, 0, 0, 1}};
        store.report_rows.touches = {
            {"o1", "USD", "msg_1", "cart-recovery", "first", "email", 900, 0, fake_time(4), fake_time(2), never}};
        store.found = {store.story()};
    }

    ApiJson const& operation_of(Route const& one) {
        std::string method = one.method;
        for (char& c : method) c = static_cast<char>(c + 32);   // as OpenAPI spells it: get, post, put, delete
        return document["paths"][one.pattern][method];
    }
    HttpResponse good_call(Route const& one) {
        auto const key = desk.create("demo", {}, clock.now());
        std::string const query = one.pattern == "/v1/messages"        ? "status=unknown"
                                  : one.pattern.ends_with("/resolve")  ? "outcome=not_sent"
                                  : one.pattern.ends_with("/messages") ? "include=content"
                                  : one.pattern.ends_with("/why")    ? "email=ann%40example.com"
                                                                     : "";
        std::string const body = one.pattern.ends_with("/keys")      ? R"({"source":"events","name":"till"})"
                                 : one.pattern.ends_with("/origins") ? R"({"origins":["https://shop.example"]})"
                                                                     : R"({"seconds":1})";
        return call(one, {"demo", core::key_id(key->key)}, query, body);
    }

    FakeAccessStore access_store;
    SeededRandom random{1};
    service::AccessDesk desk{access_store, random, {"events"}};
    service::AccessApi access_api{desk, clock};
    /// One that stays unusable.
    void keep_letter() {
        Letter letter;
        letter.id = "demo";
        letter.kind = LetterKind::unreadable;
        letter.form = LetterForm::record;
        letter.event_id = "memory/0/1";
        letter.reason = "these bytes are not an event";
        letter.raw = "\xFF";
        letter.received_at = fake_time(1);
        ASSERT_TRUE(letters.keep({letter}));
    }

    memory::Database database;
    FakeOutboxStore outbox;
    service::OutboxApi outbox_api{outbox, store, clock, Millis{0}};
    memory::MemoryDeadLetters letters{database};
    PublicRoutes open;
    service::Replayer replayer{{&letters, &open.log, &open.shops, &open.sources, &clock, &metrics, ""}};
    service::LettersApi letters_api{letters, replayer, clock, metrics};
    std::vector<Route> public_routes;
    ApiJson document;
};

TEST_F(OpenApiTest, DescribesEveryRouteThatIsServed) {
    EXPECT_EQ(document["openapi"], "3.1.0");
    EXPECT_EQ(document["info"]["version"], "1.2.3");
    std::set<std::string> patterns{"/webhooks/{shop}/{source}"};
    for (auto const& one : routes) patterns.insert(one.pattern);
    EXPECT_EQ(document["paths"].size(), patterns.size());
    for (auto const& one : routes) {
        auto const& operation = operation_of(one);
        ASSERT_TRUE(operation.is_object()) << one.pattern;
        EXPECT_EQ(operation["summary"], one.summary);
        EXPECT_EQ(operation["security"].empty(), one.access == Route::Access::open) << one.pattern;
        EXPECT_EQ(operation.contains("requestBody"), one.body_limit > 0) << one.pattern;
        EXPECT_TRUE(operation["responses"].contains("200")) << one.pattern << " has no RouteInfo";
    }
    auto const& webhook = document["paths"]["/webhooks/{shop}/{source}"]["post"];
    EXPECT_EQ(webhook["parameters"].size(), 2u);
    EXPECT_EQ(webhook["tags"][0], "public");
}

TEST_F(OpenApiTest, EveryReferenceLeadsSomewhere) {
    auto const text = document.dump();
    std::string_view const mark = "#/components/schemas/";
    for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark, at + 1)) {
        auto const name = text.substr(at + mark.size(), text.find('"', at) - at - mark.size());
        EXPECT_TRUE(document["components"]["schemas"].contains(name)) << name;
    }
}

TEST_F(OpenApiTest, AnswersAreAsDescribed) {
    Validator const validator(document);
    for (auto const& one : routes) {
        auto const& operation = operation_of(one);
        auto const good = operation["responses"]["200"]["content"];
        if (!good.contains("application/json")) continue;
        auto const response = good_call(one);
        ASSERT_EQ(response.status, 200) << one.pattern << response.body;
        EXPECT_EQ(response.content_type, "application/json");
        validator.check(good["application/json"]["schema"], json(response), one.pattern);
    }
    auto const refusal = list("events", "x=1");
    validator.check(document["components"]["schemas"]["Problem"], json(refusal), "problem");
}

TEST_F(OpenApiTest, EveryDescribedParameterIsTaken) {
    for (auto const& one : routes) {
        if (!one.pattern.starts_with("/v1/shops/{shop}/") || one.pattern.ends_with("/why")) continue;
        if (one.method != "GET") continue;
        auto const& operation = operation_of(one);
        for (auto const& parameter : operation["parameters"]) {
            if (parameter["in"] != "query") continue;
            EXPECT_EQ(call(one, {"demo"}, parameter["name"].get<std::string>() + "=").status, 200) << parameter;
        }
    }
}

TEST_F(OpenApiTest, TheReferencePageIsWhatTheTablesSay) {
    constexpr auto path = RECOUP_SOURCE_DIR "/docs/api.md";
    auto const open_routes = open.routes();
    service::Listener const listeners[] = {{"public", open_routes}, {"admin", routes}};
    auto const made = service::api_markdown(listeners);
    if (std::getenv("RECOUP_UPDATE_DOCS")) std::ofstream(path) << made;
    std::ifstream file(path);
    std::string const page{std::istreambuf_iterator<char>(file), {}};
    EXPECT_EQ(page, made) << "Run the test with RECOUP_UPDATE_DOCS=1 to write the page anew.";
}

}  // namespace
}  // namespace recoup::test
