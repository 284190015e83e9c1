#pragma once
// Reads one file of rules, TOML, key by key; the first fault sticks, with its line and how to mend it.

#include "app/toml.hpp"

#include "recoup/base/result.hpp"
#include "recoup/base/time.hpp"

#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace recoup::app {

/// Errc::configuration when it cannot be read.
Result<std::string> text_of_file(std::string const& path);

class TomlReader {
public:
    explicit TomlReader(std::string file_name) : file_(std::move(file_name)) {}

    /// The document, or a fault.
    toml::table parse(std::string_view text);

    void fail(toml::source_region const& where, std::string const& what);
    /// Empty as long as all is well: "file:line: what is wrong".
    std::string const& fault() const { return fault_; }

    /// Other keys are a fault.
    void allow(toml::table const& table, std::initializer_list<std::string_view> keys);

    /// A text that must be there.
    std::string text(toml::table const& table, std::string_view key);
    /// One that may be left out.
    std::string text_or_empty(toml::table const& table, std::string_view key);
    /// A text or a list of texts; nothing when the key is left out.
    std::vector<std::string> texts(toml::table const& table, std::string_view key);
    Seconds duration(toml::table const& table, std::string_view key);
    /// A whole number within [min, max] that must be there.
    std::int64_t whole(toml::table const& table, std::string_view key, std::int64_t min, std::int64_t max);
    /// False when left out.
    bool flag(toml::table const& table, std::string_view key);

    template <class T>
    T named(toml::table const& table, std::string_view key, std::optional<T> (*from)(std::string_view), std::string_view choices) {
        auto const value = from(text(table, key));
        if (!value) fail_at(table, key, "must be one of " + std::string(choices));
        return value.value_or(T{});
    }
    /// A list of names.
    template <class T>
    std::vector<T> all_named(toml::table const& table, std::string_view key, std::optional<T> (*from)(std::string_view),
                             std::string_view choices) {
        std::vector<T> out;
        for (auto const& text : texts(table, key)) {
            auto const value = from(text);
            if (!value) fail_at(table, key, "holds '" + text + "'; there are " + std::string(choices));
            out.push_back(value.value_or(T{}));
        }
        return out;
    }
    /// A value of a grammar of its own, whose error says how it is written.
    template <class T>
    T value(toml::table const& table, std::string_view key, Result<T> parsed) {
        if (!parsed) fail_at(table, key, "is not understood: " + parsed.error().message);
        return parsed ? *std::move(parsed) : T{};
    }

    /// Every [[key]] table.
    void each(toml::table const& table, std::string_view key, std::function<void(toml::table const&)> const& read);

    void fail_at(toml::table const& table, std::string_view key, std::string const& what);

private:
    std::string file_, fault_;
};

}  // namespace recoup::app
