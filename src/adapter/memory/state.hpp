#pragma once
// The tables of migrations/0001_state.sql in memory, with the indexes that look-ups need. One field here is one column
// there; names follow the SQL.

#include "adapter/memory/table.hpp"

#include "recoup/domain/enrollment.hpp"
#include "recoup/domain/letter.hpp"
#include "recoup/domain/message.hpp"
#include "recoup/domain/sale.hpp"
#include "recoup/domain/shop.hpp"
#include "recoup/domain/world.hpp"
#include "recoup/port/schedule_store.hpp"

#include <compare>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <unordered_map>
#include <vector>

namespace recoup::memory {

using Id = std::pair<std::string, std::string>;                          // shop, id
using KeyId = std::pair<std::string, IdentityKey>;                       // shop, key
using SequenceId = std::tuple<std::string, std::string, int>;            // shop, name, version
using SuppressionId = std::tuple<std::string, Channel, std::string>;     // shop, channel, address hash

struct ByText {
    std::size_t operator()(Id const& id) const { return std::hash<std::string>{}(id.second); }
    std::size_t operator()(KeyId const& id) const {
        return std::hash<std::string>{}(id.second.value) + static_cast<std::size_t>(id.second.kind);
    }
};

struct SequenceRow {
    Sequence sequence;
    bool active = true;
};

struct CartRow {
    Cart cart;
    std::optional<Score> score;
    Instant idle_at{};                          // never = nothing to watch
};

struct InboxEntry {
    std::string source, topic, kind, person_id, cart_id;
    Instant occurred_at{}, received_at{};
};

struct LetterEndRow {
    LetterEnd cause = LetterEnd::dropped;
    std::string note;
    Instant at{};
};

struct TryRow {
    std::int64_t first_offset = 0;
    int tries = 0;
};

struct ExportRow {
    std::string person_id;
    Instant requested_at{};
};

struct SuppressionRow {
    std::string cause;                          // "lifted" = not suppressed any more
    Instant since{};
};

/// Whether the person's own act may end it, or has ended it already.
inline bool can_be_lifted(SuppressionRow const& row) {
    return row.cause == "unsubscribe" || row.cause == "stop" || row.cause == "lifted";
}

struct StepId {
    std::string shop_id, enrollment_id;
    int plan = 1, step = 0;
    friend auto operator<=>(StepId const&, StepId const&) = default;
};

struct StepRow {
    PlannedStep step;
    StepState state = StepState::planned;
    std::int64_t lease_token = 0;
    Instant lease_until{};
    int attempt = 0;
};

struct MessageRow {
    MessageDraft draft;                         // person_id and cart_id follow merges; message.to empty = erased
    MessageStatus status = MessageStatus::sending;
    Reason reason = Reason::ok;
    Instant created_at{}, attempted_at{}, sent_at{}, clicked_at{}, opened_at{};
    Instant machine_clicked_at{}, machine_opened_at{};
    std::string provider_id, provider_code;
    int attempt = 1;
    std::optional<FeedbackKind> feedback;
};
bool may_have_left(MessageRow const& row);
/// When it left, as far as that is known.
Instant left_at(MessageRow const& row);

/// Rows by who owns them, a person or a cart.
using Owned = std::unordered_map<Id, std::set<std::string>, ByText>;
using OwnedKeys = std::unordered_map<Id, std::set<IdentityKey>, ByText>;
std::vector<std::string> owned_by(Owned const& index, std::string const& shop_id, std::string const& owner);

struct State {
    explicit State(Journal& journal);

