#pragma once
// The event log in Kafka, producer side.

#include "adapter/kafka/append.hpp"
#include "adapter/kafka/handle.hpp"
#include "adapter/kafka/turns.hpp"
#include "recoup/base/limits.hpp"
#include "recoup/base/time.hpp"

#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

namespace recoup::kafka {

/// Its idempotent producer can fail for good (fenced, sequence lost): then everything in flight is answered unavailable,
/// because nobody knows what of it was stored, and a new producer takes over.
///
/// Idempotent, acks=all; an append is done in the delivery report of its last record, on this log's thread. Our own
/// bound is below librdkafka's queue, so an append is refused as a whole or not at all.
///
/// Records go in turns: while one is on its way, appends gather for the next, so that the busier it is, the more records
/// share a request. A fixed linger would be too long when little happens and too short when much does.
class KafkaLog final : public EventLog {
public:
    /// Called with what of an append stops messages, once it is durable; `done` answers the append.
    using NoteStops = std::function<void(std::vector<NotedStops> places, std::function<void()> done)>;

    struct Options {
        ClientOptions client;
        NoteStops note_stops{};               // empty = stops are not noted
        Millis delivery_timeout{5'000};       // then Errc::unavailable; senders of webhooks wait no longer
        std::size_t queue_records = limits::append_queue_records;
        std::size_t queue_bytes = limits::append_queue_bytes;
        int partitions = 12;                  // of the topic; when it has others, requests are emptier and nothing else
    };

    static Result<std::unique_ptr<KafkaLog>> open(Options options);
    ~KafkaLog() override;

    void append(std::vector<LogRecord> records, Done done) override;
    void close() override;

private:
    struct Producer {
        Client client;
        Topic topic;
    };
    struct Report {
        Ticket* ticket;
        rd_kafka_resp_err_t code;
    };
    using Reports = std::vector<Report>;

    explicit KafkaLog(Options options);
    Result<Producer> connect();
    void serve();
    bool take_reports(Producer const& producer);
    void replace_producer();
    Result<void> admit(std::size_t records, std::size_t bytes);
    std::size_t lane_of(std::string const& key) const;
    /// Whose turn it is, when the turn before is over, or all the same.
    void send(bool impatient);
    std::vector<Ticket*> next_turn(bool impatient);
    Reports produce(std::vector<Ticket*> const& tickets);
    bool under_way();
    void release(Reports const& reports);
    void answer(Reports const& reports);
    void answer(Append& append);
    static void on_error(rd_kafka_t*, int code, char const* reason, void* self);
    static void on_delivery(rd_kafka_t*, rd_kafka_message_t const* message, void* self);

    Options const options_;
    std::mutex sending_;                      // before mutex_
    Producer producer_;                       // under sending_: another one after a fatal error
    std::vector<rd_kafka_message_t> messages_;   // of one turn, under sending_
    std::mutex mutex_;
    std::condition_variable drained_;
    std::size_t records_ = 0, bytes_ = 0;     // accepted and not answered yet
    Turns turns_;
    bool closed_ = false;
    std::once_flag closing_;
    std::atomic<bool> stopping_ = false;
    Reports reports_;                         // of one poll, on this log's thread
    bool fatal_ = false;                      // likewise
    std::thread thread_;  // the last member: it uses all others
};

}  // namespace recoup::kafka
