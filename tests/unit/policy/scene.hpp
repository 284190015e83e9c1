#pragma once
// A shopper with a cart of two lines, as opening and deciding see them. Tests change one thing.

#include "core/plan/plan.hpp"
#include "core/policy/decide.hpp"

#include <gtest/gtest.h>

namespace recoup::core::test {

inline Instant const left_at = parse_rfc3339("2026-03-02T15:00:00Z").value();
inline Version const version{left_at, 0, 1};

inline Line line(std::string variant, std::int64_t pieces, std::int64_t price) {
    Line out;
    out.variant_id = out.product_id = std::move(variant);
    out.quantity = pieces;
    out.price_minor = price;
    return out;
}

struct Scene {
    Policy policy;
    Shop shop;
    Person person;
    Cart cart;
    SequenceStep step;

    Scene() {
        shop.id = "demo";
        shop.timezone = "UTC";
        person.id = "p";
        know("jane@shopper.example");
        cart.id = "c";
        cart.person_id = "p";
        cart.created_at = left_at - std::chrono::minutes{20};
        cart.last_activity_at = left_at;
        fill({line("v1", 2, 1000), line("v2", 1, 3000)});
        step.name = "mail";
        step.delay = std::chrono::hours{1};
        step.useful_for = std::chrono::hours{24};
    }

    void know(std::string const& email) {
        person.keys.insert({KeyKind::email, email});
        person.email.offer(email, Version{left_at, 0, person.keys.size() + 1});
        person.consents["email:" + email].state = ConsentState::granted;
    }

    void fill(std::vector<Line> lines) {
        CartContent content;
        content.currency = "USD";
        for (auto const& one : lines) content.subtotal_minor += one.price_minor * one.quantity;
        content.total_minor = content.subtotal_minor;
        content.lines = std::move(lines);
        cart.content.value = std::move(content);
        cart.content.version = version;
    }

    PastOrder& order(std::string id, Millis after, std::map<std::string, std::int64_t> pieces = {}) {
        return person.orders[id] = PastOrder{left_at + after, 1000, false, false, std::move(pieces)};
    }

    OpenFacts opening() const {
        OpenFacts facts;
        facts.now = left_at + policy.idle;
        facts.shop = shop;
        facts.cart = cart;
        facts.person = person;
        facts.sequence.name = "cart";
        facts.sequence.steps = {step};
        return facts;
    }
    Opening open() const { return open_for_cart(opening(), policy); }

    SendFacts sending() const {
        SendFacts facts;
        facts.now = left_at + step.delay;
        facts.shop = shop;
        facts.enrollment.id = "e";
        facts.enrollment.person_id = "p";
        facts.enrollment.cart_id = "c";
        facts.enrollment.anchor_at = left_at;
        facts.step.planned_at = facts.step.due_at = facts.now;
        facts.config = step;
        facts.sequence.own().steps = {step};
        facts.cart = cart;
        facts.person = person;
        return facts;
    }
    StepVerdict decide() const { return decide_step(sending(), policy); }
};

/// Neither opened nor, when it was learned only later, sent.
inline void expect_left_alone(Scene const& scene, Reason reason) {
    auto const opening = scene.open();
    EXPECT_FALSE(opening.open);
    EXPECT_EQ(name(opening.reason), name(reason));
    auto const verdict = scene.decide();
    EXPECT_EQ(name(verdict.verdict), name(Verdict::end));
    EXPECT_EQ(name(verdict.reason), name(reason));
}

inline void expect_followed(Scene const& scene) {
    EXPECT_TRUE(scene.open().open) << name(scene.open().reason);
    EXPECT_EQ(name(scene.decide().verdict), name(Verdict::send)) << name(scene.decide().reason);
}

}  // namespace recoup::core::test
