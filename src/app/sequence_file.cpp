#include "app/sequence_file.hpp"

#include "app/embedded.hpp"
#include "app/toml_reader.hpp"

namespace recoup::app {
namespace {

Incentive read_incentive(TomlReader& reader, toml::table const& step) {
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

SequenceStep read_step(TomlReader& reader, toml::table const& table) {
    reader.allow(table, {"name", "delay", "channel", "template", "useful_for", "incentive", "when", "window", "days"});
    SequenceStep step;
    step.name = reader.text(table, "name");
    step.delay = reader.duration(table, "delay");
    step.channel = reader.named<Channel>(table, "channel", &channel_from, "email, sms, push, ads");
    step.template_name = reader.text(table, "template");
    step.useful_for = reader.duration(table, "useful_for");
    step.incentive = read_incentive(reader, table);
    step.when = reader.texts(table, "when");
    step.window = reader.text_or_empty(table, "window");
    step.days = reader.texts(table, "days");
    return step;
}

Sequence read_sequence(TomlReader& reader, toml::table const& root, std::vector<toml::source_region>& places) {
    reader.allow(root, {"name", "trigger", "exit", "step"});
    Sequence sequence;
    sequence.name = reader.text(root, "name");
    sequence.trigger = reader.named<Trigger>(root, "trigger", &trigger_from, "cart, payment_failure, recurring_payment_failure");
    sequence.exit = reader.texts(root, "exit");
    reader.each(root, "step", [&](toml::table const& table) {
        sequence.steps.push_back(read_step(reader, table));
        places.push_back(table.source());
    });
    return sequence;
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
            reader.fail(fault->step < 0 ? root.source() : places[static_cast<std::size_t>(fault->step)], fault->message);
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
