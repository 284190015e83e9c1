#include "adapter/kafka/log_writer.hpp"

#include <pthread.h>

namespace recoup::kafka {
namespace {

constexpr int poll_ms = 100;

std::size_t bytes_of(LogRecord const& record) { return record.key.size() + record.value.size(); }

}  // namespace

/// Lives from append() to the report of its last record, which destroys it.
struct KafkaLog::Append {
    std::atomic<std::size_t> waiting;
    std::atomic<rd_kafka_resp_err_t> failure;
    Done done;

    Append(std::size_t records, Done done_)
        : waiting(records), failure(RD_KAFKA_RESP_ERR_NO_ERROR), done(std::move(done_)) {}
};

Result<std::unique_ptr<KafkaLog>> KafkaLog::open(Options options) {
    auto configuration = make_configuration(
        options.client, {
                            {"enable.idempotence", "true"},
                            {"acks", "all"},
                            {"linger.ms", std::to_string(options.linger.count())},
                            {"message.timeout.ms", std::to_string(options.delivery_timeout.count())},
                            {"message.max.bytes", std::to_string(record_bytes_limit)},
                            {"queue.buffering.max.messages", std::to_string(2 * options.queue_records)},
                            {"queue.buffering.max.kbytes", std::to_string(2 * options.queue_bytes / 1024)},
                            {"compression.codec", "lz4"},
                            {"partitioner", "murmur2_random"},
                        });
    if (!configuration) return configuration.error();
    std::unique_ptr<KafkaLog> log(new KafkaLog(std::move(options)));
    rd_kafka_conf_set_opaque(configuration->get(), log.get());
    rd_kafka_conf_set_dr_msg_cb(configuration->get(), on_delivery);
    auto client = make_client(RD_KAFKA_PRODUCER, std::move(*configuration));
    if (!client) return client.error();
    log->client_ = std::move(*client);
    log->thread_ = std::thread([raw = log.get()] {
        while (!raw->stopping_) rd_kafka_poll(raw->client_.get(), poll_ms);
    });
    pthread_setname_np(log->thread_.native_handle(), "log-kafka");
    return log;
}

KafkaLog::~KafkaLog() { close(); }

Result<void> KafkaLog::admit(std::size_t records, std::size_t bytes) {
    if (records > options_.queue_records || bytes > options_.queue_bytes)
        return error(Errc::too_large, "one append is larger than the whole queue of the event log");
    std::lock_guard lock(mutex_);
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
    if (auto admitted = admit(records.size(), bytes); !admitted) return done(admitted);
    auto* const append = new Append(records.size(), std::move(done));  // owned by its delivery reports
    for (auto const& record : records) produce(record, *append);
}

void KafkaLog::produce(LogRecord const& record, Append& append) {
    auto const code = rd_kafka_producev(
        client_.get(), RD_KAFKA_V_TOPIC(options_.client.topic.c_str()), RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
        RD_KAFKA_V_KEY(record.key.data(), record.key.size()),
        RD_KAFKA_V_VALUE(const_cast<char*>(record.value.data()), record.value.size()), RD_KAFKA_V_OPAQUE(&append),
        RD_KAFKA_V_END);
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) delivered(append, bytes_of(record), code);
}

void KafkaLog::on_delivery(rd_kafka_t*, rd_kafka_message_t const* message, void* self) {
    auto& append = *static_cast<Append*>(message->_private);
    static_cast<KafkaLog*>(self)->delivered(append, message->key_len + message->len, message->err);
}

/// The last report of an append answers it, and only then is its room free again: close() waits for that.
void KafkaLog::delivered(Append& append, std::size_t bytes, rd_kafka_resp_err_t code) {
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) append.failure = code;
    if (append.waiting.fetch_sub(1) == 1) {
        std::unique_ptr<Append> const owned(&append);
        auto const failure = owned->failure.load();
        owned->done(failure == RD_KAFKA_RESP_ERR_NO_ERROR ? Result<void>() : Result<void>(translate(failure)));
    }
    std::lock_guard lock(mutex_);
    records_ -= 1;
    bytes_ -= bytes;
    if (records_ == 0) drained_.notify_all();
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
