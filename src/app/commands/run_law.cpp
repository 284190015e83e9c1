#include "app/cli/commands.hpp"
#include "app/commands/database.hpp"
#include "app/law_file.hpp"

#include <algorithm>
#include <ostream>

namespace recoup::app {
namespace {

constexpr std::array every_channel{Channel::email, Channel::sms, Channel::push, Channel::ads};

std::string in_words(std::vector<std::string> const& parts) {
    std::string out;
    for (auto const& part : parts) out.append(out.empty() ? "" : " ").append(part);
    return out;
}

std::string channels_of(core::LawRule const& rule) {
    std::vector<std::string> names;
    for (auto const channel : every_channel)
        if (rule.covers(channel)) names.emplace_back(name(channel));
    return in_words(names);
}

std::string triggers_of(core::LawRule const& rule) {
    std::vector<std::string> names;
    for (auto const trigger : every_trigger)
        if (rule.covers(trigger)) names.emplace_back(name(trigger));
    return names.size() == every_trigger.size() ? "all" : in_words(names);
}

bool listed(std::vector<core::AppliedRule> const& rules, core::LawRule const& rule) {
    return std::any_of(rules.begin(), rules.end(), [&](core::AppliedRule const& one) { return one.rule == &rule; });
}

/// Whether the daemon would ask the rule for some message that the options leave open.
Result<std::function<bool(core::LawRule const&)>> asked(LawOptions const& options, core::Law const& law) {
    auto const channel = channel_from(options.channel);
    auto const trigger = trigger_from(options.trigger);
    if (!options.channel.empty() && !channel) return error(Errc::invalid, "--channel: one of email, sms, push and ads");
    if (!options.trigger.empty() && !trigger)
        return error(Errc::invalid, "--trigger: one of cart, payment_failure and recurring_payment_failure");
    if (options.country.empty() && !options.region.empty()) return error(Errc::invalid, "--region needs --country");
    core::PlaceHints hints;
    hints.country = options.country;
    hints.region = options.region;
    auto const places = core::places_of(hints);
    if (!options.region.empty() && places.front().region.empty())
        return error(Errc::invalid, "--region: '" + options.region + "' is no part of " + places.front().country + " that we know");
    std::vector<core::AppliedRule> rules;
    for (auto const one : every_channel)
        for (auto const other : every_trigger)
            if ((!channel || one == *channel) && (!trigger || other == *trigger)) {
                auto const more = law.rules_for(places, one, other);
                rules.insert(rules.end(), more.begin(), more.end());
            }
    bool const everywhere = options.country.empty();
    return [=](core::LawRule const& rule) {
        return everywhere ? (!channel || rule.covers(*channel)) && (!trigger || rule.covers(*trigger)) : listed(rules, rule);
    };
}

int check(LawOptions const& options, Context& context) {
    auto const law = load_law_files(options.files);
    if (!law) return fail(context, law.error());
    std::size_t rules = 0;
    for (auto const& pack : (*law)->packs()) rules += pack.rules.size();
    context.out << "all good: " << (*law)->packs().size() << " packs with " << rules << " rules, version " << (*law)->version() << "\n";
    return exit_ok;
}

}  // namespace

int run_law(LawOptions const& options, Context& context) {
    if (options.action == LawOptions::Action::check) return check(options, context);
    auto const settings = settings_of(context);
    if (!settings) return fail(context, settings.error());
    auto const law = load_law(settings->text("law.folder"));
    if (!law) return fail(context, law.error());
    auto const is_asked = asked(options, **law);
    if (!is_asked) return fail(context, is_asked.error());
    Table table({"rule", "kind", "channels", "triggers", "countries", "regions", "terms", "source", "note"});
    for (auto const& pack : (*law)->packs())
        for (auto const& rule : pack.rules)
            if ((*is_asked)(rule))
                table.row({rule.id, std::string(name(rule.kind)), channels_of(rule), triggers_of(rule),
                           rule.countries.empty() ? "others" : in_words(rule.countries), rule.regions.empty() ? "all" : in_words(rule.regions),
                           terms_text(rule), rule.source, rule.note});
    if (!context.json()) context.out << "Law " << (*law)->version() << ". Recoup ships what it found; counsel decides.\n";
    show(table, context);
    return exit_ok;
}

}  // namespace recoup::app
