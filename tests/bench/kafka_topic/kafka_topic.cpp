// Makes a topic for scripts/bench-ingest:  bench_kafka_topic BROKERS TOPIC PARTITIONS
#include "adapter/kafka/topic.hpp"

#include <cstdio>
#include <cstdlib>

int main(int argc, char** argv) {
    if (argc != 4) {
        std::fprintf(stderr, "bench_kafka_topic BROKERS TOPIC PARTITIONS\n");
        return 2;
    }
    recoup::kafka::ClientOptions client;
    client.brokers = argv[1];
    client.topic = argv[2];
    auto const made = recoup::kafka::ensure_topic(client, std::atoi(argv[3]), 1, recoup::Millis{15'000});
    if (made) return 0;
    std::fprintf(stderr, "%s\n", made.error().message.c_str());
    return 1;
}
