#include "app/sequence_file.hpp"

#include "app/embedded.hpp"
#include "app/toml.hpp"

#include <algorithm>
#include <fstream>
#include <initializer_list>
#include <sstream>

namespace recoup::app {
namespace {

/// Reads one file; the first fault sticks, with its line.
class Reader {
public:
    explicit Reader(std::string file_name) : file_(std::move(file_name)) {}

    void fail(toml::source_region const& where, std::string const& what) {
        if (fault_.empty()) fault_ = file_ + ":" + std::to_string(where.begin.line) + ": " + what;
    }
    std::string const& fault() const { return fault_; }

    void allow(toml::table const& table, std::initializer_list<std::string_view> keys) {
        for (auto const& [key, node] : table) {
            if (std::find(keys.begin(), keys.end(), key.str()) != keys.end()) continue;
            std::string known;
            for (auto const& name : keys) known.append(known.empty() ? "" : ", ").append(name);
            fail(key.source(), "unknown key '" + std::string(key.str()) + "'; there are " + known);
        }
    }

    std::string text(toml::table const& table, std::string_view key) {
        auto const* node = table.get(key);
        if (node == nullptr) fail(table.source(), "the key '" + std::string(key) + "' is missing");
        else if (!node->is_string()) fail(node->source(), "'" + std::string(key) + "' must be a text in quotes");
        return node != nullptr ? node->value_or(std::string()) : std::string();
    }

    /// A text or a list of texts; nothing when the key is left out.
    std::vector<std::string> texts(toml::table const& table, std::string_view key) {
        auto const* node = table.get(key);
        if (node == nullptr) return {};
        if (node->is_string()) return {node->value_or(std::string())};
        std::vector<std::string> out;
        auto const* list = node->as_array();
        if (list == nullptr) fail(node->source(), "'" + std::string(key) + "' must be a list of texts in quotes");
        else
            for (auto const& item : *list) {
                if (!item.is_string()) fail(item.source(), "'" + std::string(key) + "' must be a list of texts in quotes");
                out.push_back(item.value_or(std::string()));
            }
        return out;
    }

    Seconds duration(toml::table const& table, std::string_view key) {
        auto const written = text(table, key);
        auto const parsed = parse_duration(written);
        if (!parsed && fault_.empty())
            fail(table.get(key)->source(), "'" + std::string(key) + "' must be a duration such as \"30m\", \"4h\" or \"3d\"");
        return parsed ? std::chrono::floor<Seconds>(*parsed) : Seconds{};
    }

    template <class T>
    T named(toml::table const& table, std::string_view key, std::optional<T> (*from)(std::string_view),
            std::string_view choices) {
        auto const value = from(text(table, key));
        if (!value && fault_.empty())
            fail(table.get(key)->source(), "'" + std::string(key) + "' must be one of " + std::string(choices));
        return value.value_or(T{});
    }

private:
    std::string file_, fault_;
};

Incentive read_incentive(Reader& reader, toml::table const& step) {
    auto const* node = step.get("incentive");
    if (node == nullptr) return {};
    auto const* table = node->as_table();
    if (table == nullptr) {
        reader.fail(node->source(), "incentive must be { percent = 10, code = \"SAVE10\" }");
        return {};
    }
    reader.allow(*table, {"percent", "code"});
    auto const* percent = table->get("percent");
    if (percent == nullptr || !percent->is_integer()) reader.fail(node->source(), "incentive.percent must be a whole number");
    return {percent != nullptr ? percent->value_or<std::int64_t>(0) : 0, reader.text(*table, "code")};
}

SequenceStep read_step(Reader& reader, toml::table const& table) {
    reader.allow(table, {"name", "delay", "channel", "template", "useful_for", "incentive", "when", "window", "days"});
    SequenceStep step;
    step.name = reader.text(table, "name");
    step.delay = reader.duration(table, "delay");
    step.channel = reader.named<Channel>(table, "channel", &channel_from, "email, sms, push, ads");
    step.template_name = reader.text(table, "template");
    step.useful_for = reader.duration(table, "useful_for");
    step.incentive = read_incentive(reader, table);
    step.when = reader.texts(table, "when");
    if (table.contains("window")) step.window = reader.text(table, "window");
    step.days = reader.texts(table, "days");
    return step;
}

Sequence read_sequence(Reader& reader, toml::table const& root, std::vector<toml::source_region>& places) {
    reader.allow(root, {"name", "trigger", "exit", "step"});
    Sequence sequence;
    sequence.name = reader.text(root, "name");
    sequence.trigger = reader.named<Trigger>(root, "trigger", &trigger_from, "cart, payment_failure, recurring_payment_failure");
    sequence.exit = reader.texts(root, "exit");
    auto const* node = root.get("step");
    auto const* steps = node != nullptr ? node->as_array() : nullptr;
    if (node != nullptr && steps == nullptr) reader.fail(node->source(), "write each step as a [[step]] table");
    if (steps == nullptr) return sequence;
    for (auto const& item : *steps) {
        auto const* table = item.as_table();
        if (table == nullptr) reader.fail(item.source(), "write each step as a [[step]] table");
        else sequence.steps.push_back(read_step(reader, *table));
        places.push_back(item.source());
    }
    return sequence;
}

}  // namespace

Result<Sequence> parse_sequence(std::string_view text, std::string const& file_name,
                                core::TemplateExists const& template_exists) {
    Reader reader(file_name);
    auto parsed = parse_toml(text);
    if (!parsed) {
        reader.fail(parsed.error().source(), std::string(parsed.error().description()));
        return error(Errc::configuration, reader.fault());
    }
    toml::table const root = std::move(parsed).table();
    std::vector<toml::source_region> places;
    auto sequence = read_sequence(reader, root, places);
    if (reader.fault().empty()) {
        if (auto const fault = core::find_fault(sequence, template_exists))
            reader.fail(fault->step < 0 ? root.source() : places[static_cast<std::size_t>(fault->step)], fault->message);
    }
    if (!reader.fault().empty()) return error(Errc::configuration, reader.fault());
    return sequence;
}

Result<Sequence> load_sequence_file(std::string const& path, core::TemplateExists const& template_exists) {
    std::ifstream in(path, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    if (!in) return error(Errc::configuration, path + ": cannot be read");
    return parse_sequence(text.str(), path, template_exists);
}

Result<std::vector<Sequence>> default_sequences(core::TemplateExists const& template_exists) {
    std::vector<Sequence> sequences;
    for (auto const& file : embedded_sequences()) {
        auto sequence = parse_sequence(file.text, std::string(file.name) + ".toml", template_exists);
        if (!sequence) return sequence.error();
        sequences.push_back(std::move(*sequence));
    }
    return sequences;
}

}  // namespace recoup::app
