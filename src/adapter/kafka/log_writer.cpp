#include "adapter/kafka/log_writer.hpp"

#include <pthread.h>
#include <spdlog/spdlog.h>

#include <array>

namespace recoup::kafka {
namespace {

// So long the next burst waits for reports of the one before when there are none at all: a leader that is gone delays
// what goes to the others by no more.
constexpr int silence_ms = 20;

// A burst is reported by partition, within a millisecond or so: who wakes for each wakes everybody who waits for it, too.
constexpr std::chrono::microseconds report_distance{300};

// Longer than it takes to hand over a burst, so that each partition's part of it is one request.
constexpr auto linger_ms = "0.5";

std::size_t bytes_of(LogRecord const& record) { return record.key.size() + record.value.size(); }

}  // namespace

/// One record of an append until its report.
struct KafkaLog::Ticket {
    Append* append = nullptr;
    NotedStops stops;
};

/// Lives from append() to the report of its last record, which destroys it.
struct KafkaLog::Append {
    std::atomic<std::size_t> waiting;
    std::atomic<rd_kafka_resp_err_t> failure;
    std::vector<LogRecord> records;
    std::vector<Ticket> tickets;
    Done done;

    Append(std::vector<LogRecord> records_, Done done_)
        : waiting(records_.size()),
          failure(RD_KAFKA_RESP_ERR_NO_ERROR),
          records(std::move(records_)),
          tickets(records.size()),
          done(std::move(done_)) {
        for (std::size_t i = 0; i < records.size(); ++i) {
            tickets[i].append = this;
            tickets[i].stops.hashes = std::move(records[i].stops);
        }
    }
};

KafkaLog::KafkaLog(Options options) : options_(std::move(options)) {}

Result<std::unique_ptr<KafkaLog>> KafkaLog::open(Options options) {
    std::unique_ptr<KafkaLog> log(new KafkaLog(std::move(options)));
    auto client = log->connect();
    if (!client) return client.error();
    log->client_ = std::move(*client);
    log->thread_ = std::thread([raw = log.get()] { raw->serve(); });
    pthread_setname_np(log->thread_.native_handle(), "log-kafka");
    return log;
}

Result<Client> KafkaLog::connect() {
    auto configuration = make_configuration(
        options_.client, {
                             {"enable.idempotence", "true"},
                             {"acks", "all"},
                             {"linger.ms", linger_ms},
                             {"message.timeout.ms", std::to_string(options_.delivery_timeout.count())},
                             {"message.max.bytes", std::to_string(record_bytes_limit)},
                             {"queue.buffering.max.messages", std::to_string(2 * options_.queue_records)},
                             {"queue.buffering.max.kbytes", std::to_string(2 * options_.queue_bytes / 1024)},
                             {"compression.codec", "lz4"},
                             {"partitioner", "murmur2_random"},
                         });
    if (!configuration) return configuration.error();
    rd_kafka_conf_set_opaque(configuration->get(), this);
    rd_kafka_conf_set_dr_msg_cb(configuration->get(), on_delivery);
    rd_kafka_conf_set_error_cb(configuration->get(), on_error);
    return make_client(RD_KAFKA_PRODUCER, std::move(*configuration));
}

/// On this log's thread, which alone replaces the client.
void KafkaLog::serve() {
    while (!stopping_) {
        if (rd_kafka_poll(client_.get(), silence_ms) == 0) send(true);
        else if (awaits_reports()) std::this_thread::sleep_for(report_distance);
        if (fatal_.exchange(false)) replace_client();
    }
}

void KafkaLog::on_error(rd_kafka_t*, int code, char const*, void* self) {
    if (code == RD_KAFKA_RESP_ERR__FATAL) static_cast<KafkaLog*>(self)->fatal_ = true;
}

/// What the old one still holds is reported as failed, stored or not: its senders send again and readers dedupe.
void KafkaLog::replace_client() {
    std::array<char, 256> reason{};
    auto const code = rd_kafka_fatal_error(client_.get(), reason.data(), reason.size());
    spdlog::error("component=log msg=\"the Kafka producer failed for good, a new one takes over\" cause={}",
                  rd_kafka_err2name(code));
    auto fresh = connect();
    if (!fresh) {
        spdlog::error("component=log msg=\"{}\"", fresh.error().message);
        fatal_ = true;   // again after the next poll; appends fail meanwhile
        return;
    }
    {
        std::unique_lock const lock(client_mutex_);
        client_.swap(*fresh);
    }
    auto* const old = fresh->get();
    rd_kafka_purge(old, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
    while (rd_kafka_outq_len(old) > 0) rd_kafka_poll(old, silence_ms);
}

KafkaLog::~KafkaLog() { close(); }

/// Under the mutex.
Result<void> KafkaLog::admit(std::size_t records, std::size_t bytes) {
    if (records > options_.queue_records || bytes > options_.queue_bytes)
        return error(Errc::too_large, "one append is larger than the whole queue of the event log");
    if (closed_) return error(Errc::overloaded, "the event log is closed");
    if (records_ + records > options_.queue_records || bytes_ + bytes > options_.queue_bytes)
        return error(Errc::overloaded, "the queue of the event log is full; try again later");
    records_ += records;
    bytes_ += bytes;
    return {};
}

void KafkaLog::append(std::vector<LogRecord> records, Done done) {
    if (records.empty()) return done({});
    std::size_t bytes = 0;
    for (auto const& record : records) {
        if (bytes_of(record) > record_bytes_limit - 1024)
            return done(error(Errc::too_large, "a record is larger than the event log takes"));
        bytes += bytes_of(record);
    }
    bool idle = false;
    {
        std::unique_lock lock(mutex_);
        if (auto admitted = admit(records.size(), bytes); !admitted) {
            lock.unlock();
            return done(admitted);
        }
        gathered_.push_back(std::make_unique<Append>(std::move(records), std::move(done)));
        idle = in_flight_ == 0;
    }
    if (idle) send(false);
}

/// One at a time, so that bursts do not overtake one another.
void KafkaLog::send(bool impatient) {
    std::lock_guard const in_order(sending_);
    for (;; impatient = false) {
        std::vector<std::unique_ptr<Append>> burst;
        {
            std::lock_guard const lock(mutex_);
            if (gathered_.empty() || (in_flight_ > 0 && !impatient)) return;
            burst.swap(gathered_);
            for (auto const& append : burst) in_flight_ += append->records.size();
        }
        for (auto& append : burst) produce(append.release());
    }
}

bool KafkaLog::awaits_reports() {
    std::lock_guard const lock(mutex_);
    return in_flight_ > 0;
}

/// From here on its delivery reports own it: it is gone with the last of them.
void KafkaLog::produce(Append* append) {
    auto const* record = append->records.data();
    auto const* const end = record + append->records.size();
    for (auto* ticket = append->tickets.data(); record != end; ++record, ++ticket) produce(*record, *ticket);
}

void KafkaLog::produce(LogRecord const& record, Ticket& ticket) {
    std::shared_lock lock(client_mutex_);
    auto const code = rd_kafka_producev(
        client_.get(), RD_KAFKA_V_TOPIC(options_.client.topic.c_str()), RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
        RD_KAFKA_V_KEY(record.key.data(), record.key.size()),
        RD_KAFKA_V_VALUE(const_cast<char*>(record.value.data()), record.value.size()), RD_KAFKA_V_OPAQUE(&ticket),
        RD_KAFKA_V_END);
    lock.unlock();
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) delivered(*ticket.append, bytes_of(record), code);   // send() looks again
}

void KafkaLog::on_delivery(rd_kafka_t*, rd_kafka_message_t const* message, void* self) {
    auto& ticket = *static_cast<Ticket*>(message->_private);
    ticket.stops.partition = message->partition;
    ticket.stops.end_offset = message->offset + 1;
    auto& log = *static_cast<KafkaLog*>(self);
    if (log.delivered(*ticket.append, message->key_len + message->len, message->err)) log.send(false);
}

/// The last report of an append answers it, and only then is its room free again: close() waits for that. True when
/// nothing is in flight any more.
bool KafkaLog::delivered(Append& append, std::size_t bytes, rd_kafka_resp_err_t code) {
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) append.failure = code;
    if (append.waiting.fetch_sub(1) == 1) {
        std::unique_ptr<Append> const owned(&append);
        answer(*owned);
    }
    std::lock_guard lock(mutex_);
    records_ -= 1;
    bytes_ -= bytes;
    if (records_ == 0) drained_.notify_all();
    return --in_flight_ == 0;
}

void KafkaLog::answer(Append& append) {
    auto const failure = append.failure.load();
    if (failure != RD_KAFKA_RESP_ERR_NO_ERROR) return append.done(translate(failure));
    std::vector<NotedStops> places;
    for (auto& ticket : append.tickets)
        if (!ticket.stops.hashes.empty()) places.push_back(std::move(ticket.stops));
    if (places.empty() || !options_.note_stops) return append.done({});
    options_.note_stops(std::move(places), [done = std::move(append.done)] { done({}); });
}

/// Every record is reported within the delivery timeout, so the wait ends.
void KafkaLog::close() {
    std::call_once(closing_, [&] {
        {
            std::unique_lock lock(mutex_);
            closed_ = true;
            drained_.wait(lock, [&] { return records_ == 0; });
        }
        stopping_ = true;
        if (thread_.joinable()) thread_.join();
    });
}

}  // namespace recoup::kafka
