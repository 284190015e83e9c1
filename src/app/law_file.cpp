#include "app/law_file.hpp"

#include "app/embedded.hpp"
#include "app/toml_reader.hpp"
#include "core/law/calendar.hpp"

#include "recoup/base/digest.hpp"
#include "recoup/domain/cap.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <map>

namespace recoup::app {
namespace {

using core::LawKind;

constexpr char channel_choices[] = "email, sms, push, ads";

struct Holiday {
    std::vector<std::string> countries, regions;   // empty = all
    std::vector<std::int32_t> days;
};

bool covers(std::vector<std::string> const& all, std::vector<std::string> const& wanted) {
    return all.empty() || (!wanted.empty() && std::all_of(wanted.begin(), wanted.end(), [&](std::string const& one) {
        return std::find(all.begin(), all.end(), one) != all.end();
    }));
}

template <class Enum>
unsigned bits(std::vector<Enum> const& values) {
    unsigned out = 0;
    for (auto const value : values) out |= 1U << static_cast<unsigned>(value);
    return out;
}

bool is_country(std::string const& text) {
    return text.size() == 2 && std::all_of(text.begin(), text.end(), [](char letter) { return letter >= 'A' && letter <= 'Z'; });
}

/// Reads one pack.
class PackReader {
public:
    explicit PackReader(std::string const& file_name) : toml_(file_name) {}

    Result<core::LawPack> read(std::string_view text) {
        auto const root = toml_.parse(text);
        if (toml_.fault().empty()) read_pack(root);
        if (!toml_.fault().empty()) return error(Errc::configuration, toml_.fault());
        return std::move(pack_);
    }

private:
    void read_pack(toml::table const& root) {
        toml_.allow(root, {"name", "version", "countries", "holiday", "rule"});
        pack_.name = toml_.text(root, "name");
        pack_.version = toml_.text(root, "version");
        if (pack_.version.size() != 10 || !parse_rfc3339(pack_.version + "T00:00:00Z"))
            toml_.fail_at(root, "version", "must be the date of the last look at it, such as \"2026-11-26\"");
        pack_.countries = countries(root);
        if (pack_.countries.empty() != (pack_.name == "default"))
            toml_.fail_at(root, "countries", "lists the pack's countries; only the pack \"default\" has none");
        toml_.each(root, "holiday", [&](toml::table const& table) { read_holiday(table); });
        toml_.each(root, "rule", [&](toml::table const& table) { pack_.rules.push_back(read_rule(table)); });
    }

    /// Those of the pack, when it has any.
    std::vector<std::string> countries(toml::table const& table) {
        auto list = toml_.texts(table, "countries");
        for (auto const& country : list) {
            bool const strange = !pack_.countries.empty() && std::find(pack_.countries.begin(), pack_.countries.end(), country) == pack_.countries.end();
            if (!is_country(country)) toml_.fail_at(table, "countries", "holds '" + country + "'; write ISO 3166-1 codes such as \"DE\"");
            else if (strange) toml_.fail_at(table, "countries", "holds '" + country + "', which is not among those of the pack");
        }
        return list;
    }

    std::vector<std::string> regions(toml::table const& table, std::vector<std::string> const& of) {
        auto list = toml_.texts(table, "regions");
        for (auto const& region : list)
            if (of.size() != 1) toml_.fail_at(table, "regions", "needs exactly one country");
            else if (core::zones_of_region(of.front(), region).empty())
                toml_.fail_at(table, "regions", "holds '" + region + "', which is no part of " + of.front() + " that we know; write \"FL\"");
        return list;
    }

    void read_holiday(toml::table const& table) {
        toml_.allow(table, {"name", "on", "countries", "regions"});
        (void)toml_.text(table, "name");
        Holiday holiday;
        holiday.countries = countries(table);
        holiday.regions = regions(table, holiday.countries.empty() ? pack_.countries : holiday.countries);
        auto const on = toml_.texts(table, "on");
        if (on.empty()) toml_.fail_at(table, "on", "says when it is: \"12-25\", \"easter+1\", \"mon#3 jan\" or dates such as \"2026-04-06\"");
        for (auto const& rule : on) {
            auto const days = toml_.value(table, "on", core::days_of_holiday(rule));
            holiday.days.insert(holiday.days.end(), days.begin(), days.end());
        }
        holidays_.push_back(std::move(holiday));
    }

