// What decisions at the edge look at, alike in memory and on Postgres: marks of orders, first arms, failures around, sales.
#include "contract/store_contract.hpp"

#include "core/mark/mark.hpp"
#include "service/tracker/shop_batch.hpp"

#include <gtest/gtest.h>

namespace recoup::test {
namespace {

using MakeEdgeWorld = std::unique_ptr<StoreWorld> (*)();

class Edges : public testing::TestWithParam<std::pair<char const*, MakeEdgeWorld>> {
protected:
    Edges() : world(GetParam().second()) {
        for (auto const* id : {"s", "t"}) {
            Shop shop;
            shop.id = id;
            EXPECT_TRUE(world->add_shop(shop));
            for (auto const trigger : {Trigger::cart, Trigger::payment_failure}) {
                Sequence sequence;
                sequence.name = name(trigger);
                sequence.trigger = trigger;
                sequence.steps.resize(1);
                sequence.steps[0].useful_for = std::chrono::hours{6};
                EXPECT_TRUE(world->apply_sequence(sequence, id));
            }
        }
    }

    Event event(EventBody body, std::vector<IdentityKey> keys, std::string shop = "s") {
        Event out;
        out.shop_id = std::move(shop);
        out.id = "e" + std::to_string(++events);
        out.occurred_at = out.received_at = now;
        out.keys = std::move(keys);
        out.body = std::move(body);
        return out;
    }
    static IdentityKey email(std::string const& name) { return {KeyKind::email, name + "@example.com"}; }

    Event cart(std::string const& token, std::string const& who, std::string const& mark) {
        CartChanged body;
        body.has_content = true;
        body.subtotal_minor = 1000;
        body.lines.resize(1);
        body.address_mark = mark;
        return event(body, {{KeyKind::checkout_token, token}, email(who)});
    }
    Event order(std::string const& id, std::string const& who, std::string const& mark, std::string const& landing = {}) {
        OrderPlaced body;
        body.order_id = id;
        body.placed_at = now;
        body.address_mark = mark;
        body.landing_site = landing;
        return event(body, {{KeyKind::order_id, id}, email(who)});
    }
    Event failure(int n, std::string const& shop = "s") {
        PaymentChanged body;
        body.payment_id = body.attempt_id = "p" + std::to_string(n);
        body.amount = {100, "USD"};
        return event(body, {email("payer" + std::to_string(n))}, shop);
    }

    void fold(std::vector<Event> given) {
        auto const shop = given.front().shop_id;
        service::ShopBatch batch(shop, policy, scorer, now);
        for (auto& one : given) batch.add(std::move(one));
        std::vector<ShopWork> work(1);
        work[0].want = batch.want();
        work[0].world = &batch.world();
        work[0].changes = &batch.changes();
        work[0].fold = [&](TrackState const& state) { return batch.fold(state); };
        auto const from = offset++;
        auto const done = world->track().apply(work, "log", {{0, from}}, {{0, offset}}, now);
        ASSERT_TRUE(done) << done.error().message;
    }
    /// The idle carts by their persons' emails; every one is opened in the arm given.
    std::map<std::string, IdleCart> open(Arm arm = Arm::treated) {
        std::map<std::string, IdleCart> seen;
        auto const opened = world->schedule().open_idle(now, 50, [&](std::vector<IdleCart> const& carts) {
            std::vector<OpenWrite> writes;
            for (auto const& idle : carts) {
                seen[idle.person.email.value] = idle;
                OpenWrite write;
                write.shop_id = idle.shop.id;
                write.cart_id = idle.cart.id;
                Enrollment enrollment;
                enrollment.id = "enr-" + idle.cart.id;
                enrollment.person_id = idle.person.id;
                enrollment.cart_id = idle.cart.id;
                enrollment.sequence = "cart";
                enrollment.sequence_version = 1;
                enrollment.arm = arm;
                enrollment.anchor_at = enrollment.opened_at = now;
                write.opened = enrollment;
                write.steps.push_back({enrollment.id, 1, 0, Channel::email, now, now, StepWait::none});
                if (idle.active) write.ended.emplace(idle.active->id, Reason::superseded);
                writes.push_back(std::move(write));
            }
            return writes;
        });
        EXPECT_TRUE(opened) << opened.error().message;
        return seen;
    }
    /// The due steps by the emails of their persons; they are put back.
    std::map<std::string, DueStep> due() {
        std::map<std::string, DueStep> seen;
        auto const claimed = world->schedule().claim_steps(now, now + Seconds{60}, 100, [&](std::vector<DueStep> const& steps) {
            std::vector<StepWrite> writes;
            for (auto const& step : steps) {
                seen[step.person.email.value] = step;
                StepWrite write;
                write.shop_id = step.shop->id;
                write.enrollment_id = step.enrollment.id;
                write.plan = step.step.plan;
                write.step = step.step.step;
                write.verdict = Verdict::move;
                write.reason = Reason::quiet_hours;
                write.move_to = now + Seconds{1};
                write.decision.id = step.enrollment.id + to_rfc3339(now);
                write.decision.subject = "step";
                write.decision.at = now;
                writes.push_back(std::move(write));
            }
            return writes;
        });
        EXPECT_TRUE(claimed) << claimed.error().message;
        return seen;
    }
    void pass(Millis time) { now += time; }

