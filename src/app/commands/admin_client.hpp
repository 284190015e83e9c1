#pragma once
// The admin API of a running daemon, as verbs ask it.

#include "app/cli/context.hpp"

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace recoup::app {

class AdminClient {
public:
    using Json = nlohmann::json;

    AdminClient(std::string url, std::string token, HttpClient& client)
        : url_(std::move(url)), token_(std::move(token)), client_(client) {}

    /// `path` with its query. Errc as the answer's status means it; unavailable when there is none.
    Result<Json> call(std::string method, std::string const& path);
    /// Items of a list over its pages, at most `limit`. `query` begins with & or is empty.
    Result<std::vector<Json>> list(std::string const& path, std::string const& query, std::int64_t limit);

private:
    std::string url_, token_;
    HttpClient& client_;
};

/// Where it is: as given, else by the configuration when that names a database, else by the data folder of `recoup dev`.
Result<AdminClient> admin_client(std::string url, std::string token, std::string const& data_dir, Context const& context,
                                 HttpClient& client);

/// "&name=value", escaped; nothing without a value.
std::string query_part(std::string const& name, std::string const& value);

}  // namespace recoup::app
