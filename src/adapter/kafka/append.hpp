#pragma once
// One append on its way to the brokers, and each of its records.

#include "recoup/port/event_log.hpp"

#include <librdkafka/rdkafka.h>

#include <atomic>
#include <vector>

namespace recoup::kafka {

struct Append;

/// One record of an append until its report. The client reads the record where it lies.
struct Ticket {
    Append* append = nullptr;
    LogRecord const* record = nullptr;
    NotedStops stops;
    std::size_t lane = 0;       // see Turns
    std::uint64_t turn = 0;

    std::size_t bytes() const { return record->key.size() + record->value.size(); }
};

/// Lives from append() to the report of its last record.
struct Append {
    std::vector<LogRecord> records;
    std::vector<Ticket> tickets;
    EventLog::Done done;
    std::atomic<std::size_t> waiting;
    std::atomic<rd_kafka_resp_err_t> failure{RD_KAFKA_RESP_ERR_NO_ERROR};

    Append(std::vector<LogRecord> records_, EventLog::Done done_)
        : records(std::move(records_)), tickets(records.size()), done(std::move(done_)), waiting(records.size()) {
        for (std::size_t i = 0; i < records.size(); ++i) {
            tickets[i].append = this;
            tickets[i].record = &records[i];
            tickets[i].stops.hashes = std::move(records[i].stops);
        }
    }
};

}  // namespace recoup::kafka
