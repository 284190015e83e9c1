#include "core/codec/documents.hpp"

#include "core/codec/json_fields.hpp"

#include <array>
#include <charconv>
#include <cmath>

namespace recoup::core {
namespace fields_detail {

// A decision is stored for every step that was ever due, so what makes up most of it is kept as lists without names. Lists
// with names are read too: that is how they were kept before.

/// Features and margins are floats, so a share is kept as exactly as what it is a share of.
void append_float(std::string& out, double value) {
    std::array<char, 32> text{};
    auto const narrow = static_cast<float>(value);
    if (!std::isfinite(narrow)) return append_json(out, value);
    out.append(text.data(), std::to_chars(text.data(), text.data() + text.size(), narrow).ptr);
}

/// [rule], [rule, input] when it passed; [rule, input, false] and perhaps its source when it forbade.
template <>
struct Convert<TraceEntry> {
    static void write(std::string& out, TraceEntry const& entry) {
        append_json(out += '[', entry.rule);
        if (!entry.passed || !entry.input.empty()) append_json(out += ',', entry.input);
        if (!entry.passed) out += ",false";
        if (!entry.passed && !entry.source.empty()) append_json(out += ',', entry.source);
        out += ']';
    }
    static void read(Json json, TraceEntry& entry) {
        read_places(json, entry, entry.rule, entry.input, entry.passed, entry.source);
    }
};

/// [feature, value, share].
template <>
struct Convert<Contribution> {
    static void write(std::string& out, Contribution const& part) {
        append_json(out += '[', part.feature);
        out += ',';
        if (part.value) append_float(out, *part.value);
        else out += "null";
        append_float(out += ',', part.share);
        out += ']';
    }
    static void read(Json json, Contribution& part) {
        read_places(json, part, part.feature, part.value, part.share);
    }
};

/// What has no share in a margin explains nothing of it.
template <>
struct Convert<std::vector<Contribution>> {
    static void write(std::string& out, std::vector<Contribution> const& parts) {
        out += '[';
        bool first = true;
        for (auto const& part : parts) {
            if (part.share == 0) continue;
            if (!std::exchange(first, false)) out += ',';
            write_json(out, part);
        }
        out += ']';
    }
    static void read(Json json, std::vector<Contribution>& parts) {
        simdjson::dom::array array;
        if (json.get(array)) return;
        parts.clear();
        for (Json const item : array) read_json(item, parts.emplace_back());
    }
};

}  // namespace fields_detail

#define RECOUP_MAKE_DOCUMENT(T)                               \
    template void write_json<T>(std::string&, T const&);      \
    template T from_json_text<T>(std::string_view);           \
    template void read_json_text<T>(std::string_view, T&);
RECOUP_DOCUMENTS(RECOUP_MAKE_DOCUMENT)

}  // namespace recoup::core
