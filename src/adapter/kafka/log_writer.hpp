#pragma once
// The event log in Kafka, producer side.

#include "adapter/kafka/handle.hpp"
#include "recoup/base/limits.hpp"
#include "recoup/base/time.hpp"
#include "recoup/port/event_log.hpp"

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <thread>
#include <vector>

namespace recoup::kafka {

/// Its idempotent producer can fail for good (fenced, sequence lost): then everything in flight is answered unavailable,
/// because nobody knows what of it was stored, and a new producer takes over.
///
/// Idempotent, acks=all; an append is done in the delivery report of its last record, on this log's thread. Our own
/// bound is below librdkafka's queue, so an append is refused as a whole or not at all.
///
/// Records go in bursts: while one is on its way, appends gather for the next, so that the busier it is, the more records
/// share a request. A fixed linger would be too long when little happens and too short when much does: what a broker
/// does costs it about as much for one record as for twenty, and it is one request for each partition.
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
    };

    static Result<std::unique_ptr<KafkaLog>> open(Options options);
    ~KafkaLog() override;

    void append(std::vector<LogRecord> records, Done done) override;
    void close() override;

private:
    struct Append;
    struct Ticket;

    explicit KafkaLog(Options options);
    Result<Client> connect();
    void serve();
    void replace_client();
    Result<void> admit(std::size_t records, std::size_t bytes);
    /// What has gathered, when nothing is in flight, or all the same.
    void send(bool impatient);
    bool awaits_reports();
    void produce(Append* append);
    void produce(LogRecord const& record, Ticket& ticket);
    bool delivered(Append& append, std::size_t bytes, rd_kafka_resp_err_t code);
    void answer(Append& append);
    static void on_error(rd_kafka_t*, int code, char const* reason, void* self);
    static void on_delivery(rd_kafka_t*, rd_kafka_message_t const* message, void* self);

    Options const options_;
    std::shared_mutex client_mutex_;
    Client client_;                           // another one after a fatal error
    std::atomic<bool> fatal_ = false;
    std::mutex mutex_;
    std::condition_variable drained_;
    std::size_t records_ = 0, bytes_ = 0;     // accepted and not reported yet
    std::vector<std::unique_ptr<Append>> gathered_;   // of them, what is to go next
    std::size_t in_flight_ = 0;               // and how many records were handed to the client
    std::mutex sending_;                      // before mutex_
    bool closed_ = false;
    std::once_flag closing_;
    std::atomic<bool> stopping_ = false;
    std::thread thread_;  // the last member: it uses all others
};

}  // namespace recoup::kafka
