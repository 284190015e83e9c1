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
    verb.add_option("--postal-address", options->postal_address, "Where the sender is reached by post; some laws want it in every mail");
    verb.add_option("--currency", options->currency, "ISO 4217 code")->capture_default_str();
    verb.add_option("--country", options->country, "ISO 3166 alpha-2 code")->capture_default_str();
    verb.add_option("--locale", options->locale, "Language of its messages where a shopper's is not known, such as de or pt-BR");
    verb.add_option("--timezone", options->timezone, "IANA name")->capture_default_str();
    add_data_dir(verb, options->data_dir, context);
}

void add_set(CLI::App& shop, Context& context, Verb<ShopSetOptions> run) {
    auto& verb = add_verb(shop, "set", "Change what is named of a shop");
    auto const options = bind<ShopSetOptions>(verb, context, std::move(run));
    verb.add_option("shop", options->id, "Id of the shop")->required();
    verb.add_option("--name", options->display_name, "Name that shoppers know");
    verb.add_option("--email-from", options->email_from, "Sender of mail")->type_name("ADDRESS");
    verb.add_option("--sms-from", options->sms_from, "Sender of SMS: E.164 or a messaging service")->type_name("NUMBER");
    verb.add_option("--postal-address", options->postal_address, "Where the sender is reached by post; some laws want it in every mail");
    verb.add_option("--country", options->country, "ISO 3166 alpha-2 code");
    verb.add_option("--timezone", options->timezone, "IANA name");
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

CLI::App& add_key_verb(CLI::App& parent, std::string const& name, std::string const& help, ShopKeyOptions::Action action,
                       Context& context, Verb<ShopKeyOptions> const& run, std::shared_ptr<ShopKeyOptions>& options) {
    auto& verb = add_verb(parent, name, help);
    options = bind<ShopKeyOptions>(verb, context, run);
    options->action = action;
    verb.add_option("shop", options->shop, "Id of the shop")->required();
    add_data_dir(verb, options->data_dir, context);
    return verb;
}

void add_key(CLI::App& shop, Context& context, Verb<ShopKeyOptions> const& run) {
    using Action = ShopKeyOptions::Action;
    auto& keys = add_verb(shop, "key", "Keys with scopes, for senders that do not sign");
    keys.require_subcommand(1);
    std::shared_ptr<ShopKeyOptions> options;
    auto& create = add_key_verb(keys, "create", "Make a key and show it, once", Action::create, context, run, options);
    create.add_option("--source", options->source, "events, segment or bigcommerce")->capture_default_str();
    create.add_option("--scope", options->scopes, "For events, what it may send: a type, or a family like cart.*; everything when left out")
        ->type_name("TYPE");
    create.add_option("--name", options->label, "For people");
    create.add_option("--expires-in", options->expires_in, "How long it lives, like 90d; until revoked when left out")
        ->type_name("DURATION");
    add_key_verb(keys, "list", "List the keys, how they begin and when they were last used", Action::list, context, run, options);
    auto& revoke = add_key_verb(keys, "revoke", "End a key, within about a second", Action::revoke, context, run, options);
    revoke.add_option("key", options->id, "Its id, as listed")->required();
}

void add_origins(CLI::App& shop, Context& context, Verb<ShopOriginsOptions> run) {
    auto& verb = add_verb(shop, "origins", "Show or change whose pages may use the pixel, beside the storefront's own");
    auto const options = bind<ShopOriginsOptions>(verb, context, std::move(run));
    verb.add_option("shop", options->shop, "Id of the shop")->required();
    verb.add_option("--add", options->add, "An origin like https://shop.example, or null; may be repeated")->type_name("ORIGIN");
    verb.add_option("--remove", options->remove, "An origin; may be repeated")->type_name("ORIGIN");
    add_data_dir(verb, options->data_dir, context);
}

}  // namespace

void add_shop(CLI::App& app, Context& context, ShopVerbs run) {
    auto& verb = add_verb(app, "shop", "Shops, their secrets and keys");
    verb.require_subcommand(1);
    add_add(verb, context, std::move(run.add));
    add_set(verb, context, std::move(run.set));
    add_list(verb, context, std::move(run.list));
    add_secret(verb, context, std::move(run.secret));
    add_key(verb, context, run.key);
    add_origins(verb, context, std::move(run.origins));
}

}  // namespace recoup::app