    core::LawRule read_rule(toml::table const& table) {
        core::LawRule rule;
        rule.id = toml_.text(table, "id");
        if (!rule.id.starts_with(pack_.name + "."))
            toml_.fail_at(table, "id", "begins with the name of its pack: \"" + pack_.name + ".sms.hours\"");
        rule.kind = toml_.named<LawKind>(table, "kind", &core::law_kind, "hours, consent, cap, deadline, content");
        rule.source = toml_.text(table, "source");
        rule.note = toml_.text_or_empty(table, "note");
        rule.channels = bits(toml_.all_named<Channel>(table, "channels", &channel_from, channel_choices));
        if (rule.channels == 0) toml_.fail_at(table, "channels", std::string("names at least one of ") + channel_choices);
        auto const triggers = toml_.all_named<Trigger>(table, "triggers", &trigger_from, "cart, payment_failure, recurring_payment_failure");
        rule.triggers = triggers.empty() ? ~0U : bits(triggers);
        rule.countries = countries(table);
        if (rule.countries.empty()) rule.countries = pack_.countries;
        rule.regions = regions(table, rule.countries);
        read_terms(table, rule);
        return rule;
    }

    /// Keys of other kinds are unknown ones.
    void read_terms(toml::table const& table, core::LawRule& rule) {
#define COMMON "id", "kind", "source", "note", "channels", "triggers", "countries", "regions"
        switch (rule.kind) {
            case LawKind::hours:
                toml_.allow(table, {COMMON, "allowed", "on_holidays"});
                return read_hours(table, rule);
            case LawKind::consent:
                toml_.allow(table, {COMMON, "basis", "purchase_within", "inquiry_within", "confirmed", "min_age", "expires_after"});
                return read_consent(table, rule.consent);
            case LawKind::cap:
                toml_.allow(table, {COMMON, "max", "per", "within"});
                rule.max = static_cast<int>(toml_.whole(table, "max", 0, 1000));
                rule.per = toml_.named<core::CapSubject>(table, "per", &core::cap_subject, "cart, enrollment, person");
                rule.within = toml_.duration(table, "within");
                if (rule.within <= Millis{} || rule.within > widest_cap_window) toml_.fail_at(table, "within", "must be longer than nothing and at most 31d");
                return;
            case LawKind::deadline:
                toml_.allow(table, {COMMON, "within"});
                rule.within = toml_.duration(table, "within");
                if (rule.within <= Millis{}) toml_.fail_at(table, "within", "must be longer than nothing");
                return;
            case LawKind::content:
                toml_.allow(table, {COMMON, "needs"});
                rule.needs = toml_.all_named<core::Need>(table, "needs", &core::need_from,
                                                         "postal_address, unsubscribe_link, opt_out_words, sender_name");
                if (rule.needs.empty()) toml_.fail_at(table, "needs", "names what the message must show");
                return;
        }
#undef COMMON
    }

    void read_hours(toml::table const& table, core::LawRule& rule) {
        auto const allowed = toml_.texts(table, "allowed");
        rule.hours = toml_.value(table, "allowed", core::parse_week(allowed));
        if (allowed.empty()) toml_.fail_at(table, "allowed", "lists hours such as \"mon-sat 09:00-21:00\"; days that none names are closed");
        if (!table.contains("on_holidays")) return;
        rule.hours.holiday = toml_.value(table, "on_holidays", core::parse_day_hours(toml_.text(table, "on_holidays")));
        auto& days = rule.hours.holidays;
        for (auto const& holiday : holidays_)
            if (covers(holiday.countries, rule.countries) && covers(holiday.regions, rule.regions))
                days.insert(days.end(), holiday.days.begin(), holiday.days.end());
        if (days.empty()) toml_.fail_at(table, "on_holidays", "needs a [[holiday]] before it that is one where the rule applies");
        std::sort(days.begin(), days.end());
        days.erase(std::unique(days.begin(), days.end()), days.end());
    }

