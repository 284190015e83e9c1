#pragma once
// Settings: the resolved configuration as a flat table of named, typed, already validated values. Every key is
// declared once as a ConfigKey; parsing, docs, `config show` and `config init` all read the same declarations.

#include "recoup/base/time.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace recoup {

enum class ConfigType : unsigned char { text, integer, real, boolean, duration, size, list };

struct ConfigKey {
    std::string_view name{};  // "public.address": section path and key
    ConfigType type = ConfigType::text;
    std::string_view default_value{};  // as text; lists are comma-separated
    std::string_view help{};           // one sentence; with allowed values or range and the unit
    bool secret = false;               // never shown; may come from RECOUP_A__B_FILE
    double min = 0, max = 0;           // integer, real; min == max means no range
    std::string_view choices{};        // "postgres|kafka"; empty = any
    bool reloadable = false;           // takes effect on SIGHUP
};

/// "512", "64KiB", "16MiB", "1GiB": bytes with powers of 1024. Errc::invalid otherwise.
Result<std::size_t> parse_size(std::string_view text);
/// The shortest exact text that parse_size reads back.
std::string to_size_text(std::size_t bytes);
/// The parts of a comma-separated list, trimmed, without empty ones.
std::vector<std::string> split_list(std::string_view text);

/// Typed reads assert that the key is declared with that type: a wrong name is our fault, not the operator's.
class Settings {
public:
    struct Value {
        ConfigType type = ConfigType::text;
        std::string text;    // canonical
        std::string origin;  // "default", "file:line", "env", "flag"
    };

    void set(std::string_view name, Value value) { values_[std::string(name)] = std::move(value); }
    std::map<std::string, Value, std::less<>> const& all() const { return values_; }

    std::string const& text(std::string_view name) const;
    std::int64_t integer(std::string_view name) const;
    double real(std::string_view name) const;
    bool boolean(std::string_view name) const;
    Millis duration(std::string_view name) const;
    std::size_t size(std::string_view name) const;
    std::vector<std::string> list(std::string_view name) const;

private:
    Value const& get(std::string_view name, ConfigType type) const;

    std::map<std::string, Value, std::less<>> values_;
};

}  // namespace recoup
