#include "adapter/xgboost/trainer.hpp"
#include "app/model/measured.hpp"
#include "app/model/model_input.hpp"
#include "app/model/report.hpp"
#include "app/model/training.hpp"

#include <fstream>
#include <ostream>

namespace recoup::app {
namespace {

/// Readers see the old file or the new one.
Result<void> write_file(std::filesystem::path const& path, std::string const& text) {
    auto fresh = path;
    fresh += ".new";
    {
        std::ofstream file(fresh, std::ios::binary | std::ios::trunc);
        file << text;
        if (!file.flush()) return error(Errc::configuration, "cannot write " + fresh.string());
    }
    std::error_code failure;
    std::filesystem::rename(fresh, path, failure);
    if (failure) return error(Errc::configuration, "cannot write " + path.string() + ": " + failure.message());
    return {};
}

}  // namespace

Result<void> model_train(ModelTrainOptions const& options, std::ostream& out) {
    auto sets = read_sets(options.data);
    if (!sets) return sets.error();
    auto const trainer = xgboost::make_trainer();
    auto file = train_file(*sets, options.parameters, *trainer, options.now);
    if (!file) return file.error();
    auto model = core::RiskModel::make(*file);
    if (!model) return model.error();
    file->metrics = measure_sets(*model, *sets);
    auto const text = core::write_model_file(*file);
    if (auto written = write_file(options.out, text); !written) return written.error();
    if (options.json) {
        out << nlohmann::json{{"model", file->version}, {"file", options.out.string()}, {"metrics", file->metrics},
                              {"provenance", file->provenance}}.dump(2) << "\n";
        return {};
    }
    out << "Model " << file->version << ": " << model->forest().tree_count() << " trees, "
        << model->features().size() << " features, " << text.size() / 1024 << " KiB, threshold " << file->threshold
        << "; written to " << options.out.string() << "\n\n";
    print_measured(file->metrics, out);
    out << "\n";
    print_provenance(file->provenance, out);
    return {};
}

}  // namespace recoup::app
