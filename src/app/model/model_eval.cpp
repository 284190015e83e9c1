#include "app/model/measured.hpp"
#include "app/model/model_input.hpp"
#include "app/model/report.hpp"

#include <ostream>

namespace recoup::app {

Result<void> model_eval(ModelEvalOptions const& options, std::ostream& out) {
    auto model = read_model(options.model);
    if (!model) return model.error();
    auto sets = read_sets(options.data);
    if (!sets) return sets.error();
    auto const measured = measure_sets(*model, *sets);
    if (options.json) {
        out << nlohmann::json{{"model", model->version()}, {"metrics", measured},
                              {"provenance", model->file().provenance}}.dump(2) << "\n";
        return {};
    }
    out << "Model " << model->version() << ", threshold " << model->threshold() << "\n\n";
    print_measured(measured, out);
    out << "\n";
    print_provenance(model->file().provenance, out);
    return {};
}

}  // namespace recoup::app
