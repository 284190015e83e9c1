#include "adapter/source/shared/json.hpp"

#include <simdjson.h>

#include <cmath>
#include <cstdlib>

namespace recoup::source {
namespace {

namespace ondemand = simdjson::ondemand;

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
    bool const may = number.size() > 300 || number.find_first_of("eE") != std::string_view::npos;
    return may && std::isinf(std::strtod(std::string(number).c_str(), nullptr));
}

/// Visits every value once and writes them down in document order.
class Walk {
public:
    Walk(ondemand::document& document, std::string_view bytes, std::vector<JsonNode>& nodes)
        : document_(document), end_(bytes.data() + bytes.size()), nodes_(nodes) {}

    bool value(ondemand::value value, std::string_view key, std::size_t depth) {
        auto const token = trimmed_end(value.raw_json_token());
        auto const at = nodes_.size();
        nodes_.push_back({JsonKind::null, mark_of(key), 0, key, token});
        ondemand::json_type type{};
        if (value.type().get(type)) return false;
        bool good = false;
        switch (type) {
            case ondemand::json_type::object: good = depth > 0 && object(value, at, depth - 1); break;
            case ondemand::json_type::array: good = depth > 0 && array(value, at, depth - 1); break;
            case ondemand::json_type::string: good = string(value, at); break;
            case ondemand::json_type::number:
                nodes_[at].kind = JsonKind::number;
                good = is_number(token) && !overflows(token);
                break;
            case ondemand::json_type::boolean:
                nodes_[at].kind = JsonKind::boolean;
                good = token == "true" || token == "false";
                break;
            case ondemand::json_type::null: good = token == "null"; break;
        }
        nodes_[at].next = static_cast<std::uint32_t>(nodes_.size());
        return good;
    }

private:
    bool object(ondemand::value& value, std::size_t at, std::size_t depth) {
        nodes_[at].kind = JsonKind::object;
        ondemand::object members;
        if (value.get_object().get(members)) return false;
        for (auto member : members) {
            ondemand::field field;
            if (std::move(member).get(field)) return false;
            std::string_view key;
            if (field.unescaped_key().get(key)) return false;
            if (!this->value(field.value(), key, depth)) return false;
        }
        close(at);
        return true;
    }

    bool array(ondemand::value& value, std::size_t at, std::size_t depth) {
        nodes_[at].kind = JsonKind::array;
        ondemand::array elements;
        if (value.get_array().get(elements)) return false;
        for (auto element : elements) {
            ondemand::value item;
            if (std::move(element).get(item)) return false;
            if (!this->value(item, {}, depth)) return false;
        }
        close(at);
        return true;
    }

    bool string(ondemand::value& value, std::size_t at) {
        nodes_[at].kind = JsonKind::string;
        return !value.get_string().get(nodes_[at].text);
    }

    void close(std::size_t at) {
        char const* behind = end_;
        if (char const* place = nullptr; !document_.current_location().get(place)) behind = place;
        auto const begin = nodes_[at].text.data();
        nodes_[at].text = trimmed_end({begin, static_cast<std::size_t>(behind - begin)});
    }

    ondemand::document& document_;
    char const* end_;
    std::vector<JsonNode>& nodes_;
};

}  // namespace

struct JsonDocument::Parts {
    ondemand::parser parser;   // owns the unescaped strings
    std::string bytes;         // padded as simdjson needs it
    std::vector<JsonNode> nodes;
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
        parts->nodes.clear();
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

Json JsonDocument::root() const { return Json(&parts_->nodes, 0); }

Result<JsonDocument> JsonDocument::parse(std::string_view bytes) {
    auto parts = Spare::take();
    parts->bytes.reserve(bytes.size() + simdjson::SIMDJSON_PADDING);
    parts->bytes.assign(bytes);
    parts->bytes.append(simdjson::SIMDJSON_PADDING, '\0');
    parts->nodes.reserve(bytes.size() / 16 + 8);
    std::string_view const content(parts->bytes.data(), bytes.size());
    simdjson::padded_string_view const padded(content, parts->bytes.size());

    auto const bad = [&] {
        Spare::give(std::move(parts));
        return error(Errc::invalid, "The body must be one JSON object or array in UTF-8, at most 64 deep.");
    };
    ondemand::document document;
    if (parts->parser.iterate(padded).get(document)) return bad();
    ondemand::value root;
    if (document.get_value().get(root)) return bad();  // a scalar, or nothing
    Walk walk(document, content, parts->nodes);
    if (!walk.value(root, {}, limits::json_depth)) return bad();
    if (document.current_location().error() != simdjson::OUT_OF_BOUNDS) return bad();  // something follows
    return JsonDocument(std::move(parts));
}

}  // namespace recoup::source
