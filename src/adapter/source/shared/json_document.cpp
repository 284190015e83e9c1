#include "adapter/source/shared/json.hpp"

#include <simdjson.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace recoup::source {
namespace {

bool space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

std::string_view trimmed_end(std::string_view text) {
    while (!text.empty() && space(text.back())) text.remove_suffix(1);
    return text;
}

std::size_t digits(std::string_view text) {
    std::size_t count = 0;
    while (count < text.size() && text[count] >= '0' && text[count] <= '9') ++count;
    return count;
}

/// Past every double: other parsers refuse the document, so nobody shall read it here either.
bool fits_a_double(std::string_view number) { return !std::isinf(std::strtod(std::string(number).c_str(), nullptr)); }

/// RFC 8259 section 6. simdjson would refuse integers past 64 bits; as text they do no harm.
bool is_number(std::string_view const text) {
    auto rest = text;
    if (rest.starts_with('-')) rest.remove_prefix(1);
    auto const whole = digits(rest);
    if (whole == 0 || (whole > 1 && rest[0] == '0')) return false;
    rest.remove_prefix(whole);
    if (rest.starts_with('.')) {
        auto const fraction = digits(rest.substr(1));
        if (fraction == 0) return false;
        rest.remove_prefix(fraction + 1);
    }
    if (rest.empty()) return text.size() <= 300 || fits_a_double(text);
    if (rest[0] != 'e' && rest[0] != 'E') return false;
    rest.remove_prefix(1);
    if (rest.starts_with('+') || rest.starts_with('-')) rest.remove_prefix(1);
    return !rest.empty() && digits(rest) == rest.size() && fits_a_double(text);
}

JsonKind kind_of(char first) {
    switch (first) {
        case '{': return JsonKind::object;
        case '[': return JsonKind::array;
        case '"': return JsonKind::string;
        case 't':
        case 'f': return JsonKind::boolean;
        case 'n': return JsonKind::null;
        default: return JsonKind::number;   // or nothing at all
    }
}

/// simdjson's first stage checks UTF-8, quotes and control characters and finds where every token begins; from there one
/// walk checks the grammar and writes the values down. Its second stage (DOM, on-demand) copies every string and cannot
/// keep large numbers, and took three times as long.
using Scanner = simdjson::internal::dom_parser_implementation;

class Walk {
public:
    /// `bytes` are padded with zeros, and `room` is as long with its padding; the tree has room for a value a token.
    Walk(std::string_view bytes, Scanner const& scanner, std::uint8_t* room, JsonTree& tree)
        : bytes_(bytes), places_(scanner.structural_indexes.get()), count_(scanner.n_structural_indexes), scanner_(scanner),
          room_(room), nodes_(tree.nodes.data()), marks_(tree.marks.data()) {}

    bool document() {
        bool const container = ahead() == '{' || ahead() == '[';
        return container && value({}, 0, limits::json_depth) && here_ == count_;
    }

private:
    /// First character of the next token; NUL behind the last.
    char ahead() const { return bytes_.data()[places_[here_]]; }

    std::string_view token() const {
        auto const begin = places_[here_];
        return trimmed_end(bytes_.substr(begin, places_[here_ + 1] - begin));
    }

    bool value(std::string_view key, std::uint32_t parent, std::size_t depth) {
        auto const at = used_++;
        auto const kind = kind_of(ahead());
        marks_[at] = mark_of(key);
        auto& node = nodes_[at];
        node.kind = kind;
        node.parent = parent;
        node.next = used_;
        node.key = key;
        if (kind == JsonKind::string) return string(node.text);
        if (kind == JsonKind::object || kind == JsonKind::array) return depth > 0 && container(at, kind, depth - 1);
        auto const text = token();
        node.text = text;
        ++here_;
        if (kind == JsonKind::number) return is_number(text);
        return kind == JsonKind::null ? text == "null" : text == "true" || text == "false";
    }

    bool container(std::uint32_t at, JsonKind kind, std::size_t depth) {
        char const closing = kind == JsonKind::object ? '}' : ']';
        auto const begin = places_[here_++];
        for (bool first = true; ahead() != closing || !first; first = false) {
            std::string_view key;
            if (kind == JsonKind::object && !name(key)) return false;
            if (!value(key, at, depth)) return false;
            if (ahead() == closing) break;
            if (ahead() != ',') return false;
            ++here_;
        }
        nodes_[at].text = bytes_.substr(begin, places_[here_++] + 1 - begin);
        nodes_[at].next = used_;
        return true;
    }

    bool name(std::string_view& key) {
        if (ahead() != '"' || !string(key) || ahead() != ':') return false;
        ++here_;
        return true;
    }

