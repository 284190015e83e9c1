#pragma once
// What the report is made of: counts, and for orders the touches that may have earned them. Attribution and statistics
// are reckoned from these (core/statistics), so that a changed setting recomputes history.

#include "recoup/base/time.hpp"
#include "recoup/domain/sale.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace recoup {

/// Enrollments, messages, decisions and orders in [since, until).
struct ReportQuery {
    std::string shop_id;
    Instant since{}, until{};
    Millis window{};              // an order within this time after a touch, or after enrolling, counts
};

struct ReportRows {
    /// Distinct carts of the enrollments opened, by currency.
    struct Abandoned {
        std::string currency;
        std::int64_t carts = 0, value_minor = 0;
    };
    struct Opened {
        std::string reason, arm;
        std::int64_t count = 0;
    };
    struct Ended {
        std::string reason;
        std::int64_t count = 0;
    };
    struct Messages {
        std::string sequence, step_name, channel;
        int step = 0;             // index in the sequence
        std::int64_t sent = 0, sending = 0, retry = 0, rejected = 0, unknown = 0, clicked = 0;
    };
    /// Decisions not to send (skip, end, hold), by reason.
    struct Silence {
        std::string reason;
        std::int64_t count = 0;
    };
    /// People by the arm of their first enrollment for a cart in the period, whatever was sent (intention to treat).
    struct Arm {
        std::string arm;
        std::int64_t people = 0, ordered = 0;
        bool mixed = false;       // of these people: they were in the other arm too, as somebody who became one with them
    };
    /// Orders that another tool's cart mail brought (core/statistics/other_mail), by the person's first arm; empty = none.
    struct OtherMail {
        std::string tool, arm;
        std::int64_t orders = 0;
    };
    /// A message that left before an order of the same person or cart, within the window. Test and cancelled orders
    /// are left out.
    struct Touch {
        std::string order_id, currency, message_id, sequence, step_name, channel;
        std::int64_t net_minor = 0;   // of the order, refunds taken off
        int step = 0;
        Instant placed_at{}, sent_at{};
        Instant clicked_at{};         // never = not clicked
    };

    std::vector<Abandoned> abandoned;
    std::vector<Opened> opened;
    std::vector<Ended> ended;
    std::vector<Messages> messages;
    std::vector<Silence> silences;
    std::vector<Arm> arms;
    std::vector<OtherMail> other_mail;
    std::vector<Sale> sales;          // that touch the period
    std::vector<Touch> touches;       // by order, oldest touch first
};

}  // namespace recoup
