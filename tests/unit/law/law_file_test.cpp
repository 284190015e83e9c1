#include "app/embedded.hpp"
#include "app/law_file.hpp"

#include <gtest/gtest.h>

#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace recoup::app::law_file_test {
namespace {

std::string const head = "name = \"xx\"\nversion = \"2026-01-02\"\ncountries = [\"US\"]\n";

std::string of_kind(std::string const& kind, std::string const& lines) {
    return head + "[[rule]]\nid = \"xx.one\"\nkind = \"" + kind + "\"\nchannels = [\"sms\"]\nsource = \"s\"\n" + lines;
}

std::string fault(std::string const& text) {
    auto const pack = parse_law_pack(text, "xx.toml");
    return pack ? "none" : pack.error().message;
}

testing::AssertionResult begins(std::string const& text, std::string const& beginning) {
    return text.starts_with(beginning) ? testing::AssertionSuccess() : testing::AssertionFailure() << text;
}

TEST(LawFile, ShippedPacksAreGoodAndEveryRuleHasItsSource) {
    auto const law = load_law({});
    ASSERT_TRUE(law) << law.error().message;
    EXPECT_EQ((*law)->packs().size(), embedded_law().size());
    EXPECT_TRUE((*law)->version().starts_with("2026-"));
    std::size_t rules = 0;
    for (auto const& pack : (*law)->packs())
        for (auto const& one : pack.rules) {
            ++rules;
            EXPECT_GT(one.source.size(), 10U) << one.id;
            EXPECT_FALSE(terms_text(one).empty()) << one.id;
        }
    EXPECT_GT(rules, 30U);
}

TEST(LawFile, MistakesAreNamedWithLineAndHint) {
    auto const hours = [](std::string const& lines) { return fault(of_kind("hours", lines)); };
    EXPECT_TRUE(begins(hours("allowd = [\"mon-sun 08:00-20:00\"]\n"), "xx.toml:9: unknown key 'allowd'; did you mean 'allowed'? There are id"));
    EXPECT_TRUE(begins(hours("allowed = [\"mon-sun 8-20\"]\n"), "xx.toml:9: 'allowed' is not understood: allowed hours are written \"mon-sat"));
    EXPECT_TRUE(begins(hours("max = 3\n"), "xx.toml:9: unknown key 'max'")) << "keys of another kind";
    EXPECT_TRUE(begins(hours("allowed = [\"mon 08:00-20:00\"]\non_holidays = \"none\"\n"), "xx.toml:10: 'on_holidays' needs a [[holiday]]"));
    EXPECT_TRUE(begins(hours("regions = [\"ZZ\"]\nallowed = [\"mon 08:00-20:00\"]\n"), "xx.toml:9: 'regions' holds 'ZZ'"));
    EXPECT_TRUE(begins(hours("countries = [\"CA\"]\nallowed = [\"mon 08:00-20:00\"]\n"), "xx.toml:9: 'countries' holds 'CA'"));
    EXPECT_TRUE(begins(fault(head + "[[rule]]\nid = \"yy.one\"\n"), "xx.toml:5: 'id' begins with the name of its pack"));
    EXPECT_TRUE(begins(fault(head + "[[holiday]]\nname = \"n\"\non = \"someday\"\n"), "xx.toml:6: 'on' is not understood: a holiday is"));
    EXPECT_TRUE(begins(fault("name = \"xx\"\nversion = \"soon\"\n"), "xx.toml:2: 'version' must be the date"));
    EXPECT_TRUE(begins(fault("name = \"xx\"\nversion = \"2026-01-02\"\n"), "xx.toml:1: 'countries' lists the pack's countries"));
    EXPECT_TRUE(begins(fault("name = ["), "xx.toml:1: "));
}

TEST(LawFile, TermsAreAskedForTheirOwnParameters) {
    auto const of = [](std::string const& kind, std::string const& lines) { return fault(of_kind(kind, lines)); };
    EXPECT_EQ(of("consent", "basis = [\"express\"]\nconfirmed = true\nmin_age = 16\nexpires_after = \"365d\"\n"), "none");
    EXPECT_TRUE(begins(of("consent", "basis = [\"implied_purchase\"]\n"), "xx.toml:4: 'purchase_within' says for how long 'implied_purchase' holds"));
    EXPECT_TRUE(begins(of("consent", "basis = [\"express\"]\ninquiry_within = \"1d\"\n"), "xx.toml:10: 'inquiry_within' is for the basis"));
    EXPECT_TRUE(begins(of("consent", ""), "xx.toml:4: 'basis' names at least one"));
    EXPECT_EQ(of("cap", "max = 1\nper = \"cart\"\nwithin = \"48h\"\n"), "none");
    EXPECT_TRUE(begins(of("cap", "max = 1\nper = \"cart\"\nwithin = \"90d\"\n"), "xx.toml:11: 'within' must be"));
    EXPECT_TRUE(begins(of("cap", "max = -1\nper = \"cart\"\nwithin = \"1d\"\n"), "xx.toml:9: 'max' must be a whole number"));
    EXPECT_EQ(of("deadline", "within = \"48h\"\n"), "none");
    EXPECT_TRUE(begins(of("content", "needs = [\"a_song\"]\n"), "xx.toml:9: 'needs' holds 'a_song'; there are postal_address"));
}

TEST(LawFile, AnOwnFolderReplacesPacksByNameAndAddsOthers) {
    auto const folder = std::filesystem::temp_directory_path() / ("recoup-law-" + std::to_string(::getpid()));
    std::filesystem::create_directory(folder);
    auto const write = [&](std::string const& name, std::string const& text) { std::ofstream(folder / name) << text; };
    write("gb.toml", "name = \"gb\"\nversion = \"2027-01-01\"\ncountries = [\"GB\"]\n");
    write("jp.toml", "name = \"jp\"\nversion = \"2026-01-01\"\ncountries = [\"JP\"]\n");
    auto const shipped = load_law({}), own = load_law(folder.string());
    ASSERT_TRUE(own) << own.error().message;
    EXPECT_EQ((*own)->packs().size(), (*shipped)->packs().size() + 1);
    EXPECT_TRUE((*own)->version().starts_with("2027-01-01-"));
    EXPECT_NE((*own)->version(), (*shipped)->version());
    core::Place const london{"GB", "", {"Europe/London"}};
    EXPECT_TRUE((*own)->rules_for({&london, 1}, Channel::email, Trigger::cart).empty());
    EXPECT_FALSE((*shipped)->rules_for({&london, 1}, Channel::email, Trigger::cart).empty());

    write("jp.toml", "name = \"jp\"\nversion = \"2026-01-01\"\ncountries = [\"AU\"]\n");
    EXPECT_EQ(load_law(folder.string()).error().message, "law: two packs name the country 'AU'; 'jp' is one");
    std::filesystem::remove_all(folder);
    EXPECT_EQ(load_law(folder.string()).error().code, Errc::configuration);
}

TEST(Law, UnsureMeansTheRulesOfEveryPartEachInItsOwnZones) {
    auto const law = *load_law({});
    auto const rules_of = [&](core::PlaceHints const& hints) {
        std::map<std::string, std::vector<std::string>> out;
        auto const places = core::places_of(hints);
        for (auto const& [one, zones] : law->rules_for(places, Channel::sms, Trigger::cart)) out[one->id] = zones;
        return out;
    };
    core::PlaceHints hints;
    hints.country = "US";
    auto const unsure = rules_of(hints);
    EXPECT_EQ(unsure.at("us.sms.hours.tx"), (std::vector<std::string>{"America/Chicago", "America/Denver"}));
    EXPECT_EQ(unsure.at("us.sms.hours").size(), 7U);
    EXPECT_TRUE(unsure.contains("us.sms.hours.ri") && unsure.contains("us.sms.cap.states"));
    hints.region = "TX";
    auto const texas = rules_of(hints);
    EXPECT_TRUE(texas.contains("us.sms.hours.tx") && texas.contains("us.sms.once_per_cart"));
    EXPECT_FALSE(texas.contains("us.sms.hours.ri") || texas.contains("us.sms.cap.states"));
    hints.country = "KE";
    EXPECT_TRUE(rules_of(hints).contains("default.sms.hours"));
}

}  // namespace
}  // namespace recoup::app::law_file_test
