#pragma once
// Metrics: verbs in the code, names and help in one table (src/base/metrics.cpp), from which the Prometheus adapter
// registers everything, the docs are made and `tests/tidy` checks. Labels have closed value sets, never ids.

#include <span>
#include <string_view>

namespace recoup {

enum class Metric : unsigned char {
    webhook_requests,            // counter by outcome
    webhook_duration,            // histogram, seconds
    ingest_refused,              // counter by reason
    ingest_bytes_in_flight,      // gauge
    pixel_dropped,               // counter by reason
    idempotency,                 // counter by outcome
    events_appended,             // counter by source
    log_append_failures,         // counter
    spool_state,                 // gauge 0/1/2
    spool_bytes,                 // gauge
    spool_events,                // gauge
    spool_oldest_age,            // gauge, seconds
    spool_appended,              // counter
    spool_drained,               // counter
    spool_write_failures,        // counter
    spool_damaged,               // counter
    events_tracked,              // counter by kind
    events_duplicate,            // counter
    events_dead_lettered,        // counter by kind
    dead_letters,                // gauge
    dead_letter_bytes,           // gauge
    dead_letters_oldest,         // gauge, timestamp seconds
    dead_letters_ended,          // counter by cause
    track_batch_duration,        // histogram, seconds
    track_failures,              // counter
    track_lag_events,            // gauge
    track_last_success,          // gauge, timestamp seconds
    carts_scored,                // counter
    scores_failed,               // counter
    orders_learned_late,         // counter
    other_cart_mail,             // counter by tool
    enrollments_opened,          // counter by reason
    decisions,                   // counter by reason
    messages,                    // counter by outcome
    send_duration,               // histogram, seconds
    messages_unknown,            // gauge
    breaker_email,               // gauge 0/1/2
    breaker_sms,                 // gauge 0/1/2
    breaker_push,                // gauge 0/1/2
    breaker_ads,                 // gauge 0/1/2
    breaker_opened,              // counter by channel
    pauses,                      // gauge
    schedule_due_steps,          // gauge
    schedule_lateness,           // histogram, seconds
    schedule_failures,           // counter
    clock_offset,                // gauge, seconds
    postgres_oldest_xmin_age,    // gauge, transactions
    lease_dead_rows,             // gauge
    lease_scanned_rows,          // counter
    orders_recovered,            // counter
    config_last_reload_successful,  // gauge 0/1
    config_last_reload_success_timestamp,  // gauge, timestamp seconds
};

struct MetricInfo {
    enum class Kind : unsigned char { counter, gauge, histogram };
    Metric id;
    Kind kind;
    std::string_view name;       // "recoup_webhook_requests_total"
    std::string_view help;
    std::string_view label;      // empty = none
    std::string_view values;     // closed set, '|'-separated; all are initialised to 0
    std::string_view buckets;    // histogram, ','-separated upper bounds
};

std::span<MetricInfo const> metric_table();

/// Thread-safe, never blocks for long.
class Metrics {
public:
    virtual ~Metrics() = default;
    virtual void add(Metric id, std::string_view label_value = {}, double by = 1) = 0;
    virtual void set(Metric id, double value) = 0;
    virtual void observe(Metric id, double value) = 0;
    /// Text exposition, version 0.0.4.
    virtual std::string exposition() const = 0;
};

}  // namespace recoup
