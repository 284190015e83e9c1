// Every metric once: registration, docs/metrics.md and the checks read this table. Names follow Prometheus' naming
// guide: base units, `_total` for counters, `_timestamp_seconds` for "last time"; labels are closed sets, never ids.
// A set that names "other" takes whatever else may come; without it an unlisted value is a fault of ours.
#include "recoup/port/metrics.hpp"

#include <array>

namespace recoup {
namespace {

using Kind = MetricInfo::Kind;

// Shopify gives up on an answer after 5 seconds, so 0.5, 1 and 5 must be bounds.
constexpr std::string_view answer_buckets = "0.001,0.0025,0.005,0.01,0.025,0.05,0.1,0.25,0.5,1,2.5,5";
constexpr std::string_view work_buckets = "0.001,0.0025,0.005,0.01,0.025,0.05,0.1,0.25,0.5,1,2.5,5,10,30";
constexpr std::string_view lateness_buckets = "0.5,1,5,15,60,300,900,3600,14400";

constexpr std::string_view webhook_outcomes =
    "accepted|malformed|unauthorized|forbidden|not_found|method_not_allowed|conflict|too_large|unsupported_media_type|"
    "unprocessable|throttled|overloaded|unavailable|internal|other";
constexpr std::string_view sources = "shopify|events|pixel|twilio|link|other";
constexpr std::string_view event_kinds =
    "unknown|cart_changed|cart_deleted|order_placed|order_refunded|payment_changed|customer_changed|consent_changed|"
    "person_erased|data_requested|shop_erased|shop_uninstalled|product_changed|stock_changed|behaviour_seen|"
    "message_feedback|dead_lettered|subscription_changed|coupon_changed";
constexpr std::string_view reason_names =
    "ok|idle|predicted|payment_failed|holdout|ordered|paid|erased|uninstalled|no_address|no_consent|suppressed|"
    "condition|exit_rule|send_window|quiet_hours|too_late|frequency_cap|sms_once_per_cart|cart_emptied|cart_deleted|below_floor|sold_out|superseded|"
    "decline_hard|no_adapter|template_error|rejected|retry_exhausted|outcome_unknown|completed|"
    "paused|rate_limited|provider_down|overdue|law_hours|law_cap|past_deadline|not_confirmed|consent_expired|under_age|shop_cap|"
    "no_postal_address|content_missing|subscription_cancelled|subscribed|no_incentive|"
    "other_channel|not_a_customer|bought_elsewhere|restarts_used|order_cancelled|card_testing";

constexpr std::array table{
    MetricInfo{Metric::webhook_requests, Kind::counter, "recoup_webhook_requests_total",
               "Requests to /webhooks, by what was answered.", "outcome", webhook_outcomes, {}},
    MetricInfo{Metric::webhook_duration, Kind::histogram, "recoup_webhook_request_duration_seconds",
               "Time from a complete webhook request to its answer, the durable write included.", {}, {},
               answer_buckets},
    MetricInfo{Metric::ingest_refused, Kind::counter, "recoup_ingest_refused_total",
               "Requests turned away because of load: 429 for a shop over its quota (shop_rate, shop_bytes), 503 when "
               "the process has no room (full) or none left for a shop that holds more than what is free (share), or is "
               "behind and served others until the patience of half a second was over (crowded).",
               "reason", "shop_rate|shop_bytes|share|full|crowded", {}},
    MetricInfo{Metric::ingest_bytes_in_flight, Kind::gauge, "recoup_ingest_bytes_in_flight",
               "Bytes of requests admitted and not answered yet.", {}, {}, {}},
    MetricInfo{Metric::pixel_dropped, Kind::counter, "recoup_pixel_dropped_total",
               "Pixel posts of which nothing was kept: refused (origin, key_rate, address_rate, visitor_rate) or "
               "answered and forgotten (robot, prefetch, objector).",
               "reason", "origin|robot|prefetch|objector|key_rate|address_rate|visitor_rate", {}},
    MetricInfo{Metric::idempotency, Kind::counter, "recoup_idempotency_total",
               "Requests with an Idempotency-Key: first, repeated (answered from memory), in_progress (409), other_body "
               "(422), unavailable (503).",
               "outcome", "first|repeated|in_progress|other_body|unavailable", {}},
    MetricInfo{Metric::events_appended, Kind::counter, "recoup_events_appended_total",
               "Events made durable in the event log, by source.", "source", sources, {}},
    MetricInfo{Metric::log_append_failures, Kind::counter, "recoup_log_append_failures_total",
               "Appends to the event log that failed, so that the sender was asked to send again.", {}, {}, {}},
    MetricInfo{Metric::spool_state, Kind::gauge, "recoup_spool_state",
               "0: events go straight to the log; 1: they go to the spool; 2: and the spool refuses them (full, or its disk failed).",
               {}, {}, {}},
    MetricInfo{Metric::spool_bytes, Kind::gauge, "recoup_spool_bytes",
               "Bytes of segments in the spool that are not drained.", {}, {}, {}},
    MetricInfo{Metric::spool_events, Kind::gauge, "recoup_spool_events",
               "Events in the spool that are not on the event log yet.", {}, {}, {}},
    MetricInfo{Metric::spool_oldest_age, Kind::gauge, "recoup_spool_oldest_age_seconds",
               "Age of the oldest segment of the spool; 0 when it is empty.", {}, {}, {}},
    MetricInfo{Metric::spool_appended, Kind::counter, "recoup_spool_appended_events_total",
               "Events made durable in the spool because the event log was slow or down.", {}, {}, {}},
    MetricInfo{Metric::spool_drained, Kind::counter, "recoup_spool_drained_events_total",
               "Events moved from the spool to the event log.", {}, {}, {}},
    MetricInfo{Metric::spool_write_failures, Kind::counter, "recoup_spool_write_failures_total",
               "Writes and syncs of the spool that failed, so that its segment was given up.", {}, {}, {}},
    MetricInfo{Metric::spool_damaged, Kind::counter, "recoup_spool_damaged_total",
               "Damaged places found in segments, and events that the log refused; their files are kept aside.", {}, {}, {}},
    MetricInfo{Metric::events_tracked, Kind::counter, "recoup_events_tracked_total",
               "Events folded into the state, by kind.", "kind", event_kinds, {}},
    MetricInfo{Metric::events_duplicate, Kind::counter, "recoup_events_duplicate_total",
               "Events that had been folded before and changed nothing.", {}, {}, {}},
    MetricInfo{Metric::events_dead_lettered, Kind::counter, "recoup_events_dead_lettered_total",
               "Events kept aside: unusable lack what their topic needs, unreadable cannot be decoded, poison failed to fold.",
               "kind", "unusable|unreadable|poison", {}},
    MetricInfo{Metric::dead_letters, Kind::gauge, "recoup_dead_letters",
               "Dead letters kept now.", {}, {}, {}},
    MetricInfo{Metric::dead_letter_bytes, Kind::gauge, "recoup_dead_letter_bytes",
               "Their original bytes.", {}, {}, {}},
    MetricInfo{Metric::dead_letters_oldest, Kind::gauge, "recoup_dead_letters_oldest_timestamp_seconds",
               "When the oldest dead letter came, Unix time; 0 without any.", {}, {}, {}},
    MetricInfo{Metric::dead_letters_ended, Kind::counter, "recoup_dead_letters_ended_total",
               "Dead letters that are gone, by why; erasures are not counted.", "cause",
               "dropped|replayed|expired|crowded_out", {}},
    MetricInfo{Metric::track_batch_duration, Kind::histogram, "recoup_track_batch_duration_seconds",
               "Time to fold and commit one batch of events.", {}, {}, work_buckets},
    MetricInfo{Metric::track_failures, Kind::counter, "recoup_track_failures_total",
               "Batches of events that could not be committed and are tried again.", {}, {}, {}},
    MetricInfo{Metric::track_lag_events, Kind::gauge, "recoup_track_lag_events",
               "Events in the log that are not folded yet.", {}, {}, {}},
    MetricInfo{Metric::track_last_success, Kind::gauge, "recoup_track_last_success_timestamp_seconds",
               "When a batch of events was last committed, Unix time.", {}, {}, {}},
    MetricInfo{Metric::carts_scored, Kind::counter, "recoup_carts_scored_total",
               "Risk scores computed.", {}, {}, {}},
    MetricInfo{Metric::scores_failed, Kind::counter, "recoup_scores_failed_total",
               "Risk scores that were no number; those carts go by the idle rule.", {}, {}, {}},
    MetricInfo{Metric::orders_learned_late, Kind::counter, "recoup_orders_learned_late_total",
               "Orders first heard of more than an hour after they were placed: their first webhook was late or lost.", {}, {}, {}},
    MetricInfo{Metric::other_cart_mail, Kind::counter, "recoup_other_cart_mail_orders_total",
               "Orders that the cart mail of another tool brought: people are mailed twice.", "tool",
               "shopify|klaviyo|omnisend|mailchimp|other", {}},
    MetricInfo{Metric::enrollments_opened, Kind::counter, "recoup_enrollments_opened_total",
               "Enrollments opened, by why.", "reason", "idle|predicted|payment_failed|other", {}},
    MetricInfo{Metric::decisions, Kind::counter, "recoup_decisions_total",
               "Decisions stored, by reason.", "reason", reason_names, {}},
    MetricInfo{Metric::messages, Kind::counter, "recoup_messages_total",
               "Attempts to send a message, by what the channel answered.", "outcome",
               "sent|retry_later|rejected|unknown", {}},
    MetricInfo{Metric::send_duration, Kind::histogram, "recoup_send_duration_seconds",
               "Time a channel took to answer one attempt.", {}, {}, work_buckets},
    MetricInfo{Metric::messages_unknown, Kind::gauge, "recoup_messages_unknown",
               "Messages that may or may not have left; recoup outbox unknown lists them.", {}, {}, {}},
    MetricInfo{Metric::breaker_email, Kind::gauge, "recoup_deliver_breaker_email_state",
               "Breaker of the email account: 0 closed, 1 half open (one message tries it), 2 open (nothing is sent).", {}, {}, {}},
    MetricInfo{Metric::breaker_sms, Kind::gauge, "recoup_deliver_breaker_sms_state", "The same for SMS.", {}, {}, {}},
    MetricInfo{Metric::breaker_push, Kind::gauge, "recoup_deliver_breaker_push_state", "The same for push.", {}, {}, {}},
    MetricInfo{Metric::breaker_ads, Kind::gauge, "recoup_deliver_breaker_ads_state", "The same for ads.", {}, {}, {}},
    MetricInfo{Metric::breaker_opened, Kind::counter, "recoup_deliver_breaker_opened_total",
               "Times that a channel's breaker opened, by channel.", "channel", "email|sms|push|ads", {}},
    MetricInfo{Metric::pauses, Kind::gauge, "recoup_pauses", "Pauses in force.", {}, {}, {}},
    MetricInfo{Metric::schedule_due_steps, Kind::gauge, "recoup_schedule_due_steps",
               "Steps that are due and not claimed yet.", {}, {}, {}},
    MetricInfo{Metric::schedule_lateness, Kind::histogram, "recoup_schedule_lateness_seconds",
               "How long after its due time a step was claimed.", {}, {}, lateness_buckets},
    MetricInfo{Metric::schedule_failures, Kind::counter, "recoup_schedule_failures_total",
               "Rounds of the scheduler that failed and are tried again.", {}, {}, {}},
    MetricInfo{Metric::clock_offset, Kind::gauge, "recoup_clock_offset_seconds",
               "What is added to this machine's clock to get the database's, by which all instances go.", {}, {}, {}},
    MetricInfo{Metric::postgres_oldest_xmin_age, Kind::gauge, "recoup_postgres_oldest_xmin_age_transactions",
               "Transactions since the oldest snapshot in use: what is newer cannot be vacuumed. Alert when it grows for hours.", {}, {}, {}},
    MetricInfo{Metric::lease_dead_rows, Kind::gauge, "recoup_lease_dead_rows",
               "Dead rows in the table of leases that were not vacuumed yet.", {}, {}, {}},
    MetricInfo{Metric::lease_scanned_rows, Kind::counter, "recoup_lease_scanned_rows_total",
               "Index entries of due times that were read, dead ones included. Far more than steps decided: claims walk over dead rows.",
               {}, {}, {}},
    MetricInfo{Metric::orders_recovered, Kind::counter, "recoup_orders_recovered_total",
               "Orders that ended an enrollment which had sent at least one message.", {}, {}, {}},
    MetricInfo{Metric::config_last_reload_successful, Kind::gauge, "recoup_config_last_reload_successful",
               "Whether the last load of the configuration succeeded (1) or the old one stays in force (0).", {}, {},
               {}},
    MetricInfo{Metric::config_last_reload_success_timestamp, Kind::gauge,
               "recoup_config_last_reload_success_timestamp_seconds",
               "When the configuration was last loaded successfully, Unix time.", {}, {}, {}},
};

}  // namespace

std::span<MetricInfo const> metric_table() { return table; }

}  // namespace recoup
