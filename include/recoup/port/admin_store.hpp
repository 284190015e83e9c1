#pragma once
// Admin store: what people read about a shop. Read-only; each call is one transaction and one consistent picture.
// Lists run from oldest to newest by one time and the id, so that pages do not shift while rows arrive.

#include "recoup/base/limits.hpp"
#include "recoup/domain/cart.hpp"
#include "recoup/domain/decision.hpp"
#include "recoup/domain/person.hpp"
#include "recoup/domain/shop.hpp"
#include "recoup/port/admin_report.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace recoup {

/// A place in a list: rows strictly behind it follow. The default is before everything.
struct PageKey {
    Instant at{};
    std::string id;

    friend bool operator==(PageKey const&, PageKey const&) = default;
};

struct PageQuery {
    std::string shop_id;
    std::string email;        // normalised; only rows of the person with this address; empty = all
    std::string cart;         // a cart's id or one of its tokens; empty = all
    Instant since{};          // only rows at or after
    PageKey after;
    std::size_t limit = limits::page_items;
};

template <class Row>
struct Page {
    std::vector<Row> rows;
    std::optional<PageKey> next;   // nullopt = no more rows now
};

struct EventRow {                  // by received_at
    std::string id, source, topic, kind, person_id, cart_id;
    Instant occurred_at{}, received_at{};
};
struct PersonRow {                 // by last_seen_at
    Person person;
    Instant last_seen_at{};
};
struct CartRow {                   // by last_activity_at
    Cart cart;
    std::optional<Score> score;    // the newest
    Instant last_activity_at{};
    std::optional<Instant> idle_at;
};
struct EnrollmentRow {             // by opened_at
    std::string id, person_id, cart_id, payment_id, trigger, sequence, arm, status, reason, end_reason, currency;
    int sequence_version = 0, plan = 1;
    std::int64_t value_minor = 0;
    Instant anchor_at{}, opened_at{}, ended_at{};
};
struct MessageRow {                // by planned_at
    std::string id, enrollment_id, person_id, cart_id, sequence, step_name, channel, adapter, status, reason, to,
        subject, text, html, target_url, provider_id, provider_code, feedback;
    int step = 0;                  // index in the sequence
    int attempt = 1;
    int incentive_percent = 0;
    Instant planned_at{}, created_at{}, sent_at{}, clicked_at{}, opened_at{};   // the first by a human
    Instant machine_clicked_at{}, machine_opened_at{};                          // the first by a proxy, scanner or script
};
struct DecisionRow {               // by at
    std::string id, subject, verdict, reason, enrollment_id, person_id, cart_id, message_id;
    int step = -1;                 // index in the sequence; -1 = none
    Instant at{}, move_to{};
    int sequence_version = 0;      // 0 = none
    std::string law;               // version of the law that was asked; may be empty
    std::vector<TraceEntry> trace;
    std::optional<Score> score;
};
struct OrderRow {                  // by placed_at
    std::string id, person_id, cart_id, currency;
    std::int64_t total_minor = 0, refunded_minor = 0;
    Instant placed_at{}, received_at{}, cancelled_at{};
    bool test = false;
};
struct ExportRow {                 // by requested_at
    std::string id, person_id;
    std::string document;          // JSON: everything that was held about the person then
    Instant requested_at{};
};
struct StepRow {                   // still to come
    std::string enrollment_id, channel;
    int step = 0;
    Instant due_at{};
};

/// Whose story: exactly one of email, message and enrollment is set. shop_id empty = in every shop.
struct StoryQuery {
    std::string shop_id, email, message_id, enrollment_id;
};

/// Everything that was decided about one person, oldest first. With a message or enrollment asked for, only that
/// enrollment.
struct Story {
    std::string shop_id, person_id, email, phone;   // contact empty = not known or erased
    std::vector<EnrollmentRow> enrollments;
    std::vector<DecisionRow> decisions;
    std::vector<MessageRow> messages;
    std::vector<StepRow> coming;
    std::vector<OrderRow> orders;
};

/// Thread-safe. Errors: Errc::unavailable, Errc::overloaded, Errc::internal; an unknown shop has empty lists.
class AdminStore {
public:
    virtual ~AdminStore() = default;

    virtual Result<std::vector<Shop>> shops() = 0;
    virtual Result<bool> shop_exists(std::string_view shop_id) = 0;

    virtual Result<Page<EventRow>> events(PageQuery const& query) = 0;
    virtual Result<Page<PersonRow>> people(PageQuery const& query) = 0;
    virtual Result<Page<CartRow>> carts(PageQuery const& query) = 0;
    virtual Result<Page<EnrollmentRow>> enrollments(PageQuery const& query) = 0;
    virtual Result<Page<MessageRow>> messages(PageQuery const& query) = 0;
    virtual Result<Page<DecisionRow>> decisions(PageQuery const& query) = 0;
    virtual Result<Page<OrderRow>> orders(PageQuery const& query) = 0;
    virtual Result<Page<ExportRow>> exports(PageQuery const& query) = 0;

    virtual Result<ReportRows> report(ReportQuery const& query) = 0;
    /// One story for each person found, in each shop; empty = nobody.
    virtual Result<std::vector<Story>> stories(StoryQuery const& query) = 0;
};

}  // namespace recoup
