// `recoup demo` and `recoup trigger`: talking to a running daemon as a store does.
#include "adapter/http_client/curl_client.hpp"
#include "app/cli/commands.hpp"
#include "app/commands/database.hpp"
#include "app/daemon/state_file.hpp"
#include "app/demo/demo.hpp"
#include "app/dev/dev_shop.hpp"
#include "app/trigger/trigger.hpp"

#include "recoup/base/clock.hpp"

#include <nlohmann/json.hpp>

#include <ostream>

namespace recoup::app {
namespace {

/// A daemon of `recoup serve`: its addresses and database are configured, the shop's secrets are in the database.
Result<DaemonState> served(Settings const& settings, std::string const& shop_id) {
    auto pool = verb_pool(settings.text("database.url"));
    postgres::ShopStore shops(pool);
    auto const voice = voice_of(shops, shop_id);
    if (!voice) return voice.error();
    auto const url = settings.text("public.url");
    return DaemonState{url.empty() ? "http://" + settings.text("public.address") : url,
                       "http://" + settings.text("admin.address"), settings.text("admin.token"), voice->id, voice->domain,
                       voice->shopify_secret, voice->events_secret, voice->pixel_key, settings.text("database.url")};
}

/// Else a `recoup dev`, which leaves all that in its data folder.
Result<DaemonState> find_daemon(Target const& target, Context const& context) {
    auto const settings = settings_of(context);
    if (!settings) return settings.error();
    bool const configured = !settings->text("database.url").empty();
    auto state = configured ? served(*settings, target.shop) : read_state(target.data_dir);
    if (!state) return state;
    if (!target.public_url.empty()) state->public_url = target.public_url;
    if (!target.admin_url.empty()) state->admin_url = target.admin_url;
    if (!target.admin_token.empty()) state->admin_token = target.admin_token;
    if (target.shop != state->shop)
        return error(Errc::not_found, "the daemon on " + target.data_dir + " plays for shop '" + state->shop + "' only");
    return state;
}

demo::Store store_of(DaemonState const& state) {
    return demo::Store{state.public_url,     state.shop,          state.shop_domain,
                       state.shopify_secret, state.events_secret, state.pixel_key};
}

}  // namespace

int run_demo(DemoOptions const& options, Context& context) {
    auto const state = find_daemon(options.target, context);
    if (!state) return fail(context, state.error());
    demo::Options play;
    play.access.store = store_of(*state);
    play.access.admin_url = state->admin_url;
    play.access.admin_token = state->admin_token;
    play.plan.seed = options.seed;
    play.plan.carts = static_cast<int>(options.carts);
    http::CurlClient client;
    auto const report = demo::play(play, client, context.err);
    if (!report) return fail(context, report.error());
    if (context.json()) context.out << demo::to_json(*report).dump() << "\n";
    else demo::print(*report, context.out);
    return report->kept() ? exit_ok : exit_failure;
}

int run_trigger(TriggerOptions const& options, Context& context) {
    auto const state = find_daemon(options.target, context);
    if (!state) return fail(context, state.error());
    trigger::Request request;
    request.store = store_of(*state);
    request.event = options.event;
    request.email = options.email;
    request.phone = options.phone;
    request.currency = options.currency;
    request.value_minor = options.value_minor;
    request.now = SystemClock().now();
    http::CurlClient client;
    auto const delivered = trigger::trigger(request, client);
    if (!delivered) return fail(context, delivered.error());
    Table table({"topic", "id", "answer"});
    for (auto const& item : *delivered) table.row({item.topic, item.id, std::to_string(item.status)});
    show(table, context);
    return exit_ok;
}

}  // namespace recoup::app
