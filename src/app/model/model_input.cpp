#include "app/model/model_input.hpp"

#include "app/embedded.hpp"

#include "app/model/data_file.hpp"
#include "app/model/data_sets.hpp"

namespace recoup::app {

Result<std::vector<LabelledSet>> read_sets(ModelData const& data) {
    auto paths = data.paths;
    if (paths.empty() && data.recorded.empty()) paths.emplace_back("../shared/data");
    std::vector<std::unique_ptr<EventStream>> opened;
    for (auto const& path : paths) {
        auto streams = open_data(path);
        if (!streams) return streams.error();
        for (auto& stream : *streams) opened.push_back(std::move(stream));
    }
    std::vector<EventStream*> all;
    for (auto const& stream : opened) all.push_back(stream.get());
    all.insert(all.end(), data.recorded.begin(), data.recorded.end());
    return label_all(all, data.policy);
}

Result<core::RiskModel> read_model(std::filesystem::path const& path) {
    if (path.empty() && !embedded_models().empty()) return core::RiskModel::load(embedded_models().front().text);
    auto text = read_data_file(path);
    if (!text)
        return error(Errc::not_found,
                     "cannot read the model " + path.string() + "; train one with `recoup model train`");
    auto model = core::RiskModel::load(*text);
    if (!model) return error(model.error().code, path.string() + ": " + model.error().message);
    return model;
}

}  // namespace recoup::app