    core::Policy policy;
    service::Scorer scorer;
    std::unique_ptr<StoreWorld> world;
    Instant now = parse_rfc3339("2026-03-02T12:00:00Z").value();
    std::int64_t offset = 0;
    int events = 0;
};

INSTANTIATE_TEST_SUITE_P(Both, Edges, testing::Values(std::pair{"memory", &memory_stores}, std::pair{"postgres", &postgres_stores}),
                         [](auto const& tested) { return std::string(tested.param.first); });

TEST_P(Edges, AnOrderUnderTheSameMarkIsSeenWhenACartOpensAndWhenAStepIsDecided) {
    fold({cart("t1", "jane", "address_a"), cart("t2", "ann", "address_b")});
    fold({order("o1", "work", "address_a")});
    auto const bought_at = now;
    pass(std::chrono::hours{1});
    auto const opened = open();
    EXPECT_EQ(opened.at("jane@example.com").marked_at, bought_at);
    EXPECT_EQ(opened.at("ann@example.com").marked_at, never);
    auto const first = due();
    EXPECT_EQ(first.at("jane@example.com").marked_at, bought_at);
    EXPECT_EQ(first.at("ann@example.com").marked_at, never);
    fold({order("o2", "gift", "", "/?recoup=" + std::string("msg_nobody"))});   // of a message that is none of ours
    fold({event(PersonErased{}, {email("work")})});
    pass(Seconds{2});
    EXPECT_EQ(due().at("jane@example.com").marked_at, never);   // the erasure took the mark along
}

TEST_P(Edges, TheArmOfTheEarliestEnrollmentIsKnownWhenThePersonsNextCartOpens) {
    fold({cart("t1", "jane", "")});
    pass(std::chrono::hours{1});
    EXPECT_FALSE(open(Arm::holdout).at("jane@example.com").first_arm);
    fold({cart("t2", "jane", "")});
    pass(std::chrono::hours{1});
    EXPECT_EQ(open(Arm::treated).at("jane@example.com").first_arm, Arm::holdout);
    fold({cart("t3", "jane", "")});
    pass(std::chrono::hours{1});
    EXPECT_EQ(open().at("jane@example.com").first_arm, Arm::holdout);
}

TEST_P(Edges, FailuresOfTheShopAroundAFailureAreCounted) {
    fold({failure(1), failure(2)});
    fold({failure(9, "t")});
    pass(std::chrono::minutes{9});
    fold({failure(3)});
    pass(std::chrono::minutes{5});
    fold({failure(4)});   // 14 minutes after the first, 5 after the third
    auto const steps = due();
    EXPECT_EQ(steps.at("payer1@example.com").failures_around, 2);
    EXPECT_EQ(steps.at("payer3@example.com").failures_around, 3);
    EXPECT_EQ(steps.at("payer4@example.com").failures_around, 1);
}

TEST_P(Edges, AStepOfWhatWasBrowsedKnowsTheCartsBesideIt) {
    Sequence browse;
    browse.name = "browse";
    browse.trigger = Trigger::browse;
    browse.steps.resize(1);
    ASSERT_TRUE(world->apply_sequence(browse, "s"));
    BehaviourSeen view;
    view.kind = BehaviourKind::product_viewed;
    view.product_id = "p1";
    view.session_id = "v1";
    IdentityKey const browser{KeyKind::anonymous_id, "b1"};
    fold({event(view, {browser}), event(CustomerChanged{}, {browser, email("jane")})});
    pass(std::chrono::hours{1});
    ASSERT_TRUE(open().at("jane@example.com").cart.browsed());
    EXPECT_TRUE(due().at("jane@example.com").others.empty());
    fold({cart("t1", "jane", ""), cart("t2", "ann", "")});
    pass(Seconds{2});
    auto const others = due().at("jane@example.com").others;
    ASSERT_EQ(others.size(), 1U);
    EXPECT_EQ(others[0].content.value.subtotal_minor, 1000);
}

TEST_P(Edges, ASaleIsOfItsShopFromItsBeginningToItsEnd) {
    fold({failure(1)});
    fold({failure(2, "t")});
    auto const on = [&] {
        pass(Seconds{2});
        auto const steps = due();
        return std::pair(steps.at("payer1@example.com").on_sale, steps.at("payer2@example.com").on_sale);
    };
    EXPECT_EQ(on(), std::pair(false, false));
    ASSERT_TRUE(world->outbox().begin_sale({"s", now, never, "spring"}));
    ASSERT_TRUE(world->outbox().begin_sale({"s", now + Seconds{9}, never, "still spring"}));   // the one that goes on keeps its start
    EXPECT_EQ(on(), std::pair(true, false));
    auto const sales = world->outbox().sales().value();
    ASSERT_EQ(sales.size(), 1U);
    EXPECT_EQ(sales[0].note, "still spring");
    ASSERT_TRUE(world->outbox().end_sale("s", now));
    EXPECT_EQ(world->outbox().end_sale("s", now).error().code, Errc::not_found);
    EXPECT_EQ(on(), std::pair(false, false));
    ASSERT_TRUE(world->outbox().begin_sale({"", now, never, "everywhere"}));
    EXPECT_EQ(on(), std::pair(true, true));
}

}  // namespace
}  // namespace recoup::test
