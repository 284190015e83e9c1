#include "adapter/kafka/log_reader.hpp"

#include "adapter/kafka/topic.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

namespace recoup::kafka {
namespace {

constexpr Millis request_timeout{5'000};
constexpr std::size_t buffer_records = 2'000;

using Message = std::unique_ptr<rd_kafka_message_t, Destroyer<rd_kafka_message_destroy>>;

// librdkafka before 2.3 ends the process when a member of a cooperative group is closed before its first assignment
// (confluentinc/librdkafka #4312): so long it is not closed.
constexpr int first_to_close_unassigned = 0x020300ff;
constexpr Millis closing_patience{10'000};

char const* strategy(KafkaLogReader::Options const& options) {
    return options.assignment == KafkaLogReader::Assignment::cooperative ? "cooperative-sticky" : "roundrobin";
}

bool cooperative(rd_kafka_t& client) {
    auto const* const protocol = rd_kafka_rebalance_protocol(&client);
    return protocol != nullptr && std::string_view(protocol) == "COOPERATIVE";
}

std::int64_t start_of(std::int64_t stored) { return stored < 0 ? RD_KAFKA_OFFSET_BEGINNING : stored; }

ReadRecord record_of(rd_kafka_message_t const& message) {
    ReadRecord record;
    record.partition = message.partition;
    record.offset = message.offset;
    if (message.key) record.key.assign(static_cast<char const*>(message.key), message.key_len);
    if (message.payload) record.value.assign(static_cast<char const*>(message.payload), message.len);
    return record;
}

}  // namespace

Result<std::unique_ptr<KafkaLogReader>> KafkaLogReader::open(Options options, StoredPosition stored,
                                                             Clock const& clock) {
    auto configuration = make_configuration(options.client, {
                                                                {"group.id", options.group},
                                                                {"partition.assignment.strategy", strategy(options)},
                                                                {"enable.auto.commit", "false"},
                                                                {"enable.auto.offset.store", "false"},
                                                                {"auto.offset.reset", "earliest"},
                                                                {"heartbeat.interval.ms", "1000"},
                                                                {"session.timeout.ms", "10000"},
                                                                {"queued.max.messages.kbytes", "16384"},
                                                                {"fetch.wait.max.ms", "100"},
                                                            });
    if (!configuration) return configuration.error();
    std::unique_ptr<KafkaLogReader> reader(new KafkaLogReader(std::move(options), std::move(stored), clock));
    rd_kafka_conf_set_opaque(configuration->get(), reader.get());
    rd_kafka_conf_set_rebalance_cb(configuration->get(), on_rebalance);
    auto client = make_client(RD_KAFKA_CONSUMER, std::move(*configuration));
    if (!client) return client.error();
    reader->client_ = std::move(*client);
    rd_kafka_poll_set_consumer(reader->client_.get());
    return reader;
}

/// Who only asks for end() never joins, and holds no partition away from those who read.
Result<void> KafkaLogReader::join_group() {
    if (joined_) return {};
    Partitions const topics(rd_kafka_topic_partition_list_new(1));
    rd_kafka_topic_partition_list_add(topics.get(), options_.client.topic.c_str(), RD_KAFKA_PARTITION_UA);
    auto const code = rd_kafka_subscribe(client_.get(), topics.get());
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return translate(code);
    joined_ = true;
    return {};
}

KafkaLogReader::~KafkaLogReader() {
    if (!client_) return;
    if (may_be_closed()) {
        rd_kafka_consumer_close(client_.get());
        return;
    }
    spdlog::warn("kafka: no partitions were assigned yet; the member is left to its session's end");
    (void)client_.release();   // destroying it would end the process, see first_to_close_unassigned
}

bool KafkaLogReader::may_be_closed() {
    if (!joined_ || options_.assignment == Assignment::eager || rd_kafka_version() >= first_to_close_unassigned) return true;
    auto const deadline = clock_.ticks() + closing_patience;
    while (!was_assigned_ && clock_.ticks() < deadline) {
        Message const ignored(rd_kafka_consumer_poll(client_.get(), 50));
    }
    return was_assigned_;
}

void KafkaLogReader::on_rebalance(rd_kafka_t*, rd_kafka_resp_err_t code, rd_kafka_topic_partition_list_t* partitions,
                                  void* self) {
    auto& reader = *static_cast<KafkaLogReader*>(self);
    if (code == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS) return reader.assign(*partitions);
    if (code == RD_KAFKA_RESP_ERR__REVOKE_PARTITIONS) return reader.revoke(*partitions);
    spdlog::warn("kafka: a rebalance failed, everything is given up: {}", rd_kafka_err2str(code));
    reader.drop_everything();
}

/// An eager group hands out everything anew, a cooperative one says what is added. A position that cannot be asked now
/// leaves the partition adrift; seek() asks again before anything is delivered.
void KafkaLogReader::assign(rd_kafka_topic_partition_list_t& partitions) {
    was_assigned_ = true;
    for (int i = 0; i < partitions.cnt; ++i) {
        auto& partition = partitions.elems[i];
        auto const stored = stored_(partition.partition);
        partition.offset = stored ? start_of(*stored) : RD_KAFKA_OFFSET_BEGINNING;
        forget(partition.partition);
        assigned_.insert(partition.partition);
        if (!stored) adrift_.insert(partition.partition);
    }
    if (cooperative(*client_)) {
        KafkaError const failure(rd_kafka_incremental_assign(client_.get(), &partitions));
        if (failure) spdlog::warn("kafka: assignment failed: {}", rd_kafka_error_name(failure.get()));
        return;
    }
    auto const code = rd_kafka_assign(client_.get(), &partitions);
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) spdlog::warn("kafka: assignment failed: {}", rd_kafka_err2str(code));
}

/// They belong to somebody else now, or will as soon as this returns: what was buffered of them must not be worked on.
/// Nothing is committed here; what is not committed with its effect by now is read again by the new owner.
void KafkaLogReader::revoke(rd_kafka_topic_partition_list_t& partitions) {
    if (rd_kafka_assignment_lost(client_.get()))
        spdlog::warn("kafka: this member was away too long and lost its partitions; others go on with them");
    for (int i = 0; i < partitions.cnt; ++i) forget(partitions.elems[i].partition);
    if (cooperative(*client_)) {
        KafkaError const failure(rd_kafka_incremental_unassign(client_.get(), &partitions));
        if (failure) spdlog::warn("kafka: revocation failed: {}", rd_kafka_error_name(failure.get()));
        return;
    }
    drop_everything();
}

void KafkaLogReader::forget(int partition) {
    assigned_.erase(partition);
    adrift_.erase(partition);
    std::erase_if(buffer_, [&](ReadRecord const& record) { return record.partition == partition; });
}

void KafkaLogReader::drop_everything() {
    assigned_.clear();
    adrift_.clear();
    buffer_.clear();
    auto const code = rd_kafka_assign(client_.get(), nullptr);
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) spdlog::warn("kafka: revocation failed: {}", rd_kafka_err2str(code));
}

Result<void> KafkaLogReader::seek() {
    if (adrift_.empty()) return {};
    Partitions const targets(rd_kafka_topic_partition_list_new(static_cast<int>(adrift_.size())));
    for (int const partition : adrift_) {
        auto const stored = stored_(partition);
        if (!stored) return stored.error();
        auto* const target =
            rd_kafka_topic_partition_list_add(targets.get(), options_.client.topic.c_str(), partition);
        target->offset = start_of(*stored);
    }
    KafkaError const failure(
        rd_kafka_seek_partitions(client_.get(), targets.get(), static_cast<int>(request_timeout.count())));
    if (failure) return translate(rd_kafka_error_code(failure.get()));
    for (int i = 0; i < targets->cnt; ++i) {
        auto const& target = targets->elems[i];
        if (target.err != RD_KAFKA_RESP_ERR_NO_ERROR) return translate(target.err);
        adrift_.erase(target.partition);
    }
    return {};
}

/// One message or none; rebalances happen in here.
Result<void> KafkaLogReader::receive(Millis wait) {
    Message const message(rd_kafka_consumer_poll(client_.get(), static_cast<int>(wait.count())));
    if (!message) return {};
    if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) return {};
    if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR) return translate(message->err);
    if (!adrift_.contains(message->partition)) buffer_.push_back(record_of(*message));
    return {};
}

