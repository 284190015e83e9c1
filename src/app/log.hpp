#pragma once
// Log lines on stderr: text for people or one JSON object a line for programs. spdlog's own patterns escape nothing, so
// the formatters here do. The name of the logger is the component; addresses appear only through redact().

#include "recoup/base/clock.hpp"

#include <spdlog/formatter.h>
#include <spdlog/logger.h>

#include <atomic>
#include <memory>
#include <string>
#include <string_view>

namespace recoup::app {

enum class LogFormat : unsigned char { text, json };

/// Replaces the default logger. `level` is a choice of logging.level; callable again at any time (reload).
void set_up_logging(std::string_view level, LogFormat format);
/// Level of every logger at run time.
void set_log_level(std::string_view level);
/// A logger with its own component name on the same sink; the same object for the same name.
std::shared_ptr<spdlog::logger> component_log(std::string const& component);

/// {"ts":"...","level":"info","component":"ingest","msg":"..."}; control characters, quotes and broken UTF-8 escaped.
std::unique_ptr<spdlog::formatter> json_formatter();
/// "2026-11-20T10:05:00.123Z info    ingest: message", always one line.
std::unique_ptr<spdlog::formatter> text_formatter();

/// "a***@example.com" or "+1555***67": enough to recognise an own address, not enough to use one. Anything else "***".
std::string redact(std::string_view address);

/// Lets one line through per interval and counts the rest, for warnings that may repeat thousands of times.
/// Thread-safe.
class RateLimit {
public:
    RateLimit(Clock const& clock, Millis interval) : clock_(clock), interval_(interval) {}

    /// True when a line may be written now; `suppressed` is then how many were held back since the last one.
    bool allow(std::uint64_t& suppressed);

private:
    Clock const& clock_;
    std::chrono::nanoseconds interval_;
    std::atomic<std::int64_t> next_ns_{0};
    std::atomic<std::uint64_t> held_back_{0};
};

}  // namespace recoup::app
