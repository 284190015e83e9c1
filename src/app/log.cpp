#include "app/log.hpp"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <nlohmann/json.hpp>

namespace recoup::app {
namespace {

std::string_view level_name(spdlog::level::level_enum level) {
    auto const name = spdlog::level::to_string_view(level);
    return {name.data(), name.size()};
}

std::string timestamp(spdlog::details::log_msg const& line) {
    return to_rfc3339(std::chrono::time_point_cast<Millis>(line.time));
}

std::string_view component_of(spdlog::details::log_msg const& line) {
    if (line.logger_name.size() == 0) return "recoup";
    return {line.logger_name.data(), line.logger_name.size()};
}

void append(spdlog::memory_buf_t& out, std::string_view text) {
    out.append(text.data(), text.data() + text.size());
}

class JsonFormatter final : public spdlog::formatter {
public:
    void format(spdlog::details::log_msg const& line, spdlog::memory_buf_t& out) override {
        nlohmann::ordered_json object;
        object["ts"] = timestamp(line);
        object["level"] = level_name(line.level);
        object["component"] = component_of(line);
        object["msg"] = std::string_view(line.payload.data(), line.payload.size());
        append(out, object.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
        append(out, "\n");
    }
    std::unique_ptr<spdlog::formatter> clone() const override { return std::make_unique<JsonFormatter>(); }
};

class TextFormatter final : public spdlog::formatter {
public:
    void format(spdlog::details::log_msg const& line, spdlog::memory_buf_t& out) override {
        constexpr std::size_t width = 8;
        std::string level{level_name(line.level)};
        level.resize(std::max(width, level.size()), ' ');
        append(out, timestamp(line) + " " + level);
        append(out, component_of(line));
        append(out, ": ");
        for (char const c : std::string_view(line.payload.data(), line.payload.size())) {
            bool const control = static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
            append(out, control ? std::string_view("?") : std::string_view(&c, 1));
        }
        append(out, "\n");
    }
    std::unique_ptr<spdlog::formatter> clone() const override { return std::make_unique<TextFormatter>(); }
};

std::shared_ptr<spdlog::sinks::sink> const& sink() {
    static std::shared_ptr<spdlog::sinks::sink> const shared = std::make_shared<spdlog::sinks::stderr_sink_mt>();
    return shared;
}

}  // namespace

std::unique_ptr<spdlog::formatter> json_formatter() {
    return std::make_unique<JsonFormatter>();
}
std::unique_ptr<spdlog::formatter> text_formatter() {
    return std::make_unique<TextFormatter>();
}

void set_up_logging(std::string_view level, LogFormat format) {
    sink()->set_formatter(format == LogFormat::json ? json_formatter() : text_formatter());
    auto logger = std::make_shared<spdlog::logger>("recoup", sink());
    logger->flush_on(spdlog::level::trace);
    spdlog::set_default_logger(std::move(logger));
    set_log_level(level);
}

void set_log_level(std::string_view level) {
    spdlog::set_level(spdlog::level::from_str(std::string(level)));
}

std::shared_ptr<spdlog::logger> component_log(std::string const& component) {
    if (auto known = spdlog::get(component)) return known;
    auto logger = std::make_shared<spdlog::logger>(component, sink());
    logger->set_level(spdlog::default_logger()->level());
    logger->flush_on(spdlog::level::trace);
    try {
        spdlog::register_logger(logger);
    } catch (spdlog::spdlog_ex const&) {  // another thread registered the same name first
        return spdlog::get(component);
    }
    return logger;
}

std::string redact(std::string_view address) {
    auto const at = address.find('@');
    if (at != std::string_view::npos && at > 0)
        return std::string(address.substr(0, 1)) + "***" + std::string(address.substr(at));
    if (address.starts_with('+') && address.size() > 8)
        return std::string(address.substr(0, 5)) + "***" + std::string(address.substr(address.size() - 2));
    return "***";
}

bool RateLimit::allow(std::uint64_t& suppressed) {
    auto const now = clock_.ticks().count();
    auto next = next_ns_.load();
    while (next == 0 || now >= next)
        if (next_ns_.compare_exchange_weak(next, now + interval_.count())) {
            suppressed = held_back_.exchange(0);
            return true;
        }
    held_back_.fetch_add(1);
    return false;
}

}  // namespace recoup::app
