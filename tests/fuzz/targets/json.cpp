// Our reading of JSON (simdjson, kept as text) beside nlohmann::json: the same documents are taken and every value says
// the same. Differences that are meant:
//   - the root is an object or an array, at most limits::json_depth deep;
//   - nothing follows the document: nlohmann takes a NUL byte for the end of the input, and leaves out a leading BOM;
//   - of members with one name ours is the first, nlohmann's the last; so neither is compared;
//   - integers past 64 bits stay text and are no integer(); nlohmann makes doubles of them.
#include "adapter/source/shared/json.hpp"
#include "fuzz/support/target.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdlib>
#include <set>

namespace recoup::fuzz {
namespace {

using nlohmann::json;
using source::Json;
using source::JsonKind;

/// Builds nothing; notes how deep it goes and whether a name comes twice in one object.
struct Shape final : nlohmann::json_sax<json> {
    std::vector<std::set<std::string>> open;
    std::size_t deepest = 0;
    bool twice = false;

    bool null() override { return true; }
    bool boolean(bool) override { return true; }
    bool number_integer(number_integer_t) override { return true; }
    bool number_unsigned(number_unsigned_t) override { return true; }
    bool number_float(number_float_t, string_t const&) override { return true; }
    bool string(string_t&) override { return true; }
    bool binary(binary_t&) override { return true; }
    bool start_object(std::size_t) override { return enter(); }
    bool key(string_t& name) override {
        twice |= !open.back().insert(name).second;
        return true;
    }
    bool end_object() override { return leave(); }
    bool start_array(std::size_t) override { return enter(); }
    bool end_array() override { return leave(); }
    bool parse_error(std::size_t, std::string const&, nlohmann::detail::exception const&) override { return false; }

private:
    bool enter() {
        open.emplace_back();
        deepest = std::max(deepest, open.size());
        return true;
    }
    bool leave() {
        open.pop_back();
        return true;
    }
};

void same_number(Json ours, json const& theirs) {
    check(ours.kind() == JsonKind::number, "a number");
    std::string const text(ours.raw());
    if (theirs.is_number_float()) {
        check(std::strtod(text.c_str(), nullptr) == theirs.get<double>(), "the same real number");
        return;
    }
    check(text == theirs.dump() || text == "-0", "the same integer");
    bool const fits = !theirs.is_number_unsigned() || theirs.get<std::uint64_t>() <= INT64_MAX;
    check(ours.integer() == (fits ? std::optional(theirs.get<std::int64_t>()) : std::nullopt), "in 64 bits");
}

void same(Json ours, json const& theirs) {
    switch (theirs.type()) {
        case json::value_t::object:
            check(ours.is_object(), "an object");
            for (auto const& [name, value] : theirs.items()) same(ours[name], value);
            check(!ours[""].present() || theirs.contains(""), "nothing more");
            break;
        case json::value_t::array: {
            check(ours.is_array(), "an array");
            auto const items = ours.items(theirs.size() + 1);
            check(items.size() == theirs.size(), "of as many");
            for (std::size_t i = 0; i < items.size(); ++i) same(items[i], theirs[i]);
            break;
        }
        case json::value_t::string:
            check(ours.kind() == JsonKind::string && ours.raw() == theirs.get_ref<std::string const&>(),
                  "the same text");
            break;
        case json::value_t::boolean:
            check(ours.kind() == JsonKind::boolean && ours.is_true() == theirs.get<bool>(), "the same truth");
            break;
        case json::value_t::null: check(ours.kind() == JsonKind::null, "null"); break;
        case json::value_t::binary:
        case json::value_t::discarded: check(false, "JSON has no such value"); break;
        case json::value_t::number_integer:
        case json::value_t::number_unsigned:
        case json::value_t::number_float: same_number(ours, theirs); break;
    }
    if (ours.is_object() || ours.is_array())
        check(json::parse(ours.raw()) == theirs, "the raw text is that of the value");
}

/// Whatever is asked of a value, there is an answer.
void ask_everything(Json value) {
    check(value.text(5).size() <= 5 && value.id().size() <= limits::id_bytes, "bounded");
    (void)value.url(), (void)value.minor("JPY"), (void)value.minor("USD"), (void)value.instant(),
        (void)value.unix_instant();
    for (auto const item : value.items(8)) ask_everything(item);
}

void run(std::string_view bytes) {
    auto const ours = source::JsonDocument::parse(bytes);
    bool const strange = bytes.find('\0') != bytes.npos || bytes.starts_with("\xEF\xBB\xBF");
    auto const theirs = json::parse(bytes, nullptr, false);
    if (ours) {
        check(bytes.find('\0') == bytes.npos, "no NUL is let through");
        check(!theirs.is_discarded(), "what we take, others take");
        check(json::parse(ours->root().raw()) == theirs, "the raw text is the document");
        ask_everything(ours->root());
    }
    if (theirs.is_discarded() || strange) return;
    Shape shape;
    json::sax_parse(bytes, &shape);
    bool const container = theirs.is_object() || theirs.is_array();
    check(ours.has_value() == (container && shape.deepest <= limits::json_depth), "the same documents are taken");
    if (ours && !shape.twice) same(ours->root(), theirs);
}

std::vector<std::string> seeds() {
    return {
        R"( {"a":[1,-0.5e+3,true,false,null,"\u00e9\n\ud83d\ude00 \"x\""],"b":{"c":{},"d":[]},"":0} )",
        R"({"id":820982911946154508,"big":123456789012345678901234567890,"edge":9223372036854775808,)"
        R"("low":-9223372036854775808})",
        R"([1e308,1e309,-0,-0.0,0.1,1E-400,2025,"2025-11-20T05:05:02-05:00","421.88","https://a.b/c"])",
        R"({"a":1,"a":2})",
        "[]",
        "{}",
        "1",
        std::string(64, '[') + std::string(64, ']'),
        std::string(65, '[') + std::string(65, ']'),
        "\xEF\xBB\xBF{}",
        fuzz::bytes("{}\0"),
        "[\"\xff\"]",
        R"(["\ud800","\udc00\ud800"])",
        "[1,]",
        "{} {}"};
}

Registration const registered({"json",
                               seeds,
                               {"null", "true", "false", "\\u", "\\ud83d\\ude00", "\\ud800", "e+", "E-", "-0", "1e400",
                                "\":", ",", "[[", "]]", "{\"\":", "\xEF\xBB\xBF", "18446744073709551616", "\\\\",
                                "\\\""},
                               run});

}  // namespace
}  // namespace recoup::fuzz
