// Law packs: what is accepted is a pack whose rules can be asked, all else a message with its line.
#include "app/embedded.hpp"
#include "app/law_file.hpp"
#include "fuzz/support/target.hpp"

namespace recoup::fuzz {
namespace {

void run(std::string_view bytes) {
    auto pack = app::parse_law_pack(bytes, "fuzz.toml");
    if (!pack) {
        auto const& refusal = pack.error();
        check(refusal.code == Errc::configuration && refusal.message.starts_with("fuzz.toml:"), "a fault has its place");
        return;
    }
    check(pack->countries.empty() == (pack->name == "default"), "a pack names its countries");
    for (auto const& rule : pack->rules) {
        check(!rule.id.empty() && !terms_text(rule).empty() && rule.channels != 0, "a rule has an id, terms and channels");
        check(rule.kind != core::LawKind::cap || rule.within > Millis{0}, "a cap has a window");
    }
    auto const law = core::Law::make({*std::move(pack)}, "digest");
    if (!law) return;
    core::PlaceHints hints;
    hints.country = "US";
    auto const places = core::places_of(hints);
    Instant const now = instant_from_millis(1'772'000'000'000), latest = now + std::chrono::hours{24 * 7};
    for (auto const& [rule, zones] : (*law)->rules_for(places, Channel::sms, Trigger::cart)) {
        std::vector<core::HoursIn> hours;
        for (auto const& zone : zones) hours.push_back({&rule->hours, &zone});
        auto const next = core::next_open(now, latest, hours);
        check(!next || (*next >= now && *next <= latest && core::is_open(*next, hours)), "the next open moment is open");
    }
}

std::vector<std::string> seeds() {
    std::vector<std::string> all;
    for (auto const& file : app::embedded_law()) all.emplace_back(file.text);
    all.emplace_back("name = 1\nrule = [1, {}]\nholiday = 2\n");
    return all;
}

Registration const registered({"law_pack",
                               seeds,
                               {"[[rule]]", "[[holiday]]", "on = \"easter+", "mon#-1 ", "kind = \"hours\"", "allowed = [\"mon-sat 09:00-21:00\"]",
                                "basis = [", "needs = [", "per = \"cart\"", "within = \"48h\"", "regions = [\"FL\"]", "min_age = ", "on_holidays = "},
                               run});

}  // namespace
}  // namespace recoup::fuzz
