#pragma once
// Is the topic fit to hold what was acknowledged? Looked at when the daemon starts.

#include "adapter/kafka/handle.hpp"

#include "recoup/base/time.hpp"

#include <map>
#include <string>
#include <vector>

namespace recoup::kafka {

struct TopicFacts {
    int partitions = 0;
    int replication = 0;                          // of the partition that has fewest
    std::map<std::string, std::string> settings;  // as the brokers name them; empty = they may not be read
};

struct TopicFinding {
    bool refuse = false;                          // what is acknowledged could be lost, or nothing could be appended
    std::string text;                             // what is wrong and what to do
};

/// Errc::not_found with the command that makes it when the topic is not there; Errc::unavailable.
Result<TopicFacts> read_topic(ClientOptions const& options, Millis timeout);

/// Pure. Settings that are not known are not judged.
std::vector<TopicFinding> judge_topic(std::string const& topic, TopicFacts const& facts);

}  // namespace recoup::kafka
