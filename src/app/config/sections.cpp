#include "app/config/keys.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace recoup::app {
namespace {

using enum ConfigType;

constexpr std::array<std::pair<std::string_view, std::string_view>, 21> sections{{
    {"logging", "Log lines on stderr."},
    {"public", "The listener that shops, browsers and shoppers reach."},
    {"ingest", "How much may come in at once. Refused requests stored nothing; their senders send again."},
    {"pixel", "How much browsers may send. What is above is dropped: it only enriches."},
    {"admin", "The listener for operators."},
    {"database", "Postgres: people, carts, enrollments, steps, messages."},
    {"log", "The event log, durable before any webhook is answered with 2xx."},
    {"spool", "Where events wait, durable, while the event log is slow or down. Personal data, not encrypted."},
    {"kafka", "Apache Kafka, when log.kind is kafka."},
    {"clock", "Time as the daemon sees it."},
    {"track", "From events to carts, and when a cart is abandoned."},
    {"dead_letters", "What came, was authentic and could not be used."},
    {"risk", "The model's part in the decision."},
    {"schedule", "Due steps."},
    {"deliver", "Sending."},
    {"channel", "Which adapter serves each channel. capture keeps messages on this machine."},
    {"policy", "What may be sent, and when."},
    {"law", "Rules of law as data: docs/law.md."},
    {"measure", "Holdout and attribution."},
    {"sequences", "Recovery sequences."},
    {"templates", "Message templates."},
}};

}  // namespace

std::string_view section_of(std::string_view key) {
    return key.substr(0, key.rfind('.'));
}

std::string_view leaf_of(std::string_view key) {
    return key.substr(key.rfind('.') + 1);
}

std::string_view section_help(std::string_view section) {
    for (auto const& [known, help] : sections)
        if (known == section) return help;
    return {};
}

std::string_view name(ConfigType type) {
    switch (type) {
        case text: return "text";
        case integer: return "integer";
        case real: return "number";
        case boolean: return "boolean";
        case duration: return "duration";
        case size: return "size";
        case list: return "list";
    }
    return "text";
}

}  // namespace recoup::app
