#include "service/admin/api_schema_operating.hpp"

namespace recoup::service {
namespace {

using namespace schema;

constexpr FieldInfo key_fields[] = {
    {"kind", text, false, "email, phone, customer_id, anonymous_id, cart_token, checkout_token or order_id"},
    {"value", text, false, "Normalised"},
};
constexpr FieldInfo shop_fields[] = {
    {"id", text, false, "Slug, also in URLs"},
    {"name", text, false, "As shoppers know it"},
    {"domain", text, may_be_null, "Storefront host"},
    {"currency", text, false, "ISO 4217"},
    {"timezone", text, false, "IANA"},
    {"country", text, may_be_null, "ISO 3166 alpha-2"},
    {"uninstalled_at", time, may_be_null, "When the app was uninstalled"},
};
constexpr FieldInfo event_fields[] = {
    {"id", text, false, "<source>:<the sender's id>"},
    {"source", text, false, "shopify, events, pixel, ..."},
    {"topic", text, false, "As the sender named it"},
    {"kind", text, false, "What it means to Recoup, e.g. cart_changed"},
    {"occurred_at", time, may_be_null, "The source's time"},
    {"received_at", time, may_be_null, "When it was accepted"},
    {"person_id", text, may_be_null},
    {"cart_id", text, may_be_null},
};
constexpr FieldInfo consent_fields[] = {
    {"channel", text, false, "email, sms, push or ads"},
    {"address", text},
    {"state", text, false, "unknown, granted, pending, denied or revoked"},
    {"method", text, may_be_null, "How it was given"},
    {"at", time, may_be_null, "When it was given"},
    {"confirmed_at", time, may_be_null, "The double opt-in, when it still counts"},
    {"age", integer, may_be_null, "Years of the person then, when it was said"},
};
constexpr FieldInfo person_fields[] = {
    {"id", text},
    {"email", text, may_be_null, "Newest confirmed by a trusted source"},
    {"phone", text, may_be_null, "E.164"},
    {"first_name", text, may_be_null},
    {"last_name", text, may_be_null},
    {"locale", text, may_be_null},
    {"country", text, may_be_null},
    {"region", text, may_be_null},
    {"timezone", text, may_be_null},
    {"keys", list, false, "What joins observations to this person", "Key"},
    {"consents", list, false, "By channel and address", "Consent"},
    {"sessions", integer, false, "Browser sessions ever seen"},
    {"orders", integer, false, "Orders known"},
    {"first_seen_at", time, may_be_null},
    {"last_seen_at", time, may_be_null},
};
constexpr FieldInfo line_fields[] = {
    {"product_id", text, may_be_null},
    {"variant_id", text, may_be_null},
    {"sku", text, may_be_null},
    {"title", text},
    {"variant_title", text, may_be_null},
    {"quantity", integer},
    {"price", money, may_be_null, "One piece, after line discounts"},
    {"image_url", text, may_be_null},
    {"url", text, may_be_null},
};
constexpr FieldInfo contribution_fields[] = {
    {"feature", text},
    {"value", number, may_be_null, "null = missing"},
    {"share", number, false, "Its part of the margin, a float as that is"},
};
constexpr FieldInfo score_fields[] = {
    {"model", text, false, "Version of the model"},
    {"risk", number, false, "Chance of no order if nobody contacts the person"},
    {"margin", number, false, "bias + sum of shares; risk is its sigmoid"},
    {"bias", number},
    {"contributions", list, false, "One for each feature that has a share", "Contribution"},
};
constexpr FieldInfo cart_fields[] = {
    {"id", text},
    {"person_id", text, may_be_null},
    {"stage", text, false, "The furthest reached: cart, checkout, contact, shipping or payment; browse: products were looked at"},
    {"tokens", list, false, "Cart and checkout tokens", "Key"},
    {"lines", list, false, "", "Line"},
    {"subtotal", money, may_be_null},
    {"total", money, may_be_null},
    {"discount_codes", list},
    {"email", text, may_be_null, "Typed into this checkout"},
    {"phone", text, may_be_null, "Typed into this checkout"},
    {"country", text, may_be_null},
    {"region", text, may_be_null},
    {"recovery_url", text, may_be_null, "The store's own link back"},
    {"created_at", time, may_be_null},
    {"last_activity_at", time, may_be_null},
    {"abandoned_at", time, may_be_null, "When it counts as abandoned unless something happens before"},
    {"ordered_at", time, may_be_null},
    {"order_id", text, may_be_null},
    {"deleted_at", time, may_be_null},
    {"score", object, may_be_null, "The newest", "Score"},
};
constexpr FieldInfo enrollment_fields[] = {
    {"id", text},
    {"person_id", text},
    {"cart_id", text, may_be_null},
    {"payment_id", text, may_be_null},
    {"trigger", text, false, "cart, checkout, browse, payment_failure, recurring_payment_failure or subscription_cancelled"},
    {"sequence", text},
    {"sequence_version", integer},
    {"arm", text, false, "treated or holdout"},
    {"status", text, false, "active or ended"},
    {"reason", text, false, "Why it opened"},
    {"end_reason", text, may_be_null, "Why it ended"},
    {"value", money, may_be_null, "Of the cart when it opened"},
    {"anchor_at", time, may_be_null, "Delays count from here"},
    {"opened_at", time, may_be_null},
    {"ended_at", time, may_be_null},
};
constexpr FieldInfo message_fields[] = {
    {"id", text, false, "Also the idempotency key towards the provider"},
    {"enrollment_id", text},
    {"person_id", text, may_be_null},
    {"cart_id", text, may_be_null},
    {"sequence", text},
    {"step", integer, may_be_null, "Place in the sequence, from 1"},
    {"step_name", text},
    {"channel", text},
    {"adapter", text, false, "capture, smtp, twilio, ..."},
    {"status", text, false, "sending, sent, retry, rejected or unknown"},
    {"reason", text, false, "ok, or why it did not go out"},
    {"to", text, may_be_null, "Email address or E.164 phone"},
    {"incentive_percent", integer},
    {"attempt", integer, false, "From 1"},
    {"planned_at", time, may_be_null, "Anchor plus the step's delay"},
    {"created_at", time, may_be_null, "When sending was decided"},
    {"sent_at", time, may_be_null},
    {"clicked_at", time, may_be_null, "First by a human"},
    {"opened_at", time, may_be_null, "First by a human; only with deliver.open_pixel"},
    {"machine_clicked_at", time, may_be_null, "First by a scanner or a script"},
    {"machine_opened_at", time, may_be_null, "First by a proxy, a scanner or a script"},
    {"provider_id", text, may_be_null},
    {"provider_code", text, may_be_null, "The provider's own code or reply"},
    {"feedback", text, may_be_null, "The newest that came back"},
    {"subject", text, may_be_null, "", {}, true},
    {"text", text, may_be_null, "", {}, true},
    {"html", text, may_be_null, "", {}, true},
    {"target_url", text, may_be_null, "Where the restore link leads", {}, true},
};
constexpr FieldInfo trace_fields[] = {
    {"rule", text, false, "Its id: one of ours, of a law pack, or a condition of the sequence"},
    {"passed", boolean},
    {"input", text, false, "What the rule saw; never an address"},
    {"source", text, may_be_null, "Of a law that forbade: where it is written"},
};
constexpr FieldInfo decision_fields[] = {
    {"id", text},
    {"subject", text, false, "open, step, outcome or feedback"},
    {"verdict", text, false, "send, skip, move, end, open or hold"},
    {"reason", text, false, "One of the list in docs/law.md"},
    {"at", time, may_be_null},
    {"move_to", time, may_be_null, "With verdict move"},
    {"enrollment_id", text, may_be_null},
    {"person_id", text, may_be_null},
    {"cart_id", text, may_be_null},
    {"message_id", text, may_be_null},
    {"step", integer, may_be_null, "From 1"},
    {"sequence_version", integer, may_be_null, "Of the sequence that was followed"},
    {"law", text, may_be_null, "Version of the law that was asked"},
    {"trace", list, false, "Every rule asked, in order", "Trace"},
    {"score", object, may_be_null, "", "Score"},
};
constexpr FieldInfo order_fields[] = {
    {"id", text},
    {"person_id", text, may_be_null},
    {"cart_id", text, may_be_null},
    {"total", money, may_be_null},
    {"refunded", money, may_be_null},
    {"placed_at", time, may_be_null},
    {"received_at", time, may_be_null},
    {"cancelled_at", time, may_be_null},
    {"test", boolean, false, "A test order of the store, never counted"},
};

constexpr FieldInfo export_fields[] = {
    {"id", text, false, "The request's, as the store named it"},
    {"person_id", text, may_be_null},
    {"requested_at", time, may_be_null},
    {"document", object, false, "Everything that was held about the person then", {}, true},
};

constexpr FieldInfo count_fields[] = {
    {"reason", text},
    {"count", integer},
    {"healthy", boolean, false, "false = someone should act"},
    {"meaning", text, false, "In plain words"},
};
constexpr FieldInfo attribution_fields[] = {
    {"model", text},
    {"window", text, false, "measure.attribution_window"},
    {"revenue", text, false, "What revenue means here"},
};
constexpr FieldInfo abandoned_fields[] = {
    {"carts", integer, false, "Distinct carts of the enrollments opened, holdout included"},
    {"value", list, false, "By currency", "Money"},
};
constexpr FieldInfo opened_fields[] = {
    {"reason", text, false, "Why it opened"},
    {"treated", integer},
    {"holdout", integer},
};
constexpr FieldInfo enrolled_fields[] = {
    {"opened", integer},
    {"treated", integer},
    {"holdout", integer},
    {"by_reason", list, false, "", "ReportOpened"},
    {"ended", list, false, "", "ReportReason"},
};
constexpr FieldInfo step_fields[] = {
    {"sequence", text},
    {"step", integer, false, "From 1"},
    {"step_name", text},
    {"channel", text},
    {"sent", integer},
    {"sending", integer},
    {"retry", integer},
    {"rejected", integer},
    {"unknown", integer},
    {"clicked", integer},
};
constexpr FieldInfo sent_fields[] = {
    {"sent", integer},
    {"by_step", list, false, "", "ReportStep"},
};
constexpr FieldInfo credit_fields[] = {
    {"sequence", text},
    {"step", integer, false, "From 1"},
    {"step_name", text},
    {"channel", text},
    {"orders", integer},
    {"after_click", integer, false, "Of these, credited to a click"},
    {"revenue", list, false, "By currency", "Money"},
};
constexpr FieldInfo recovered_fields[] = {
    {"orders", integer},
    {"revenue", list, false, "By currency", "Money"},
    {"by_step", list, false, "", "ReportCredit"},
};
constexpr FieldInfo arm_fields[] = {
    {"people", integer},
    {"ordered", integer},
    {"rate", number, may_be_null},
    {"interval", interval, false, "95 %, Wilson"},
};
constexpr FieldInfo difference_fields[] = {
    {"value", number, may_be_null, "Rate of the treated minus rate of the held out"},
    {"interval", interval, false, "95 %, Newcombe; for one look"},
    {"anytime_interval", interval, false, "95 %, valid however often it is looked at"},
};
constexpr FieldInfo lift_fields[] = {
    {"value", number},
    {"interval", interval, false, "95 %, delta method"},
};
constexpr FieldInfo experiment_fields[] = {
    {"holdout_share", number, false, "measure.holdout_share"},
    {"treated", object, false, "", "ReportArm"},
    {"holdout", object, false, "", "ReportArm"},
    {"difference", object, false, "", "ReportDifference"},
    {"lift", object, may_be_null, "Relative to the held out; null below 5 orders in either group", "ReportLift"},
    {"sample_ratio_p", number, false, "Chance of a split this uneven"},
    {"sample_ratio_alarm", boolean, false, "Below 0.001: the split is broken"},
    {"conclusive", boolean, false, "The anytime interval leaves zero out"},
    {"carts_missing", integer, may_be_null, "About how many more until a lift of 20 % could be told"},
    {"verdict", text, false, "In plain words"},
    {"without_people_in_both_arms", object, false, "The same without persons that became one out of both arms", "ReportSensitivity"},
};
constexpr FieldInfo sensitivity_fields[] = {
    {"people_in_both_arms", integer, false, "They count in the arm of their earliest enrollment"},
    {"difference", object, false, "", "ReportDifference"},
    {"conclusive", boolean},
};
constexpr FieldInfo other_mail_fields[] = {
    {"tool", text, false, "shopify, klaviyo, omnisend, mailchimp or other, by the campaign of the order's landing page"},
    {"treated", integer, false, "Orders of people who are treated"},
    {"holdout", integer, false, "Orders of people who should get nothing"},
    {"never_enrolled", integer},
};
constexpr FieldInfo sale_fields[] = {
    {"since", time, may_be_null},
    {"until", time, may_be_null, "null = it goes on"},
    {"note", text, may_be_null},
};
constexpr FieldInfo report_fields[] = {
    {"shop", text},
    {"since", time, may_be_null},
    {"until", time, may_be_null},
    {"attribution", object, false, "", "ReportAttribution"},
    {"abandoned", object, false, "", "ReportAbandoned"},
    {"enrollments", object, false, "", "ReportEnrollments"},
    {"messages", object, false, "", "ReportMessages"},
    {"silences", list, false, "Decisions not to send", "ReportReason"},
    {"recovered", object, false, "Orders that followed a message", "ReportRecovered"},
    {"experiment", object, false, "Treated beside held out, by people", "ReportExperiment"},
    {"other_mail", list, false, "Orders that the cart mail of another tool brought", "ReportOtherMail"},
    {"sales", list, false, "Times without incentives in the period (recoup pause --incentives)", "ReportSale"},
    {"warnings", list, false, "What to know before the numbers are believed"},
};

constexpr FieldInfo coming_fields[] = {
    {"enrollment_id", text},
    {"step", integer, false, "From 1"},
    {"channel", text},
    {"due_at", time, may_be_null},
};
constexpr FieldInfo story_fields[] = {
    {"shop", text},
    {"person_id", text},
    {"email", text, may_be_null},
    {"phone", text, may_be_null},
    {"enrollments", list, false, "", "Enrollment"},
    {"decisions", list, false, "", "Decision"},
    {"messages", list, false, "", "Message"},
    {"coming", list, false, "Steps still to come", "Coming"},
    {"orders", list, false, "", "Order"},
    {"text", text, false, "The same in plain words"},
};
constexpr FieldInfo advance_fields[] = {
    {"seconds", integer, false, "How far to move the clock, 0 or more"},
};
constexpr FieldInfo now_fields[] = {
    {"now", time, false, "The clock when everything due was done"},
};
constexpr FieldInfo money_fields[] = {
    {"amount", text, false, "Decimal"},
    {"minor", integer, false, "Exact, in the currency's minor unit"},
    {"currency", text, false, "ISO 4217"},
};
constexpr FieldInfo problem_fields[] = {
    {"type", text, false, "/problems/<slug>"},
    {"title", text, false, "Constant for a type"},
    {"status", integer},
    {"detail", text, false, "What is wrong and what to do"},
};

constexpr SchemaInfo schemas[] = {
    {"Shop", shop_fields},
    {"Event", event_fields},
    {"Person", person_fields},
    {"Cart", cart_fields},
    {"Enrollment", enrollment_fields},
    {"Message", message_fields},
    {"Decision", decision_fields},
    {"Order", order_fields},
    {"Export", export_fields},
    {"Report", report_fields},
    {"Story", story_fields},
    {"ShopKey", shop_key_fields},
    {"KeyWish", key_wish_fields},
    {"Origins", origins_fields},
    {"DeadLetter", letter_fields},
    {"LetterOutcome", outcome_fields},
    {"UnknownMessage", unknown_message_fields},
    {"Resolution", resolution_fields},
    {"Pause", pause_fields},
    {"Advance", advance_fields},
    {"Now", now_fields},
    {"Key", key_fields},
    {"Consent", consent_fields},
    {"Line", line_fields},
    {"Score", score_fields},
    {"Contribution", contribution_fields},
    {"Trace", trace_fields},
    {"Coming", coming_fields},
    {"ReportAttribution", attribution_fields},
    {"ReportAbandoned", abandoned_fields},
    {"ReportSensitivity", sensitivity_fields},
    {"ReportOtherMail", other_mail_fields},
    {"ReportSale", sale_fields},
    {"ReportEnrollments", enrolled_fields},
    {"ReportOpened", opened_fields},
    {"ReportReason", count_fields},
    {"ReportMessages", sent_fields},
    {"ReportStep", step_fields},
    {"ReportRecovered", recovered_fields},
    {"ReportCredit", credit_fields},
    {"ReportExperiment", experiment_fields},
    {"ReportArm", arm_fields},
    {"ReportDifference", difference_fields},
    {"ReportLift", lift_fields},
    {"Money", money_fields},
    {"Problem", problem_fields},
};

}  // namespace

std::span<SchemaInfo const> api_schemas() { return schemas; }

}  // namespace recoup::service
