// What every idempotency store does alike, also when several processes share it.
#include "adapter/memory/idempotency_store.hpp"
#include "adapter/postgres/idempotency_store.hpp"
#include "adapter/postgres/shop_store.hpp"
#include "recoup/base/clock.hpp"
#include "support/postgres_fixture.hpp"

#include <atomic>
#include <future>
#include <gtest/gtest.h>

namespace recoup::test {
namespace {

using Kind = Claim::Kind;

class RepeatsWorld {
public:
    virtual ~RepeatsWorld() = default;
    virtual IdempotencyStore& first() = 0;
    virtual IdempotencyStore& second() = 0;   // of another process
};

class OneMemory final : public RepeatsWorld {
public:
    IdempotencyStore& first() override { return store_; }
    IdempotencyStore& second() override { return store_; }

private:
    memory::MemoryIdempotencyStore store_;
};

class TwoOnPostgres final : public RepeatsWorld {
public:
    TwoOnPostgres() {
        for (std::string const id : {"demo", "other"}) {
            Shop shop;
            shop.id = id;
            EXPECT_TRUE(shops_.add(shop, instant_from_seconds(1)));
        }
    }
    IdempotencyStore& first() override { return first_; }
    IdempotencyStore& second() override { return second_; }

private:
    Database database_;
    postgres::Pool pool_{database_.options(), 1};
    postgres::ShopStore shops_{pool_};
    postgres::PostgresIdempotencyStore first_{database_.options(), 100}, second_{database_.options(), 100};
};

std::unique_ptr<RepeatsWorld> one_memory() { return std::make_unique<OneMemory>(); }
std::unique_ptr<RepeatsWorld> two_on_postgres() { return std::make_unique<TwoOnPostgres>(); }

struct StoreMaker {
    char const* name;
    std::unique_ptr<RepeatsWorld> (*make)();

    friend std::ostream& operator<<(std::ostream& out, StoreMaker const& maker) { return out << maker.name; }
};

class IdempotencyContract : public testing::TestWithParam<StoreMaker> {
protected:
    static Result<Claim> claim(IdempotencyStore& store, RequestName of, Instant at) {
        std::promise<Result<Claim>> told;
        store.claim(std::move(of), at, [&](Result<Claim> outcome) { told.set_value(std::move(outcome)); });
        return told.get_future().get();
    }
    static void finish(IdempotencyStore& store, RequestName of, StoredAnswer kept, Instant at) {
        std::promise<Result<void>> told;
        store.finish(std::move(of), std::move(kept), at, [&](Result<void> outcome) { told.set_value(outcome); });
        EXPECT_TRUE(told.get_future().get());
    }
    static void release(IdempotencyStore& store, RequestName of) {
        std::promise<Result<void>> told;
        store.release(std::move(of), [&](Result<void> outcome) { told.set_value(outcome); });
        EXPECT_TRUE(told.get_future().get());
    }
    static Kind kind(IdempotencyStore& store, RequestName const& of, Instant at) { return claim(store, of, at)->kind; }

    std::unique_ptr<RepeatsWorld> world = GetParam().make();
    IdempotencyStore& one = world->first();
    IdempotencyStore& two = world->second();
    Instant const now = instant_from_seconds(1'700'000'000);
    RequestName const name{"demo", "key", "body"};
    StoredAnswer const answer{200, "application/json", R"({"detail":"é \"quoted\" \\ {}"})"};
};

TEST_P(IdempotencyContract, TheFirstGoesOnAndTheOthersHearWhatItHeard) {
    EXPECT_EQ(kind(one, name, now), Kind::first);
    EXPECT_EQ(kind(two, name, now), Kind::in_progress);
    finish(one, name, answer, now);
    for (auto* store : {&one, &two}) {
        auto const repeated = *claim(*store, name, now + Seconds{3600});
        EXPECT_EQ(repeated.kind, Kind::repeated);
        EXPECT_EQ(repeated.answer, answer);
    }
}

TEST_P(IdempotencyContract, AnotherBodyIsAnotherRequestAndAnotherShopAnotherSender) {
    EXPECT_EQ(kind(one, name, now), Kind::first);
    EXPECT_EQ(kind(two, {"demo", "key", "another"}, now), Kind::other_body);
    EXPECT_EQ(kind(two, {"other", "key", "another"}, now), Kind::first);
    finish(one, name, answer, now);
    EXPECT_EQ(kind(two, {"demo", "key", "another"}, now), Kind::other_body);
    EXPECT_EQ(kind(two, {"demo", "key", "another"}, now + idempotency_lease), Kind::other_body);
}

TEST_P(IdempotencyContract, AClaimThatIsNeverAnsweredIsGivenToTheNext) {
    EXPECT_EQ(kind(one, name, now), Kind::first);
    EXPECT_EQ(kind(two, name, now + idempotency_lease - Millis{1}), Kind::in_progress);
    EXPECT_EQ(kind(two, {"demo", "key", "another"}, now + idempotency_lease), Kind::other_body);
    EXPECT_EQ(kind(two, name, now + idempotency_lease), Kind::first);
    EXPECT_EQ(kind(one, name, now + idempotency_lease), Kind::in_progress);
    finish(two, name, answer, now + idempotency_lease);
    EXPECT_EQ(kind(one, name, now + idempotency_lease), Kind::repeated);
}

TEST_P(IdempotencyContract, AReleasedClaimNeverWasAndAnAnswerStays) {
    EXPECT_EQ(kind(one, name, now), Kind::first);
    release(one, name);
    EXPECT_EQ(kind(two, {"demo", "key", "another"}, now), Kind::first);
    release(one, name);   // no longer its own
    EXPECT_EQ(kind(one, {"demo", "key", "another"}, now), Kind::in_progress);
    finish(two, {"demo", "key", "another"}, answer, now);
    release(two, {"demo", "key", "another"});
    EXPECT_EQ(kind(one, {"demo", "key", "another"}, now), Kind::repeated);
}

TEST_P(IdempotencyContract, AnswersLiveForADay) {
    EXPECT_EQ(kind(one, name, now), Kind::first);
    finish(one, name, answer, now);
    EXPECT_EQ(kind(two, name, now + idempotency_life - Millis{1}), Kind::repeated);
    EXPECT_EQ(kind(two, {"demo", "key", "another"}, now + idempotency_life), Kind::first);
}

TEST_P(IdempotencyContract, OfManyAtOnceOneIsFirst) {
    std::atomic<int> firsts{0}, others{0};
    std::promise<void> all;
    auto const count = [&](Result<Claim> outcome) {
        if (outcome && outcome->kind == Kind::first) ++firsts;
        if (++others == 80) all.set_value();
    };
    for (int i = 0; i < 40; ++i) {
        one.claim(name, now, count);
        two.claim(name, now, count);
    }
    all.get_future().get();
    EXPECT_EQ(firsts, 1);
}

TEST_P(IdempotencyContract, RefusesAtOnceWhenItIsClosed) {
    one.close();
    one.close();
    auto const refused = claim(one, name, now);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::overloaded);
}

INSTANTIATE_TEST_SUITE_P(Stores, IdempotencyContract,
                         testing::Values(StoreMaker{"memory", &one_memory}, StoreMaker{"postgres", &two_on_postgres}),
                         [](auto const& about) { return std::string(about.param.name); });

}  // namespace
}  // namespace recoup::test
