#include "app/cli/parse.hpp"

#include <ostream>

namespace recoup::app {
namespace {

/// Where this machine reaches a listener: a wildcard address becomes loopback.
std::string reachable(std::string address) {
    if (address.starts_with("0.0.0.0:")) address.replace(0, 7, "127.0.0.1");
    else if (address.starts_with("[::]:")) address.replace(0, 4, "[::1]");
    return "http://" + address;
}

}  // namespace

void add_healthcheck(CLI::App& app, Context& context, Verb<HealthcheckOptions> run) {
    auto& verb = add_verb(app, "healthcheck", "Ask a running daemon whether it is ready; exit 0 or 1");
    auto const options = bind<HealthcheckOptions>(verb, context, std::move(run));
    verb.add_option("url", options->url, "Base URL of the admin listener; from admin.address when left out");
    verb.add_option("--timeout", options->timeout_seconds, "Seconds to wait")
        ->check(CLI::Range(1, 300))
        ->capture_default_str();
}

int run_healthcheck(HealthcheckOptions const& options, Context& context) {
    auto base = options.url;
    if (base.empty()) {
        auto const settings = settings_of(context);
        if (!settings) return fail(context, settings.error());
        base = reachable(settings->text("admin.address"));
    }
    while (base.ends_with('/')) base.pop_back();
    HttpCall call;
    call.method = "GET";
    call.url = base + "/readyz";
    call.deadline = Seconds{options.timeout_seconds};
    auto const answer = context.http_client()->send(call);
    bool const ready = answer.kind == HttpAnswer::Kind::answered && answer.status == 200;
    auto const seen =
        answer.kind == HttpAnswer::Kind::answered ? "status " + std::to_string(answer.status) : answer.failure;
    if (context.json())
        context.out << nlohmann::json{{"ready", ready}, {"url", call.url}, {"seen", seen}}.dump() << '\n';
    else context.out << (ready ? "ready" : "not ready") << ": " << call.url << ": " << seen << '\n';
    return ready ? exit_ok : exit_failure;
}

}  // namespace recoup::app