    /// What laws say of consents is longer than any duration of the configuration: "730d".
    Millis years_at_most(toml::table const& table, std::string_view key) {
        auto const text = toml_.text(table, key);
        std::int64_t days = 0;
        auto const [rest, failure] = std::from_chars(text.data(), text.data() + text.size(), days);
        bool const good = failure == std::errc{} && rest != text.data() + text.size() && std::string_view(rest) == "d" && days > 0 && days <= 36'500;
        if (!good) toml_.fail_at(table, key, "must be days, such as \"730d\"");
        return good ? Millis{std::chrono::hours{24 * days}} : Millis{};
    }

    void read_consent(toml::table const& table, core::ConsentTerms& terms) {
        terms.basis = toml_.all_named<core::Basis>(table, "basis", &core::basis_from,
                                                   "express, soft_opt_in, negotiation, implied_purchase, implied_inquiry, opt_out");
        if (terms.basis.empty()) toml_.fail_at(table, "basis", "names at least one; \"express\" wants a yes");
        auto const window = [&](std::string_view key, core::Basis basis, Millis& out) {
            bool const named = std::find(terms.basis.begin(), terms.basis.end(), basis) != terms.basis.end();
            if (table.contains(key)) out = years_at_most(table, key);
            if (named && out <= Millis{}) toml_.fail_at(table, key, "says for how long '" + std::string(name(basis)) + "' holds");
            if (!named && table.contains(key)) toml_.fail_at(table, key, "is for the basis '" + std::string(name(basis)) + "'");
        };
        window("purchase_within", core::Basis::implied_purchase, terms.purchase_within);
        window("inquiry_within", core::Basis::implied_inquiry, terms.inquiry_within);
        terms.confirmed = toml_.flag(table, "confirmed");
        if (table.contains("min_age")) terms.min_age = toml_.whole(table, "min_age", 1, 150);
        if (table.contains("expires_after")) terms.expires_after = years_at_most(table, "expires_after");
    }

    TomlReader toml_;
    core::LawPack pack_;
    std::vector<Holiday> holidays_;
};

/// Packs by their file's text, so that the law names exactly what it was made of.
Result<std::shared_ptr<core::Law const>> make_law(std::map<std::string, std::string> const& texts) {
    std::vector<core::LawPack> packs;
    std::string all;
    for (auto const& [file, text] : texts) {
        auto pack = parse_law_pack(text, file);
        if (!pack) return pack.error();
        packs.push_back(*std::move(pack));
        all += text;
    }
    return core::Law::make(std::move(packs), to_hex(sha256(all)));
}

std::string file_name(std::string const& path) { return std::filesystem::path(path).filename().string(); }

}  // namespace

Result<core::LawPack> parse_law_pack(std::string_view toml, std::string const& file_name) { return PackReader(file_name).read(toml); }

Result<std::shared_ptr<core::Law const>> load_law(std::string const& folder) {
    std::map<std::string, std::string> texts;
    for (auto const& file : embedded_law()) texts[std::string(file.name) + ".toml"] = file.text;
    if (folder.empty()) return make_law(texts);
    std::error_code failure;
    for (std::filesystem::directory_iterator it(folder, failure), end; !failure && it != end; it.increment(failure)) {
        if (it->path().extension() != ".toml") continue;
        auto text = text_of_file(it->path().string());
        if (!text) return text.error();
        texts[file_name(it->path().string())] = *std::move(text);
    }
    if (failure) return error(Errc::configuration, "law.folder: cannot read " + folder);
    return make_law(texts);
}

Result<std::shared_ptr<core::Law const>> load_law_files(std::vector<std::string> const& paths) {
    std::map<std::string, std::string> texts;
    for (auto const& path : paths) {
        auto text = text_of_file(path);
        if (!text) return text.error();
        texts[path] = *std::move(text);
    }
    return make_law(texts);
}

}  // namespace recoup::app
