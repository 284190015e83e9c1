#pragma once
// One unknown message and what was asked of it; pauses as they were told.

#include "recoup/port/outbox_store.hpp"

namespace recoup::test {

struct FakeOutboxStore final : OutboxStore {
    FakeOutboxStore() {
        send.shop_id = "demo";
        send.message_id = "demo";
        send.adapter = "twilio";
        send.channel = Channel::sms;
        send.sequence = "cart-recovery";
        send.step_name = "text";
        send.planned_at = send.created_at = instant_from_seconds(1'000'000);
    }
    Result<std::vector<UnknownSend>> unknown(UnknownQuery const& query) override {
        if (!query.shop_id.empty() && query.shop_id != send.shop_id) return std::vector<UnknownSend>{};
        return std::vector<UnknownSend>(std::min<std::size_t>(query.limit, 2), send);
    }
    Result<std::int64_t> unknown_count() override { return 1; }
    Result<Resolution> resolve(std::string const& message_id, bool sent, Instant) override {
        if (message_id != send.message_id) return error(Errc::not_found, "There is none.");
        return Resolution{send.shop_id, message_id, sent ? MessageStatus::sent : MessageStatus::retry, !sent, Reason::ok};
    }
    Result<std::vector<Pause>> pauses() override { return held; }
    Result<void> pause(Pause const& pause) override {
        held.push_back(pause);
        return {};
    }
    Result<std::size_t> resume(Pause const& scope, Instant, Millis) override {
        if (std::erase_if(held, [&](Pause const& one) { return one.same_scope(scope); }) == 0) return error(Errc::not_found, "none");
        return std::size_t{3};
    }

    Result<std::vector<Sale>> sales() override { return on_sale; }
    Result<void> begin_sale(Sale const& sale) override {
        on_sale.push_back(sale);
        return {};
    }
    Result<void> end_sale(std::string const& shop_id, Instant) override {
        if (std::erase_if(on_sale, [&](Sale const& one) { return one.shop_id == shop_id; }) == 0) return error(Errc::not_found, "none");
        return {};
    }

    UnknownSend send;
    std::vector<Sale> on_sale;
    std::vector<Pause> held;
};

}  // namespace recoup::test
