#include "adapter/kafka/log_writer.hpp"

#include <pthread.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>

namespace recoup::kafka {
namespace {

// So long the next turn waits for reports of the one before when there are none at all: a leader that is gone delays
// what goes to the others by no more.
constexpr int silence_ms = 20;

// A turn is reported by partition, within a millisecond or so: who wakes for each wakes everybody who waits for it, too.
constexpr std::chrono::microseconds report_distance{300};

// More turns make little fuller requests, and wake everybody more often.
constexpr int turns_to_all = 3;

}  // namespace

KafkaLog::KafkaLog(Options options)
    : options_(std::move(options)),
      turns_(static_cast<std::size_t>(options_.partitions),
             static_cast<std::size_t>((options_.partitions + turns_to_all - 1) / turns_to_all)) {}

Result<std::unique_ptr<KafkaLog>> KafkaLog::open(Options options) {
    std::unique_ptr<KafkaLog> log(new KafkaLog(std::move(options)));
    auto producer = log->connect();
    if (!producer) return producer.error();
    log->producer_ = std::move(*producer);
    log->thread_ = std::thread([raw = log.get()] { raw->serve(); });
    pthread_setname_np(log->thread_.native_handle(), "log-kafka");
    return log;
}

Result<KafkaLog::Producer> KafkaLog::connect() {
    auto configuration = make_configuration(
        options_.client, {
                             {"enable.idempotence", "true"},
                             {"acks", "all"},
                             {"linger.ms", "0"},                  // a lane's records are handed over together
                             {"socket.nagle.disable", "true"},    // the default of later versions of librdkafka
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
    auto client = make_client(RD_KAFKA_PRODUCER, std::move(*configuration));
    if (!client) return client.error();
    Topic topic(rd_kafka_topic_new(client->get(), options_.client.topic.c_str(), nullptr));
    if (!topic) return translate(rd_kafka_last_error());
    return Producer{std::move(*client), std::move(topic)};
}

/// On this log's thread, which alone replaces the producer.
void KafkaLog::serve() {
    while (!stopping_) {
        if (!take_reports(producer_)) send(true);
        else if (under_way()) std::this_thread::sleep_for(report_distance);
        if (std::exchange(fatal_, false)) replace_producer();
    }
}

/// The next turn is on its way before those of this one are answered. False when there was nothing to take.
bool KafkaLog::take_reports(Producer const& producer) {
    auto const served = rd_kafka_poll(producer.client.get(), silence_ms);
    if (!reports_.empty()) {
        release(reports_);
        send(false);
        answer(reports_);
        reports_.clear();
    }
    return served > 0;
}

void KafkaLog::on_error(rd_kafka_t*, int code, char const*, void* self) {
    if (code == RD_KAFKA_RESP_ERR__FATAL) static_cast<KafkaLog*>(self)->fatal_ = true;
}

void KafkaLog::on_delivery(rd_kafka_t*, rd_kafka_message_t const* message, void* self) {
    auto* const ticket = static_cast<Ticket*>(message->_private);
    ticket->stops.partition = message->partition;
    ticket->stops.end_offset = message->offset + 1;
    static_cast<KafkaLog*>(self)->reports_.push_back({ticket, message->err});
}

/// What the old one still holds is reported as failed, stored or not: its senders send again and readers dedupe.
void KafkaLog::replace_producer() {
    std::array<char, 256> reason{};
    auto const code = rd_kafka_fatal_error(producer_.client.get(), reason.data(), reason.size());
    spdlog::error("component=log msg=\"the Kafka producer failed for good, a new one takes over\" cause={}",
                  rd_kafka_err2name(code));
    auto fresh = connect();
    if (!fresh) {
        spdlog::error("component=log msg=\"{}\"", fresh.error().message);
        fatal_ = true;   // again after the next poll; appends fail meanwhile
        return;
    }
    {
        std::lock_guard const lock(sending_);
        std::swap(producer_, *fresh);
    }
    auto* const old = fresh->client.get();
    rd_kafka_purge(old, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
    while (rd_kafka_outq_len(old) > 0) take_reports(*fresh);
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

/// As the client itself chooses the partition.
std::size_t KafkaLog::lane_of(std::string const& key) const {
    return static_cast<std::size_t>(
        rd_kafka_msg_partitioner_murmur2(nullptr, key.data(), key.size(), options_.partitions, nullptr, nullptr));
}

void KafkaLog::append(std::vector<LogRecord> records, Done done) {
    if (records.empty()) return done({});
    auto append = std::make_unique<Append>(std::move(records), std::move(done));
    std::size_t bytes = 0;
    for (auto& ticket : append->tickets) {
        if (ticket.bytes() > record_bytes_limit - 1024)
            return append->done(error(Errc::too_large, "a record is larger than the event log takes"));
        bytes += ticket.bytes();
        ticket.lane = lane_of(ticket.record->key);
    }
    bool idle = false;
    {
        std::unique_lock lock(mutex_);
        if (auto admitted = admit(append->records.size(), bytes); !admitted) {
            lock.unlock();
            return append->done(admitted);
        }
        for (auto& ticket : append->tickets) turns_.add(ticket);
        (void)append.release();   // its reports own it
        idle = !turns_.under_way();
    }
    if (idle) send(false);
}

/// One at a time, so that turns do not overtake one another.
void KafkaLog::send(bool impatient) {
    Reports refused;
    {
        std::lock_guard const in_order(sending_);
        for (auto turn = next_turn(impatient); !turn.empty(); turn = next_turn(false)) {
            auto const some = produce(turn);
            release(some);
            refused.insert(refused.end(), some.begin(), some.end());
        }
    }
    answer(refused);
}

std::vector<Ticket*> KafkaLog::next_turn(bool impatient) {
    std::lock_guard const lock(mutex_);
    return turns_.next(impatient);
}

bool KafkaLog::under_way() {
    std::lock_guard const lock(mutex_);
    return turns_.under_way();
}

/// Returns what the client did not take.
KafkaLog::Reports KafkaLog::produce(std::vector<Ticket*> const& tickets) {
    messages_.assign(tickets.size(), {});
    for (std::size_t i = 0; i < tickets.size(); ++i) {
        auto const& record = *tickets[i]->record;
        auto& message = messages_[i];
        message.payload = const_cast<char*>(record.value.data());   // the client only reads it, until the report
        message.len = record.value.size();
        message.key = const_cast<char*>(record.key.data());
        message.key_len = record.key.size();
        message._private = tickets[i];
    }
    rd_kafka_produce_batch(producer_.topic.get(), RD_KAFKA_PARTITION_UA, 0, messages_.data(),
                           static_cast<int>(messages_.size()));
    Reports refused;
    for (auto const& message : messages_)
        if (message.err != RD_KAFKA_RESP_ERR_NO_ERROR)
            refused.push_back({static_cast<Ticket*>(message._private), message.err});
    return refused;
}

void KafkaLog::release(Reports const& reports) {
    std::lock_guard const lock(mutex_);
    for (auto const& report : reports) turns_.over(*report.ticket);
}

/// The last report of an append answers it, and only then is its room free again: close() waits for that.
void KafkaLog::answer(Reports const& reports) {
    if (reports.empty()) return;
    std::size_t bytes = 0;
    for (auto const& [ticket, code] : reports) {
        bytes += ticket->bytes();
        auto& append = *ticket->append;
        if (code != RD_KAFKA_RESP_ERR_NO_ERROR) append.failure = code;
        if (append.waiting.fetch_sub(1) > 1) continue;
        std::unique_ptr<Append> const owned(&append);
        answer(*owned);
    }
    std::lock_guard const lock(mutex_);
    records_ -= reports.size();
    bytes_ -= bytes;
    if (records_ == 0) drained_.notify_all();
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
