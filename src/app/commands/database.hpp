#pragma once
// What several verbs need: the database they mean and the sequences that are configured.

#include "adapter/postgres/connection.hpp"
#include "app/cli/context.hpp"
#include "app/cli/table.hpp"
#include "core/sequence/validate.hpp"

#include <string>
#include <vector>

namespace recoup::app {

/// database.url when set, else that of the `recoup dev` running on `data_dir`.
Result<std::string> database_of(Context const& context, std::string const& data_dir);

/// A pool of one session for a verb.
postgres::Pool verb_pool(std::string const& database_url);

/// Every *.toml of the folder, or the built-in ones when it is empty.
Result<std::vector<Sequence>> sequences_of(std::string const& folder, core::TemplateExists const& template_exists);

/// The sequences of these files; those that are configured when none is named.
Result<std::vector<Sequence>> sequences_in(std::vector<std::string> const& files, Context const& context);

/// Aligned columns, or JSON with --output json.
void show(Table const& table, Context& context);

}  // namespace recoup::app
