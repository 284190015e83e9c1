#include "adapter/source/shared/json.hpp"

#include "adapter/source/shared/text.hpp"
#include "recoup/domain/money.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>

namespace recoup::source {

namespace {

/// Four marks a step: https://graphics.stanford.edu/~seander/bithacks.html#ZeroInWord, for 16 bits.
std::uint32_t next_marked(std::vector<std::uint16_t> const& marks, std::uint32_t from, std::uint32_t end, std::uint16_t mark) {
    constexpr std::uint64_t ones = 0x0001'0001'0001'0001, tops = ones << 15;
    std::uint64_t const wanted = ones * mark;
    for (; from + 4 <= end; from += 4) {
        std::uint64_t four = 0;
        std::memcpy(&four, marks.data() + from, sizeof four);
        four ^= wanted;
        if (((four - ones) & ~four & tops) != 0) break;
    }
    while (from < end && marks[from] != mark) ++from;
    return from;
}

}  // namespace

Json Json::operator[](std::string_view name) const {
    if (!is_object()) return {};
    auto const mark = mark_of(name);
    auto const end = node().next;
    for (auto i = next_marked(tree_->marks, at_ + 1, end, mark); i < end; i = next_marked(tree_->marks, i + 1, end, mark))
        if (tree_->nodes[i].parent == at_ && tree_->nodes[i].key == name) return Json(tree_, i);
    return {};
}

std::vector<Json> Json::items(std::size_t most) const {
    std::vector<Json> found;
    if (!is_array()) return found;
    for (auto i = at_ + 1; i < node().next && found.size() < most; i = tree_->nodes[i].next) found.emplace_back(tree_, i);
    return found;
}

std::string Json::text(std::size_t most) const {
    bool const scalar = kind() == JsonKind::string || kind() == JsonKind::number;
    return scalar ? bounded_text(node().text, most) : std::string{};
}

std::string Json::id() const {
    if (kind() != JsonKind::string && !(kind() == JsonKind::number && integer())) return {};
    auto const value = trimmed(node().text);
    bool const plain = std::none_of(value.begin(), value.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; });
    return plain && value.size() <= limits::id_bytes ? std::string(value) : std::string{};
}

std::string Json::url() const { return kind() == JsonKind::string ? safe_url(node().text) : std::string{}; }

std::optional<std::int64_t> Json::integer() const {
    if (kind() != JsonKind::number && kind() != JsonKind::string) return std::nullopt;
    auto const text = node().text;
    std::int64_t value = 0;
    auto const [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (failure != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

std::optional<std::int64_t> Json::minor(std::string_view currency) const {
    if (kind() != JsonKind::number && kind() != JsonKind::string) return std::nullopt;
    auto const amount = parse_minor(trimmed(node().text), currency);
    return amount ? std::optional(*amount) : std::nullopt;
}

Instant Json::instant() const {
    if (kind() != JsonKind::string) return never;
    auto const at = parse_rfc3339(trimmed(node().text));
    return at ? *at : never;
}

Instant Json::unix_instant() const {
    constexpr std::int64_t year_10000 = 253'402'300'800;
    auto const seconds = integer();
    return seconds && *seconds > 0 && *seconds < year_10000 ? instant_from_seconds(*seconds) : never;
}

}  // namespace recoup::source
