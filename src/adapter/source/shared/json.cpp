#include "adapter/source/shared/json.hpp"

#include "adapter/source/shared/text.hpp"
#include "recoup/domain/money.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>

namespace recoup::source {

Json Json::operator[](std::string_view name) const {
    if (!is_object()) return {};
    auto const* const nodes = tree_->nodes.data();
    auto const* const marks = tree_->marks.data();
    auto const* const end = marks + nodes[at_].next;
    auto const mark = mark_of(name);
    for (auto const* from = marks + at_ + 1; from < end; ++from) {
        from = static_cast<std::uint8_t const*>(std::memchr(from, mark, static_cast<std::size_t>(end - from)));
        if (from == nullptr) break;
        auto const at = static_cast<std::uint32_t>(from - marks);
        if (nodes[at].parent == at_ && nodes[at].key == name) return Json(tree_, at);
    }
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
