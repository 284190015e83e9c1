#include "core/template/value.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace recoup::core::liquid {
namespace {

bool continuation(char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }

std::string real_text(double number) {
    std::array<char, 64> text{};
    auto const [end, fault] = std::to_chars(text.data(), text.data() + text.size(), number);
    if (fault != std::errc{}) return {};
    std::string out(text.data(), end);
    if (out.find_first_of(".en") == std::string::npos) out += ".0";
    return out;
}

std::optional<std::size_t> index_of(Value const& list, Value const& key) {
    if (!key.is_number_integer()) return std::nullopt;
    auto const size = static_cast<std::int64_t>(list.size());
    auto index = key.get<std::int64_t>();
    if (index < 0) index += size;
    if (index < 0 || index >= size) return std::nullopt;
    return static_cast<std::size_t>(index);
}

template <class T>
int sign(T const& a, T const& b) {
    return a < b ? -1 : b < a ? 1 : 0;
}

}  // namespace

std::string to_text(Value const& value) {
    if (value.is_string()) return value.get_ref<std::string const&>();
    if (value.is_boolean()) return value.get<bool>() ? "true" : "false";
    if (value.is_number_float()) return real_text(value.get<double>());
    if (value.is_number_unsigned()) return std::to_string(value.get<std::uint64_t>());
    if (value.is_number_integer()) return std::to_string(value.get<std::int64_t>());
    std::string out;
    if (value.is_array())
        for (auto const& item : value) out += to_text(item);
    return out;
}

bool blank(Value const& value) {
    if (value.is_string()) {
        auto const& text = value.get_ref<std::string const&>();
        return std::all_of(text.begin(), text.end(), [](char c) { return c == ' ' || (c >= '\t' && c <= '\r'); });
    }
    return !truthy(value) || (value.is_structured() && value.empty());
}

std::optional<int> compare(Value const& a, Value const& b) {
    if (a.is_number_integer() && b.is_number_integer()) return sign(a.get<std::int64_t>(), b.get<std::int64_t>());
    if (a.is_number() && b.is_number()) return sign(a.get<double>(), b.get<double>());
    if (a.is_string() && b.is_string()) return sign(a.get_ref<std::string const&>(), b.get_ref<std::string const&>());
    return std::nullopt;
}

bool equal(Value const& a, Value const& b) {
    if (auto const order = compare(a, b)) return *order == 0;
    return a.type() == b.type() && a == b;
}

bool contains(Value const& whole, Value const& part) {
    if (whole.is_string()) return !part.is_null() && whole.get_ref<std::string const&>().find(to_text(part)) != std::string::npos;
    if (!whole.is_array()) return false;
    return std::any_of(whole.begin(), whole.end(), [&part](Value const& item) { return equal(item, part); });
}

std::int64_t to_integer(Value const& value) {
    if (value.is_number_integer()) return value.get<std::int64_t>();
    if (value.is_number_float()) {
        auto const number = value.get<double>();
        return number > -9e15 && number < 9e15 ? static_cast<std::int64_t>(number) : 0;
    }
    if (!value.is_string()) return 0;
    auto const& text = value.get_ref<std::string const&>();
    std::int64_t number = 0;
    auto const [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
    return fault == std::errc{} && end == text.data() + text.size() ? number : 0;
}

Value const* find_member(Value const& value, Value const& key) {
    if (value.is_object() && key.is_string()) {
        auto const found = value.find(key.get_ref<std::string const&>());
        if (found != value.end()) return &*found;
    }
    if (value.is_array() && key.is_string() && !value.empty()) {
        auto const& word = key.get_ref<std::string const&>();
        if (word == "first") return &value.front();
        if (word == "last") return &value.back();
    }
    if (value.is_array())
        if (auto const index = index_of(value, key)) return &value[*index];
    return nullptr;
}

Value member(Value const& value, Value const& key) {
    if (auto const* stored = find_member(value, key)) return *stored;
    if (key.is_string() && key.get_ref<std::string const&>() == "size") {
        if (value.is_string()) return code_points(value.get_ref<std::string const&>());
        if (value.is_structured()) return value.size();
    }
    return nullptr;
}

std::size_t code_points(std::string_view text) {
    return text.size() - static_cast<std::size_t>(std::count_if(text.begin(), text.end(), continuation));
}

std::string_view code_point_prefix(std::string_view text, std::size_t count) {
    std::size_t end = 0;
    while (end < text.size() && count-- > 0) {
        ++end;
        while (end < text.size() && continuation(text[end])) ++end;
    }
    return text.substr(0, end);
}

}  // namespace recoup::core::liquid
