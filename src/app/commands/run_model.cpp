#include "app/cli/commands.hpp"
#include "app/commands/database.hpp"
#include "app/commands/recorded_events.hpp"
#include "app/daemon/policy_settings.hpp"
#include "app/model/model_commands.hpp"

#include "recoup/base/clock.hpp"

#include <optional>

namespace recoup::app {
namespace {

Result<void> use_data(ModelOptions const& options, Context& context, std::optional<RecordedEvents>& recorded, ModelData& data) {
    if (!options.input.empty()) data.paths.emplace_back(options.input);
    auto const settings = settings_of(context);
    if (!settings) return settings.error();
    auto policy = policy_from(*settings);
    if (!policy) return policy.error();
    data.policy = std::move(*policy);
    if (options.shop.empty()) return {};
    auto const database = database_of(context, options.data_dir);
    if (!database) return database.error();
    recorded.emplace(*database, options.shop);
    data.recorded.push_back(&*recorded);
    return {};
}

Result<void> carry_out(ModelOptions const& options, Context& context) {
    std::optional<RecordedEvents> recorded;
    switch (options.action) {
        case ModelOptions::Action::train: {
            ModelTrainOptions train;
            if (auto done = use_data(options, context, recorded, train.data); !done) return done;
            train.out = options.out;
            train.now = SystemClock().now();
            train.parameters.seed = options.seed;
            train.json = context.json();
            return model_train(train, context.out);
        }
        case ModelOptions::Action::eval: {
            ModelEvalOptions eval;
            if (auto done = use_data(options, context, recorded, eval.data); !done) return done;
            eval.model = options.model;
            eval.json = context.json();
            return model_eval(eval, context.out);
        }
        case ModelOptions::Action::show: {
            ModelShowOptions show;
            show.model = options.model;
            show.json = context.json();
            return model_show(show, context.out);
        }
    }
    return {};
}

}  // namespace

int run_model(ModelOptions const& options, Context& context) {
    if (auto done = carry_out(options, context); !done) return fail(context, done.error());
    return exit_ok;
}

}  // namespace recoup::app
