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

/// RFC 8259 section 6. simdjson would refuse integers past 64 bits; as text they do no harm.
bool is_number(std::string_view text) {
    if (text.starts_with('-')) text.remove_prefix(1);
    auto const whole = digits(text);
    if (whole == 0 || (whole > 1 && text[0] == '0')) return false;
    text.remove_prefix(whole);
    if (text.starts_with('.')) {
        auto const fraction = digits(text.substr(1));
        if (fraction == 0) return false;
        text.remove_prefix(fraction + 1);
    }
    if (text.starts_with('e') || text.starts_with('E')) {
        text.remove_prefix(1);
        if (text.starts_with('+') || text.starts_with('-')) text.remove_prefix(1);
        auto const exponent = digits(text);
        if (exponent == 0) return false;
        text.remove_prefix(exponent);
    }
    return text.empty();
}

/// Past every double: other parsers refuse the document, so nobody shall read it here either.
bool overflows(std::string_view number) {
    bool may = number.size() > 300;
    for (char const c : number) may |= (c | 0x20) == 'e';
    return may && std::isinf(std::strtod(std::string(number).c_str(), nullptr));
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
    /// `bytes` are padded with zeros, and `room` is as long with its padding.
    Walk(std::string_view bytes, Scanner const& scanner, std::uint8_t* room, JsonTree& tree)
        : bytes_(bytes), places_(scanner.structural_indexes.get()), count_(scanner.n_structural_indexes), scanner_(scanner),
          room_(room), tree_(tree) {}

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
        auto const at = static_cast<std::uint32_t>(tree_.nodes.size());
        auto const kind = kind_of(ahead());
        tree_.marks.push_back(mark_of(key));
        tree_.nodes.push_back({kind, parent, at + 1, key, {}});
        if (kind == JsonKind::string) return string(tree_.nodes[at].text);
        if (kind == JsonKind::object || kind == JsonKind::array) return depth > 0 && container(at, kind, depth - 1);
        auto const text = token();
        tree_.nodes[at].text = text;
        ++here_;
        if (kind == JsonKind::number) return is_number(text) && !overflows(text);
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
        tree_.nodes[at].text = bytes_.substr(begin, places_[here_++] + 1 - begin);
        tree_.nodes[at].next = static_cast<std::uint32_t>(tree_.nodes.size());
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
    JsonTree& tree_;
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
        parts->tree.nodes.clear();
        parts->tree.marks.clear();
        return parts;
    }
    static void give(std::unique_ptr<Parts> parts) {
        constexpr std::size_t most = 2, most_bytes = 64 * 1024;
        if (parts && here().size() < most && parts->bytes.capacity() <= most_bytes) here().push_back(std::move(parts));
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
        parts->tree.nodes.reserve(parts->scanner->n_structural_indexes);
        parts->tree.marks.reserve(parts->scanner->n_structural_indexes);
        std::string_view const content(parts->bytes.data(), bytes.size());
        Walk walk(content, *parts->scanner, parts->unescaped.data(), parts->tree);
        if (walk.document()) return JsonDocument(std::move(parts));
    }
    Spare::give(std::move(parts));
    return error(Errc::invalid, "The body must be one JSON object or array in UTF-8, at most 64 deep.");
}

}  // namespace recoup::source
