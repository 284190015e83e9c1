// What may be sent, and when: the shop's own wishes beside the law.
#include "app/config/keys.hpp"

namespace recoup::app {

std::vector<ConfigKey> make_policy_keys() {
    using enum ConfigType;
    return {
        {.name = "policy.quiet_email",
         .help = "Quiet hours for email in the person's own time, HH:MM-HH:MM. Empty means none.",
         .reloadable = true},
        {.name = "policy.quiet_sms",
         .default_value = "21:00-08:00",
         .help = "Quiet hours for SMS in the person's own time.",
         .reloadable = true},
        {.name = "policy.quiet_push",
         .default_value = "22:00-08:00",
         .help = "Quiet hours for push in the person's own time.",
         .reloadable = true},
        {.name = "policy.min_gap",
         .type = duration,
         .default_value = "2h",
         .help = "Shortest time between two messages to one person on any channel.",
         .reloadable = true},
        {.name = "policy.cap_person",
         .default_value = "6/7d",
         .help = "Most messages to one person over all channels, N/WINDOW, the window rolls. Empty means no cap.",
         .reloadable = true},
        {.name = "policy.cap_email", .default_value = "5/7d", .help = "The same for email alone.", .reloadable = true},
        {.name = "policy.cap_sms", .default_value = "2/7d", .help = "The same for SMS alone.", .reloadable = true},
        {.name = "policy.cap_push", .help = "The same for push alone.", .reloadable = true},
        {.name = "policy.cap_ads", .help = "The same for ads alone.", .reloadable = true},
        {.name = "policy.cap_shop",
         .help = "Most messages of one shop to everybody, N/WINDOW; what is above is not sent. Empty means no cap.",
         .reloadable = true},
        {.name = "policy.email_consent",
         .default_value = "required",
         .help = "required needs a yes; soft_opt_in also mails those who never answered, where the law of their place has "
                 "another basis for it.",
         .choices = "required|soft_opt_in",
         .reloadable = true},
        {.name = "policy.double_opt_in",
         .type = list,
         .help = "Channels on which a consent only counts with a double opt-in, whatever the law says: email, sms, push.",
         .reloadable = true},
        {.name = "policy.consent_life",
         .type = duration,
         .default_value = "0s",
         .help = "A consent counts for so long after it was given or the person last bought. 0s means as long as the law lets it.",
         .reloadable = true},
        {.name = "law.folder",
         .help = "Folder of your own law packs; one of a shipped pack's name takes its place, others come to them. Empty means "
                 "the shipped ones.",
         .reloadable = true},
    };
}

}  // namespace recoup::app
