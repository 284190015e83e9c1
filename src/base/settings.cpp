#include "recoup/base/settings.hpp"

#include "recoup/base/assert.hpp"

#include <array>
#include <charconv>
#include <limits>

namespace recoup {
namespace {

struct SizeUnit {
    std::string_view suffix;
    std::size_t bytes;
};
constexpr std::array<SizeUnit, 4> size_units{
    {{"", 1}, {"KiB", std::size_t{1} << 10}, {"MiB", std::size_t{1} << 20}, {"GiB", std::size_t{1} << 30}}};

std::string_view trimmed(std::string_view text) {
    auto const first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

}  // namespace

Result<std::size_t> parse_size(std::string_view text) {
    auto const bad = [] {
        return error(Errc::invalid, "not a size, write bytes or a number and KiB, MiB or GiB: \"64KiB\"");
    };
    std::size_t count = 0;
    auto const [rest, failure] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (failure != std::errc{}) return bad();
    std::string_view const suffix{rest, static_cast<std::size_t>(text.data() + text.size() - rest)};
    for (auto const& unit : size_units) {
        if (suffix != unit.suffix) continue;
        if (count > std::numeric_limits<std::size_t>::max() / unit.bytes) return bad();
        return count * unit.bytes;
    }
    return bad();
}

std::string to_size_text(std::size_t bytes) {
    for (auto unit = size_units.rbegin(); unit != size_units.rend(); ++unit)
        if (bytes != 0 && bytes % unit->bytes == 0)
            return std::to_string(bytes / unit->bytes) + std::string(unit->suffix);
    return "0";
}

std::vector<std::string> split_list(std::string_view text) {
    std::vector<std::string> parts;
    while (!text.empty()) {
        auto const comma = text.find(',');
        auto const part = trimmed(text.substr(0, comma));
        if (!part.empty()) parts.emplace_back(part);
        text = comma == std::string_view::npos ? std::string_view{} : text.substr(comma + 1);
    }
    return parts;
}

Settings::Value const& Settings::get(std::string_view name, ConfigType type) const {
    auto const found = values_.find(name);
    RECOUP_ASSERT(found != values_.end());
    RECOUP_ASSERT(found->second.type == type);
    return found->second;
}

std::string const& Settings::text(std::string_view name) const {
    return get(name, ConfigType::text).text;
}

std::int64_t Settings::integer(std::string_view name) const {
    auto const& text = get(name, ConfigType::integer).text;
    std::int64_t value = 0;
    auto const read = std::from_chars(text.data(), text.data() + text.size(), value);
    RECOUP_ASSERT(read.ec == std::errc{});
    return value;
}

double Settings::real(std::string_view name) const {
    auto const& text = get(name, ConfigType::real).text;
    double value = 0;
    auto const read = std::from_chars(text.data(), text.data() + text.size(), value);
    RECOUP_ASSERT(read.ec == std::errc{});
    return value;
}

bool Settings::boolean(std::string_view name) const {
    return get(name, ConfigType::boolean).text == "true";
}

Millis Settings::duration(std::string_view name) const {
    return parse_duration(get(name, ConfigType::duration).text).value();
}

std::size_t Settings::size(std::string_view name) const {
    return parse_size(get(name, ConfigType::size).text).value();
}

std::vector<std::string> Settings::list(std::string_view name) const {
    return split_list(get(name, ConfigType::list).text);
}

}  // namespace recoup
