#include "app/cli/parse.hpp"

namespace recoup::app {

void add_model(CLI::App& app, Context& context, Verb<ModelOptions> run) {
    auto& verb = add_verb(app, "model", "The risk model");
    verb.require_subcommand(1);

    auto& train = add_verb(verb, "train", "Train a model from recorded events");
    auto const to_train = bind<ModelOptions>(train, context, run);
    to_train->action = ModelOptions::Action::train;
    train.add_option("--out", to_train->out, "Where to write the model")->required()->type_name("FILE");
    train.add_option("--input", to_train->input, "Data set or folder of data sets; ../shared/data when left out")
        ->type_name("PATH");
    train.add_option("--shop", to_train->shop, "Learn from the event log of this shop instead");
    train.add_option("--seed", to_train->seed, "The same seed trains the same model")->capture_default_str();
    add_data_dir(train, to_train->data_dir, context);

    auto& eval = add_verb(verb, "eval", "Measure a model on held-out time");
    auto const to_eval = bind<ModelOptions>(eval, context, run);
    to_eval->action = ModelOptions::Action::eval;
    eval.add_option("--model", to_eval->model, "Model; the one in force when left out")->type_name("FILE");
    eval.add_option("--input", to_eval->input, "Data set or folder of data sets; ../shared/data when left out")
        ->type_name("PATH");
    eval.add_option("--shop", to_eval->shop, "Measure on the event log of this shop instead");
    add_data_dir(eval, to_eval->data_dir, context);

    auto& show = add_verb(verb, "show", "Describe a model: trees, features, provenance");
    auto const to_show = bind<ModelOptions>(show, context, std::move(run));
    show.add_option("--model", to_show->model, "Model; the one in force when left out")->type_name("FILE");
}

}  // namespace recoup::app