    // Indexes; kept by the tables below.
    std::set<std::pair<Instant, Id>> idle_carts;
    Owned carts_of_person, orders_of_person, orders_of_cart, payments_of_person, enrollments_of_person, enrollments_of_cart,
        messages_of_person, messages_of_cart, inbox_of_person, inbox_of_cart, decisions_of_person, decisions_of_cart,
        exports_of_person;
    OwnedKeys keys_of_person, keys_of_cart;
    std::map<std::tuple<std::string, std::string, Trigger>, std::string> active_enrollment;   // shop, person, lane
    std::map<std::string, std::int64_t> cart_enrollments;                                     // ever, by shop
    std::set<std::pair<Instant, StepId>> due_steps, leased_steps;
    std::map<std::tuple<std::string, std::string, int>, std::string> message_of_step;         // shop, enrollment, step
    std::set<Id> unknown_messages;

    std::vector<Sale> sales;                                      // changed as pauses are
    std::vector<Pause> pauses;                                    // by scope_text; changed by one call at a time, see outbox_store

    Table<std::string, Shop> shops;
    Table<SequenceId, SequenceRow> sequences;
    Table<Id, Person, ByText> persons;
    Table<KeyId, std::string, ByText> person_keys;
    Table<Id, CartRow, ByText> carts;
    Table<KeyId, std::string, ByText> cart_keys;
    Table<Id, Order, ByText> orders;
    Table<Id, Payment, ByText> payments;
    Table<std::tuple<std::string, std::string, std::string>, Instant> order_marks;   // shop, mark, order: when placed
    Table<Id, Versioned<Variant>> variants;
    Table<Id, Versioned<Coupon>> coupons;                         // by coupon_key
    Table<std::pair<std::string, StockKey>, Versioned<std::int64_t>> stock;
    Table<Id, InboxEntry, ByText> inbox;
    Table<Id, Letter, ByText> dead_letters;                       // by event id
    Table<std::string, LetterEndRow> letter_ends;                 // by letter id
    Table<std::pair<std::string, int>, TryRow> tries;             // log, partition
    std::map<std::pair<std::string, int>, void const*> on_probation;   // who holds it; as locks of a session, not taken back
    Table<std::pair<std::string, int>, std::int64_t> positions;   // log, partition
    Table<Id, Instant, ByText> erasures;                          // by key hash; "shop" = the shop itself
    Table<Id, ExportRow, ByText> exports;
    Table<SuppressionId, SuppressionRow> suppressions;
    Table<Id, Enrollment, ByText> enrollments;                    // any_sent is computed, see with_any_sent
    Table<StepId, StepRow> steps;
    Table<Id, MessageRow, ByText> messages;
    Table<Id, Decision, ByText> decisions;
};

/// When the newest order under this mark was placed; never = none.
Instant marked_at(State const& state, std::string const& shop_id, std::string const& mark);
/// The enrollment as the port shows it.
Enrollment with_any_sent(State const& state, std::string const& shop_id, Enrollment enrollment);
/// Other carts of this cart's person that were not ordered.
std::vector<Cart> carts_beside(State const& state, std::string const& shop_id, Cart const& cart);
/// Of these persons, in the order of enrollment ids.
std::vector<Enrollment> active_enrollments(State const& state, std::string const& shop_id,
                                           std::vector<std::string> const& person_ids);
/// Errc::conflict when its person has another active one for the trigger; one that is there already is left alone.
Result<void> insert_enrollments(State& state, std::string const& shop_id, std::vector<Enrollment> const& enrollments);
void replan_enrollment(State& state, std::string const& shop_id, Enrollment const& enrollment);
void end_enrollment(State& state, std::string const& shop_id, std::string const& enrollment_id, Reason reason, Instant now);
/// Planned ones become void.
void drop_steps(State& state, std::string const& shop_id, std::string const& enrollment_id);
void insert_steps(State& state, std::string const& shop_id, std::vector<PlannedStep> const& steps);
void insert_decision(State& state, std::string const& shop_id, Decision decision);
void insert_decisions(State& state, std::string const& shop_id, std::vector<Decision> const& decisions);
/// Ends an active enrollment without a planned or sending step of its plan.
void complete(State& state, std::string const& shop_id, std::string const& enrollment_id, Instant now);
std::int64_t count_abandonments(State const& state, std::string const& shop_id, std::int64_t up_to);

}  // namespace recoup::memory
