#include "app/config/keys.hpp"

namespace recoup::app {

using enum ConfigType;

std::vector<ConfigKey> intent_keys() {
    return {
        {.name = "track.sources",
         .type = list,
         .default_value = "web,app,checkout,store-api",
         .help = "Sales channels whose carts are recovered, by source_name: names, app for every numeric one (an app's id), * for "
                 "all. What names none is recovered. Left alone by default: pos, shopify_draft_order, b2b, marketplaces.",
         .reloadable = true},
        {.name = "track.order_covers",
         .type = real,
         .default_value = "0",
         .help = "Share of a cart's value that another order of the person must cover to end its reminders; 0 means that any "
                 "order ends them.",
         .min = 0,
         .max = 1,
         .reloadable = true},
        {.name = "track.max_restarts",
         .type = integer,
         .default_value = "10",
         .help = "How often the reminders of one cart start anew because it changed before the first was sent.",
         .min = 0,
         .max = 1000,
         .reloadable = true},
        {.name = "track.addresses",
         .help = "File of addresses that nobody is won back by: crawlers, throw-away mail, mailboxes of machines. Empty means the "
                 "built-in list (config/addresses.txt).",
         .reloadable = true},
        {.name = "track.staff",
         .type = list,
         .help = "Addresses of the store's own people and testers, *@shop.example or whole ones: tracked, never messaged, left "
                 "out of reports and training.",
         .reloadable = true},
        {.name = "track.card_testing",
         .type = integer,
         .default_value = "20",
         .help = "So many failed payments of a shop within ten minutes of another look like somebody who tries out cards, and "
                 "are not followed up for those who never ordered. 0 means never.",
         .min = 0,
         .max = 1000,
         .reloadable = true},
    };
}

}  // namespace recoup::app
