#pragma once
// JSON as senders write it: one strict pass over what simdjson's scanner found, then tolerant reads. Values are views into their
// document. Numbers keep their text, so money and 64-bit ids never pass through a double.

#include "recoup/base/limits.hpp"
#include "recoup/base/result.hpp"
#include "recoup/base/time.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace recoup::source {

enum class JsonKind : unsigned char { absent, null, boolean, number, string, array, object };

struct JsonNode {
    JsonKind kind = JsonKind::absent;
    std::uint32_t parent = 0;    // index of the array or object it is in
    std::uint32_t next = 0;      // index behind this value and everything in it
    std::string_view key;        // inside an object, unescaped
    std::string_view text;       // string: unescaped; number and boolean: as written; array and object: raw JSON
};

/// Values in document order; there is room behind them. The marks of their keys lie apart, so that a member is found by
/// memchr over few bytes.
struct JsonTree {
    std::vector<JsonNode> nodes;
    std::vector<std::uint8_t> marks;
};

/// Tells most keys apart without looking at their text.
constexpr std::uint8_t mark_of(std::string_view key) {
    if (key.empty()) return 0;
    auto const last = static_cast<unsigned char>(key.back()), middle = static_cast<unsigned char>(key[key.size() / 2]);
    return static_cast<std::uint8_t>(key.size() * 37 + middle * 11u + last);
}

/// One value, or none: reading something that is not there gives an absent value, never an error.
class Json {
public:
    Json() = default;
    Json(JsonTree const* tree, std::uint32_t at) : tree_(tree), at_(at) {}

    JsonKind kind() const { return tree_ == nullptr ? JsonKind::absent : node().kind; }
    bool present() const { return kind() != JsonKind::absent && kind() != JsonKind::null; }
    bool is_object() const { return kind() == JsonKind::object; }
    bool is_array() const { return kind() == JsonKind::array; }

    /// First member of that name; absent when this is not an object.
    Json operator[](std::string_view name) const;
    /// Up to `most` elements of an array; none when this is not an array.
    std::vector<Json> items(std::size_t most) const;

    /// A string or number as text: control characters become spaces, the rest is cut at a code point. "" otherwise.
    std::string text(std::size_t most = limits::text_bytes) const;
    /// A string or integer as an id. "" when absent, longer than limits::id_bytes or holding control characters.
    std::string id() const;
    /// http and https only, at most limits::url_bytes, no control characters or spaces; "" otherwise.
    std::string url() const;
    /// A JSON integer or a string of digits that fits.
    std::optional<std::int64_t> integer() const;
    bool is_true() const { return kind() == JsonKind::boolean && node().text == "true"; }
    /// A decimal string or number in minor units of the currency.
    std::optional<std::int64_t> minor(std::string_view currency) const;
    /// RFC 3339 with any offset; `never` otherwise.
    Instant instant() const;
    /// An integer of Unix seconds, 1970 to 9999; `never` otherwise.
    Instant unix_instant() const;
    /// The JSON as it was sent.
    std::string_view raw() const { return tree_ == nullptr ? std::string_view{} : node().text; }

private:
    JsonNode const& node() const { return tree_->nodes[at_]; }

    JsonTree const* tree_ = nullptr;
    std::uint32_t at_ = 0;
};

class JsonDocument {
public:
    /// Copies `bytes`. Errc::invalid unless all of it is one valid UTF-8 JSON object or array, at most
    /// limits::json_depth deep.
    static Result<JsonDocument> parse(std::string_view bytes);

    JsonDocument(JsonDocument&&) noexcept;
    JsonDocument& operator=(JsonDocument&&) noexcept;
    ~JsonDocument();

    Json root() const;

private:
    struct Parts;
    class Spare;
    explicit JsonDocument(std::unique_ptr<Parts> parts);

    std::unique_ptr<Parts> parts_;
};

}  // namespace recoup::source
