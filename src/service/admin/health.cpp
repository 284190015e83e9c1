#include "service/admin/health.hpp"

#include "service/admin/answers.hpp"
#include "service/admin/api_schema.hpp"

#include <memory>

namespace recoup::service {
namespace {

HttpResponse plain(int status, std::string body) {
    HttpResponse response;
    response.status = status;
    response.content_type = "text/plain; charset=utf-8";
    response.headers.emplace_back("Cache-Control", "no-store");
    response.body = std::move(body);
    return response;
}

bool asks_verbose(HttpRequest const& request) {
    return request.query == "verbose" || request.query.starts_with("verbose=") || request.query.starts_with("verbose&");
}

HttpResponse readiness(std::vector<ReadinessCheck> const& checks, bool verbose) {
    std::string lines, failed;
    for (auto const& check : checks) {
        auto const outcome = check.ask();
        auto const note = outcome && check.note ? check.note() : std::string{};
        lines += outcome ? "[+]" + check.name + " ok" + (note.empty() ? "" : ": " + note) + "\n"
                         : "[-]" + check.name + " failed: " + outcome.error().message + "\n";
        if (!outcome) failed += (failed.empty() ? "" : ", ") + check.name;
    }
    std::string const summary = failed.empty() ? "ok\n" : "not ready: " + failed + "\n";
    return plain(failed.empty() ? 200 : 503, verbose ? lines + summary : summary);
}

Route open_route(std::string pattern, std::string summary, Route::Run run) {
    Route route;
    route.method = "GET";
    route.pattern = std::move(pattern);
    route.summary = std::move(summary);
    route.run = run;
    return route;
}

}  // namespace

std::vector<Route> health_routes(std::vector<ReadinessCheck> checks, Metrics const& metrics) {
    auto const shared = std::make_shared<std::vector<ReadinessCheck> const>(std::move(checks));
    auto live = open_route("/livez", "Alive; touches no dependency", Route::Run::on_io);
    live.handle = [](HttpRequest const&, Responder const& respond) { respond(plain(200, "ok\n")); };

    auto ready = open_route("/readyz", "Ready to work: every dependency answers", Route::Run::on_worker);
    ready.handle = [shared](HttpRequest const& request, Responder const& respond) {
        auto const known = check_parameters(request, route_info("GET", "/readyz")->parameters);
        respond(known ? readiness(*shared, asks_verbose(request)) : problem_of(known.error()));
    };
    auto alias = ready;
    alias.pattern = "/healthz";
    alias.summary = "The same as /readyz";

    auto numbers = open_route("/metrics", "Prometheus metrics", Route::Run::on_worker);
    numbers.handle = [&metrics](HttpRequest const&, Responder const& respond) {
        auto response = plain(200, metrics.exposition());
        response.content_type = "text/plain; version=0.0.4; charset=utf-8";
        respond(std::move(response));
    };
    return {std::move(live), std::move(ready), std::move(alias), std::move(numbers)};
}

}  // namespace recoup::service