Result<std::vector<ReadRecord>> KafkaLogReader::poll(std::size_t max, Millis wait) {
    if (auto joined = join_group(); !joined) return joined.error();
    auto const deadline = clock_.ticks() + wait;
    do {
        if (auto sought = seek(); !sought) return sought.error();
        auto const left = std::chrono::ceil<Millis>(deadline - clock_.ticks());
        auto const patience = buffer_.empty() ? std::max(left, Millis(0)) : Millis(0);
        auto const before = buffer_.size();
        if (auto received = receive(patience); !received) {
            if (buffer_.empty()) return received.error();
            break;
        }
        bool const ran_dry = buffer_.size() == before && !buffer_.empty();
        if (ran_dry || buffer_.size() >= std::min(max, buffer_records)) break;
    } while (!buffer_.empty() || clock_.ticks() < deadline);

    auto const count = static_cast<std::ptrdiff_t>(std::min(max, buffer_.size()));
    std::vector<ReadRecord> records(std::make_move_iterator(buffer_.begin()),
                                    std::make_move_iterator(buffer_.begin() + count));
    buffer_.erase(buffer_.begin(), buffer_.begin() + count);
    return records;
}

void KafkaLogReader::rewind() {
    buffer_.clear();
    adrift_ = assigned_;
}

/// Behind acks=all: a record is below the watermark before its append is answered. A partition whose records are all
/// past retention has nothing to wait for and reports 0.
Result<LogPositions> KafkaLogReader::end() {
    auto const count = count_partitions(*client_, options_.client.topic, request_timeout);
    if (!count) return count.error();
    LogPositions end;
    for (int partition = 0; partition < *count; ++partition) {
        std::int64_t low = 0, high = 0;
        auto const code = rd_kafka_query_watermark_offsets(client_.get(), options_.client.topic.c_str(), partition,
                                                           &low, &high, static_cast<int>(request_timeout.count()));
        if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return translate(code);
        end[partition] = low == high ? 0 : high;
    }
    return end;
}

}  // namespace recoup::kafka
