#include "app/commands/database.hpp"

#include "app/daemon/state_file.hpp"
#include "app/sequence_file.hpp"
#include "app/templates.hpp"

#include <algorithm>
#include <filesystem>

namespace recoup::app {

Result<std::string> database_of(Context const& context, std::string const& data_dir) {
    auto const settings = settings_of(context);
    if (!settings) return settings.error();
    if (auto const& url = settings->text("database.url"); !url.empty()) return url;
    auto const state = read_state(data_dir);
    if (!state) return state.error();
    return state->database_url;
}

postgres::Pool verb_pool(std::string const& database_url) {
    return postgres::Pool(postgres::ConnectionOptions{database_url, "recoup command"}, 1);
}

void show(Table const& table, Context& context) {
    if (context.json()) table.print_json(context.out);
    else table.print(context.out);
}

Result<std::vector<Sequence>> sequences_of(std::string const& folder, core::TemplateExists const& template_exists) {
    if (folder.empty()) return default_sequences(template_exists);
    std::vector<std::filesystem::path> files;
    std::error_code failure;
    for (auto const& entry : std::filesystem::directory_iterator(folder, failure))
        if (entry.path().extension() == ".toml") files.push_back(entry.path());
    if (failure) return error(Errc::configuration, "sequences.dir: cannot read " + folder);
    std::sort(files.begin(), files.end());
    std::vector<Sequence> sequences;
    for (auto const& file : files) {
        auto sequence = load_sequence_file(file.string(), template_exists);
        if (!sequence) return sequence.error();
        sequences.push_back(std::move(*sequence));
    }
    return sequences;
}

Result<std::vector<Sequence>> sequences_in(std::vector<std::string> const& files, Context const& context) {
    auto const settings = settings_of(context);
    if (!settings) return settings.error();
    auto const templates = FileTemplates::load(settings->text("templates.dir"));
    if (!templates) return templates.error();
    auto const exists = [&](std::string_view name, Channel channel) { return templates->exists(name, channel); };
    if (files.empty()) return sequences_of(settings->text("sequences.dir"), exists);
    std::vector<Sequence> sequences;
    for (auto const& file : files) {
        auto sequence = load_sequence_file(file, exists);
        if (!sequence) return sequence.error();
        sequences.push_back(std::move(*sequence));
    }
    return sequences;
}

}  // namespace recoup::app
