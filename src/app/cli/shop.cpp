#include "app/cli/parse.hpp"

namespace recoup::app {
namespace {

void add_add(CLI::App& shop, Context& context, Verb<ShopAddOptions> run) {
    auto& verb = add_verb(shop, "add", "Add a shop");
    auto const options = bind<ShopAddOptions>(verb, context, std::move(run));
    verb.add_option("shop", options->id, "Its id, as in /webhooks/{shop}/...")->required();
    verb.add_option("--domain", options->domain, "Domain of the store, for example my-store.myshopify.com")->required();
    verb.add_option("--name", options->display_name, "Name that shoppers know; the id when left out");
    verb.add_option("--email-from", options->email_from, "Sender of mail; hello@ its domain when left out")->type_name("ADDRESS");
    verb.add_option("--sms-from", options->sms_from, "Sender of SMS: E.164 or a messaging service; none when left out")
        ->type_name("NUMBER");
    verb.add_option("--postal-address", options->postal_address, "Postal address, which the law wants in marketing mail");
    verb.add_option("--currency", options->currency, "ISO 4217 code")->capture_default_str();
    verb.add_option("--country", options->country, "ISO 3166 alpha-2 code")->capture_default_str();
    verb.add_option("--timezone", options->timezone, "IANA name")->capture_default_str();
    add_data_dir(verb, options->data_dir, context);
}

void add_list(CLI::App& shop, Context& context, Verb<ShopListOptions> run) {
    auto& verb = add_verb(shop, "list", "List the shops");
    auto const options = bind<ShopListOptions>(verb, context, std::move(run));
    add_data_dir(verb, options->data_dir, context);
}

void add_secret(CLI::App& shop, Context& context, Verb<ShopSecretOptions> run) {
    auto& verb = add_verb(shop, "secret", "Make or store a secret of a source; several may be active, for rotation");
    auto const options = bind<ShopSecretOptions>(verb, context, std::move(run));
    verb.add_option("shop", options->shop, "Id of the shop")->required();
    verb.add_option("source", options->source, "shopify, events, pixel, ...")->required();
    verb.add_option("--kind", options->kind, "hmac, bearer, write_key or auth_token; the source's first when left out");
    verb.add_option("--from-file", options->value_file, "Store the sender's own secret from this file, - for stdin")
        ->type_name("FILE");
    verb.add_flag("--revoke-others", options->revoke_others, "Stop accepting the source's other secrets of this kind");
    add_data_dir(verb, options->data_dir, context);
}

}  // namespace

void add_shop(CLI::App& app, Context& context, Verb<ShopAddOptions> add, Verb<ShopListOptions> list,
              Verb<ShopSecretOptions> secret) {
    auto& verb = add_verb(app, "shop", "Shops and their secrets");
    verb.require_subcommand(1);
    add_add(verb, context, std::move(add));
    add_list(verb, context, std::move(list));
    add_secret(verb, context, std::move(secret));
}

}  // namespace recoup::app
