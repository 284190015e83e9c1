#pragma once
// Rules of law as data: what a pack file (config/law/*.toml, docs/law.md) says, validated. Recoup ships what it found; counsel
// decides.

#include "core/law/open_hours.hpp"

#include "recoup/domain/channel.hpp"
#include "recoup/domain/sequence.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace recoup::core {

enum class LawKind : unsigned char { hours, consent, cap, deadline, content };
std::string_view name(LawKind kind);
std::optional<LawKind> law_kind(std::string_view text);

/// What may stand in for a consent, or be one. One that holds is enough.
enum class Basis : unsigned char {
    express,             // the newest word of the person is a yes
    soft_opt_in,         // a customer was told of it when buying and can object each time: the person has bought
    negotiation,         // the same when the purchase was only begun: the checkout got as far as a contact
    implied_purchase,    // the last purchase is not older than purchase_within
    implied_inquiry,     // the last activity in the cart is not older than inquiry_within
    opt_out,             // nothing is needed until the person objects
};
std::string_view name(Basis basis);
std::optional<Basis> basis_from(std::string_view text);

struct ConsentTerms {
    std::vector<Basis> basis;
    Millis purchase_within{}, inquiry_within{};
    bool confirmed = false;          // express only counts with a double opt-in
    std::int64_t min_age = 0;        // years at which a person may consent; 0 = not said
    Millis expires_after{};          // of an express consent, from the yes or the last purchase; 0 = never
    friend bool operator==(ConsentTerms const&, ConsentTerms const&) = default;
};

/// What messages a cap counts.
enum class CapSubject : unsigned char { cart, enrollment, person };
std::string_view name(CapSubject subject);
std::optional<CapSubject> cap_subject(std::string_view text);

/// What a message must have.
enum class Need : unsigned char { postal_address, unsubscribe_link, opt_out_words, sender_name };
std::string_view name(Need need);
std::optional<Need> need_from(std::string_view text);

struct LawRule {
    std::string id;                       // unique, "us.sms.hours.fl"
    LawKind kind = LawKind::hours;
    unsigned channels = 0;                // bit of each Channel
    unsigned triggers = 0;                // bit of each Trigger
    std::vector<std::string> countries;   // ISO 3166-1 alpha-2, of its pack; empty only in the default pack
    std::vector<std::string> regions;     // ISO 3166-2 without the country; empty = all of it
    std::string source;                   // law and section, or page
    std::string note;                     // what to know of it, such as that the figure is from secondary sources; may be empty

    OpenHours hours;                      // hours
    ConsentTerms consent;                 // consent
    int max = 0;                          // cap
    CapSubject per = CapSubject::person;  // cap
    Millis within{};                      // cap: the window; deadline: from the abandonment
    std::vector<Need> needs;              // content

    bool covers(Channel channel) const { return (channels >> static_cast<unsigned>(channel) & 1U) != 0; }
    bool covers(Trigger trigger) const { return (triggers >> static_cast<unsigned>(trigger) & 1U) != 0; }
};

/// What the rule says, in a few words: "mon-sat 09:00-21:00, sun 12:00-21:00".
std::string terms_text(LawRule const& rule);

struct LawPack {
    std::string name;                     // "us"; "default" is for all countries that no pack names
    std::string version;                  // the date of its last look, "2026-11-26"
    std::vector<std::string> countries;
    std::vector<LawRule> rules;
};

}  // namespace recoup::core
