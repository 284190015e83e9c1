#include "app/sequence_file.hpp"

#include "app/embedded.hpp"
#include "app/toml_reader.hpp"
#include "core/sequence/condition.hpp"

#include <algorithm>

namespace recoup::app {
namespace {

/// { percent = 10, code = "SAVE10" }, of which a step may also say what happens when it cannot be given.
Incentive read_incentive(TomlReader& reader, toml::table const& table) {
    auto const* percent = table.get("percent");
    if (percent == nullptr || !percent->is_integer()) reader.fail(table.source(), "incentive.percent must be a whole number");
    return {percent != nullptr ? percent->value_or<std::int64_t>(0) : 0, reader.text(table, "code")};
}

void read_offer(TomlReader& reader, toml::table const& table, SequenceStep& step) {
    auto const* node = table.get("incentive");
    if (node == nullptr) return;
    auto const* offer = node->as_table();
    if (offer == nullptr)
        return reader.fail(node->source(), "incentive must be { percent = 10, code = \"SAVE10\" } or { slot = \"small\" }");
    if (offer->contains("slot")) {
        reader.allow(*offer, {"slot", "otherwise"});
        step.slot = reader.text(*offer, "slot");
    } else {
        reader.allow(*offer, {"percent", "code", "otherwise"});
        step.incentive = read_incentive(reader, *offer);
    }
    if (offer->contains("otherwise"))
        step.otherwise = reader.named<Otherwise>(*offer, "otherwise", &otherwise_from, "skip and send");
}

/// In the order of the file: what stands first counts first.
template <class Each>
void read_named(TomlReader& reader, toml::table const& root, std::string_view key, Each each) {
    auto const* node = root.get(key);
    if (node == nullptr) return;
    auto const* table = node->as_table();
    if (table == nullptr) return reader.fail(node->source(), "write [" + std::string(key) + "] as a table");
    std::vector<std::pair<toml::source_position, std::string>> names;
    for (auto const& [name, value] : *table) names.emplace_back(name.source().begin, name.str());
    std::sort(names.begin(), names.end(), [](auto const& a, auto const& b) { return a.first < b.first; });
    for (auto const& [where, name] : names) each(*table, name);
}

void read_bands(TomlReader& reader, toml::table const& root, Sequence& sequence) {
    read_named(reader, root, "bands", [&](toml::table const& table, std::string const& name) {
        auto range = core::parse_range(reader.text(table, name));
        if (!range) return reader.fail(table.get(name)->source(), "band '" + name + "': " + range.error().message);
        sequence.bands.push_back({name, std::move(range->first), std::move(range->second)});
    });
}

void read_slots(TomlReader& reader, toml::table const& root, Sequence& sequence) {
    read_named(reader, root, "slots", [&](toml::table const& table, std::string const& name) {
        auto& slot = sequence.slots.emplace_back();
        slot.name = name;
        read_named(reader, table, name, [&](toml::table const& fills, std::string const& band) {
            auto const* fill = fills.get(band)->as_table();
            if (fill == nullptr) return reader.fail(fills.get(band)->source(), "write " + band + " = { percent = 10, code = \"SAVE10\" }");
            reader.allow(*fill, {"percent", "code"});
            slot.fills.push_back({band == core::any_band ? std::string{} : band, read_incentive(reader, *fill)});
        });
    });
}

SequenceStep read_step(TomlReader& reader, toml::table const& table) {
    reader.allow(table, {"name", "delay", "channel", "template", "useful_for", "incentive", "when", "window", "days"});
    SequenceStep step;
    step.name = reader.text(table, "name");
    step.delay = reader.duration(table, "delay");
    step.channel = reader.named<Channel>(table, "channel", &channel_from, "email, sms, push, ads");
    step.template_name = reader.text(table, "template");
    step.useful_for = reader.duration(table, "useful_for");
    read_offer(reader, table, step);
    step.when = reader.texts(table, "when");
    step.window = reader.text_or_empty(table, "window");
    step.days = reader.texts(table, "days");
    return step;
}

std::string all_triggers() {
    std::string out;
    for (auto const trigger : every_trigger) out.append(out.empty() ? "" : ", ").append(name(trigger));
    return out;
}

Sequence read_sequence(TomlReader& reader, toml::table const& root, std::vector<toml::source_region>& places) {
    reader.allow(root, {"name", "trigger", "exit", "bands", "slots", "step"});
    Sequence sequence;
    sequence.name = reader.text(root, "name");
    sequence.trigger = reader.named<Trigger>(root, "trigger", &trigger_from, all_triggers());
    sequence.exit = reader.texts(root, "exit");
    read_bands(reader, root, sequence);
    read_slots(reader, root, sequence);
    reader.each(root, "step", [&](toml::table const& table) {
        sequence.steps.push_back(read_step(reader, table));
        places.push_back(table.source());
    });
    return sequence;
}

toml::source_region place_of(core::SequenceFault const& fault, toml::table const& root, std::vector<toml::source_region> const& places) {
    if (fault.step >= 0) return places[static_cast<std::size_t>(fault.step)];
    auto const* table = fault.table.empty() ? nullptr : root.get(fault.table);
    return table == nullptr ? root.source() : table->source();
}

}  // namespace

Result<Sequence> parse_sequence(std::string_view text, std::string const& file_name,
                                core::TemplateExists const& template_exists) {
    TomlReader reader(file_name);
    auto const root = reader.parse(text);
    if (!reader.fault().empty()) return error(Errc::configuration, reader.fault());
    std::vector<toml::source_region> places;
    auto sequence = read_sequence(reader, root, places);
    if (reader.fault().empty()) {
        if (auto const fault = core::find_fault(sequence, template_exists))
            reader.fail(place_of(*fault, root, places), fault->message);
    }
    if (!reader.fault().empty()) return error(Errc::configuration, reader.fault());
    return sequence;
}

Result<Sequence> load_sequence_file(std::string const& path, core::TemplateExists const& template_exists) {
    auto const text = text_of_file(path);
    return text ? parse_sequence(*text, path, template_exists) : text.error();
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