    /// Between its opening quote and the next token lie the string, its closing quote and spaces.
    bool string(std::string_view& text) {
        std::size_t const begin = places_[here_] + 1;
        std::size_t end = places_[++here_];
        while (space(bytes_[end - 1])) --end;
        if (end <= begin || bytes_[--end] != '"') return false;
        if (escape_ < begin) escape_ = std::min(bytes_.find('\\', begin), bytes_.size());
        if (escape_ < end) return unescape(begin, text);
        text = bytes_.substr(begin, end - begin);
        return true;
    }

    bool unescape(std::size_t begin, std::string_view& text) {
        auto* const end = scanner_.parse_string(reinterpret_cast<std::uint8_t const*>(bytes_.data() + begin), room_);
        if (end == nullptr) return false;
        text = {reinterpret_cast<char const*>(room_), static_cast<std::size_t>(end - room_)};
        room_ = end;
        return true;
    }

    std::string_view bytes_;
    std::uint32_t const* places_;   // of every token; then twice the end
    std::uint32_t count_, here_ = 0;
    Scanner const& scanner_;
    std::uint8_t* room_;            // for strings with escapes
    std::size_t escape_ = 0;        // the next backslash
    JsonNode* nodes_;
    std::uint8_t* marks_;
    std::uint32_t used_ = 0;        // of both
};

}  // namespace

struct JsonDocument::Parts {
    std::unique_ptr<Scanner> scanner;
    std::string bytes;         // padded as simdjson needs it
    std::vector<std::uint8_t> unescaped;
    JsonTree tree;

    /// False when there is no memory, or it is no JSON at first sight.
    bool scan(std::string_view text) {
        bytes.reserve(text.size() + simdjson::SIMDJSON_PADDING);
        bytes.assign(text);
        bytes.append(simdjson::SIMDJSON_PADDING, '\0');
        if (unescaped.size() < bytes.size()) unescaped.resize(bytes.size());
        if (!scanner) {
            auto const& kind = *simdjson::get_active_implementation();
            if (kind.create_dom_parser_implementation(text.size(), limits::json_depth, scanner) != simdjson::SUCCESS) return false;
        }
        if (scanner->capacity() < text.size() && scanner->set_capacity(text.size()) != simdjson::SUCCESS) return false;
        auto const* const begin = reinterpret_cast<std::uint8_t const*>(bytes.data());
        return scanner->stage1(begin, text.size(), simdjson::stage1_mode::regular) == simdjson::SUCCESS;
    }
};

/// Memory of documents that are done with, for the next one of the thread.
class JsonDocument::Spare {
public:
    static std::unique_ptr<Parts> take() {
        auto& spare = here();
        if (spare.empty()) return std::make_unique<Parts>();
        auto parts = std::move(spare.back());
        spare.pop_back();
        parts->bytes.clear();
        return parts;
    }
    static void give(std::unique_ptr<Parts> parts) {
        constexpr std::size_t most = 2, most_bytes = 64 * 1024, most_nodes = 8 * 1024;
        bool const small = parts && parts->bytes.capacity() <= most_bytes && parts->tree.nodes.size() <= most_nodes;
        if (small && here().size() < most) here().push_back(std::move(parts));
    }

private:
    static std::vector<std::unique_ptr<Parts>>& here() {
        thread_local std::vector<std::unique_ptr<Parts>> spare;
        return spare;
    }
};

JsonDocument::JsonDocument(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
JsonDocument::JsonDocument(JsonDocument&&) noexcept = default;
JsonDocument& JsonDocument::operator=(JsonDocument&& other) noexcept {
    std::swap(parts_, other.parts_);
    return *this;
}
JsonDocument::~JsonDocument() { Spare::give(std::move(parts_)); }

Json JsonDocument::root() const { return Json(&parts_->tree, 0); }

Result<JsonDocument> JsonDocument::parse(std::string_view bytes) {
    auto parts = Spare::take();
    if (parts->scan(bytes)) {
        auto& [nodes, marks] = parts->tree;
        auto const tokens = std::max<std::size_t>(parts->scanner->n_structural_indexes, 1);
        if (nodes.size() < tokens) nodes.resize(tokens);
        if (marks.size() < tokens) marks.resize(tokens);
        std::string_view const content(parts->bytes.data(), bytes.size());
        Walk walk(content, *parts->scanner, parts->unescaped.data(), parts->tree);
        if (walk.document()) return JsonDocument(std::move(parts));
    }
    Spare::give(std::move(parts));
    return error(Errc::invalid, "The body must be one JSON object or array in UTF-8, at most 64 deep.");
}

}  // namespace recoup::source
