#pragma once
// The event log in Kafka, consumer side. Kafka assigns partitions; where to read on is asked of the tracker, whose
// positions live with its effects. Nothing is ever committed to Kafka.

#include "adapter/kafka/handle.hpp"
#include "recoup/base/clock.hpp"
#include "recoup/port/event_log.hpp"

#include <deque>
#include <set>

namespace recoup::kafka {

class KafkaLogReader final : public LogReader {
public:
    /// How the members of a group share the partitions; all members the same way.
    enum class Assignment : unsigned char { eager, cooperative };

    struct Options {
        ClientOptions client;
        std::string group = "recoup-track";
        Assignment assignment = Assignment::eager;
    };

    /// `clock` is used for its ticks only.
    static Result<std::unique_ptr<KafkaLogReader>> open(Options options, StoredPosition stored, Clock const& clock);
    /// Leaves the group, so that others take over at once.
    ~KafkaLogReader() override;

    Result<std::vector<ReadRecord>> poll(std::size_t max, Millis wait) override;
    void rewind() override;
    Result<LogPositions> end() override;

private:
    KafkaLogReader(Options options, StoredPosition stored, Clock const& clock)
        : options_(std::move(options)), stored_(std::move(stored)), clock_(clock) {}
    Result<void> join_group();
    Result<void> seek();
    Result<void> receive(Millis wait);
    void assign(rd_kafka_topic_partition_list_t& partitions);
    void revoke(rd_kafka_topic_partition_list_t& partitions);
    void forget(int partition);
    void drop_everything();
    bool may_be_closed();
    static void on_rebalance(rd_kafka_t*, rd_kafka_resp_err_t code, rd_kafka_topic_partition_list_t* partitions,
                             void* self);

    Options const options_;
    StoredPosition const stored_;
    Clock const& clock_;
    bool joined_ = false;
    bool was_assigned_ = false;          // ever, be it nothing
    std::set<int> assigned_;
    std::set<int> adrift_;               // assigned, but their position has to be asked before anything is delivered
    std::deque<ReadRecord> buffer_;
    Client client_;                      // the last member: its callbacks use all others
};

}  // namespace recoup::kafka
