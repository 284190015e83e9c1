#pragma once
// An admin store with one row of everything, every field filled. Remembers the last page query.

#include "recoup/port/admin_store.hpp"

namespace recoup::test {

inline Instant fake_time(int hour) { return instant_from_seconds(1'790'000'000) + std::chrono::hours{hour}; }

class FakeAdminStore final : public AdminStore {
public:
    PageQuery asked;
    ReportQuery report_asked;
    ReportRows report_rows;
    std::vector<Story> found;
    std::optional<Error> failure;
    bool has_more = false;

    FakeAdminStore() {
        Score score{"baseline-1", 0.75, 1.1, 0.1, {{"cart_value", 42.5, 1.2}, {"tab_hides", std::nullopt, -0.2}}};
        cart.cart.id = "crt_1";
        cart.cart.person_id = "prs_1";
        cart.cart.tokens = {{KeyKind::cart_token, "tok-1"}};
        Line line;
        line.title = "Shoe";
        line.price_minor = 1250;
        cart.cart.content.offer({{line}, "USD", 1250, 1350, {"SAVE"}}, {fake_time(0), 0, 1});
        cart.score = score;
        cart.last_activity_at = fake_time(0);
        cart.idle_at = fake_time(1);
        person.person.id = "prs_1";
        person.person.keys = {{KeyKind::email, "ann@example.com"}};
        person.person.consents["email:ann@example.com"] = {Channel::email, "ann@example.com", ConsentState::granted,
                                                           "checkout", {fake_time(0), 0, 1}};
        decision.id = "dec_1";
        decision.subject = "step";
        decision.verdict = "send";
        decision.reason = "ok";
        decision.enrollment_id = "enr_1";
        decision.message_id = "msg_1";
        decision.step = 0;
        decision.at = fake_time(1);
        decision.trace = {{"not ordered", true, "ordered: no"}};
        decision.score = score;
        enrollment.id = "enr_1";
        enrollment.person_id = "prs_1";
        enrollment.sequence = "cart-recovery";
        enrollment.sequence_version = 2;
        enrollment.arm = "treated";
        enrollment.status = "ended";
        enrollment.reason = "idle";
        enrollment.end_reason = "ordered";
        enrollment.value_minor = 1250;
        enrollment.currency = "USD";
        enrollment.opened_at = fake_time(0);
        enrollment.ended_at = fake_time(3);
        message.id = "msg_1";
        message.enrollment_id = "enr_1";
        message.channel = "email";
        message.adapter = "capture";
        message.status = "sent";
        message.reason = "ok";
        message.to = "ann@example.com";
        message.subject = "Your cart";
        message.text = "Hello \xff";
        message.planned_at = message.sent_at = fake_time(1);
        order.id = "1001";
        order.currency = "USD";
        order.total_minor = 1350;
        order.placed_at = fake_time(3);
    }

    Result<std::vector<Shop>> shops() override {
        Shop shop;
        shop.id = "demo";
        return answer(std::vector<Shop>{shop});
    }
    Result<bool> shop_exists(std::string_view shop_id) override { return answer(shop_id == "demo"); }
    Result<Page<EventRow>> events(PageQuery const& query) override { return page(EventRow{}, query); }
    Result<Page<PersonRow>> people(PageQuery const& query) override { return page(person, query); }
    Result<Page<CartRow>> carts(PageQuery const& query) override { return page(cart, query); }
    Result<Page<EnrollmentRow>> enrollments(PageQuery const& query) override { return page(enrollment, query); }
    Result<Page<MessageRow>> messages(PageQuery const& query) override { return page(message, query); }
    Result<Page<DecisionRow>> decisions(PageQuery const& query) override { return page(decision, query); }
    Result<Page<OrderRow>> orders(PageQuery const& query) override { return page(order, query); }
    Result<Page<ExportRow>> exports(PageQuery const& query) override {
        return page(ExportRow{"9999", "prs_1", R"({"person":{"id":"prs_1"}})", fake_time(2)}, query);
    }
    Result<ReportRows> report(ReportQuery const& query) override {
        report_asked = query;
        return answer(report_rows);
    }
    Result<std::vector<Story>> stories(StoryQuery const&) override { return answer(found); }

    Story story() const {
        Story out;
        out.shop_id = "demo";
        out.person_id = "prs_1";
        out.email = "ann@example.com";
        out.enrollments = {enrollment};
        out.decisions = {decision};
        out.messages = {message};
        out.orders = {order};
        out.coming = {{"enr_1", "sms", 1, fake_time(4)}};
        return out;
    }

    PersonRow person;
    CartRow cart;
    EnrollmentRow enrollment;
    MessageRow message;
    DecisionRow decision;
    OrderRow order;

private:
    template <class T>
    Result<T> answer(T value) {
        if (failure) return *failure;
        return value;
    }
    template <class Row>
    Result<Page<Row>> page(Row row, PageQuery const& query) {
        asked = query;
        Page<Row> out;
        out.rows.push_back(std::move(row));
        if (has_more) out.next = PageKey{fake_time(5), "last"};
        return answer(out);
    }
};

}  // namespace recoup::test
