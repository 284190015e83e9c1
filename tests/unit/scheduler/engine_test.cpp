#include "adapter/memory/dead_letters.hpp"
#include "adapter/memory/probation.hpp"
#include "service/scheduler/engine.hpp"

#include "../delivery/one_send.hpp"
#include "adapter/prometheus/prometheus_metrics.hpp"

#include <gtest/gtest.h>

namespace recoup::service {
namespace {

/// An empty log beside which events are acknowledged.
struct DetouredReader final : LogReader {
    Result<std::vector<ReadRecord>> poll(std::size_t, Millis) override { return std::vector<ReadRecord>{}; }
    void rewind() override {}
    Result<LogPositions> end() override {
        if (closed) return error(Errc::unavailable, "a spool holds events");
        return LogPositions{};
    }
    std::uint64_t detours() const override { return count; }

    std::uint64_t count = 3;
    bool closed = false;
};

struct NothingFolded final : TrackStore {
    Result<std::int64_t> position(std::string_view, int) override { return -1; }
    Result<LogPositions> positions(std::string_view) override { return LogPositions{}; }
    Result<void> apply(std::vector<ShopWork>&, std::string_view, LogPositions const&, LogPositions const&, Instant) override {
        return {};
    }
};

struct EngineTest : testing::Test {
    OneSend store;
    CountingChannel channel;
    NoTemplates templates;
    DetouredReader reader;
    NothingFolded track;
    Composer composer{templates, {}};
    ManualClock clock{instant_from_millis(0)};
    prometheus_adapter::PrometheusMetrics metrics{"1"};
    memory::Database database;
    memory::MemoryDeadLetters letters{database};
    memory::MemoryProbation probation{database};
    Tracker tracker{reader, {track, letters, probation}, clock, metrics, {}, {}};
    Opener opener{store, metrics, {}};
    Dispatcher dispatcher{store, {{Channel::email, &channel}}, composer, clock, metrics, {}, {}};
    Engine engine{{&reader, &tracker, &opener, &dispatcher, &store, &metrics, &clock}, {}};
};

TEST_F(EngineTest, SendsWhatIsDue) {
    ASSERT_TRUE(engine.schedule());
    EXPECT_EQ(channel.sent, 1);
}

TEST_F(EngineTest, ClaimsNothingWhileASpoolHoldsEvents) {
    bool claimed = false;
    store.meanwhile = [&] { claimed = true; };
    reader.closed = true;
    EXPECT_FALSE(engine.schedule());
    EXPECT_FALSE(claimed);
    EXPECT_EQ(channel.sent, 0);
}

TEST_F(EngineTest, SendsNothingOfAClaimDuringWhichAnOrderWasAcknowledgedFromASpool) {
    store.meanwhile = [&] { ++reader.count; };
    ASSERT_TRUE(engine.schedule());
    EXPECT_EQ(channel.sent, 0);
    ASSERT_EQ(store.finished.size(), 1u);
    EXPECT_EQ(store.finished[0].outcome.kind, OutcomeKind::retry_later);
}

}  // namespace
}  // namespace recoup::service
