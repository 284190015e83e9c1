#include "core/law/rule.hpp"

namespace recoup::core {
namespace {

constexpr std::array<std::string_view, 5> kind_names{"hours", "consent", "cap", "deadline", "content"};
constexpr std::array<std::string_view, 6> basis_names{"express",          "soft_opt_in",     "negotiation",
                                                "implied_purchase", "implied_inquiry", "opt_out"};
constexpr std::array<std::string_view, 3> subject_names{"cart", "enrollment", "person"};
constexpr std::array<std::string_view, 4> need_names{"postal_address", "unsubscribe_link", "opt_out_words", "sender_name"};
constexpr std::array<std::string_view, 7> week_day_names{"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

template <class Enum, std::size_t N>
std::optional<Enum> find_in(std::array<std::string_view, N> const& names, std::string_view text) {
    for (std::size_t i = 0; i < N; ++i)
        if (names[i] == text) return static_cast<Enum>(i);
    return std::nullopt;
}

void append_term(std::string& text, std::string const& more) { text.append(text.empty() ? "" : ", ").append(more); }

std::string clock_text(int minute) {
    auto const two = [](int number) { return std::string(number < 10 ? "0" : "") + std::to_string(number); };
    return two(minute / 60) + ":" + two(minute % 60);
}

std::string day_text(DayHours const& day) {
    std::string text;
    for (auto const& span : day.spans)
        if (span.from < span.until) append_term(text, clock_text(span.from) + "-" + clock_text(span.until));
    return text.empty() ? "none" : text;
}

std::string week_text(OpenHours const& hours) {
    std::string text;
    for (std::size_t first = 0; first < hours.days.size();) {
        auto last = first;
        while (last + 1 < hours.days.size() && hours.days[last + 1] == hours.days[first]) ++last;
        auto const days = std::string(week_day_names[first]) + (last > first ? "-" + std::string(week_day_names[last]) : "");
        append_term(text, days + " " + day_text(hours.days[first]));
        first = last + 1;
    }
    if (hours.holiday) append_term(text, "holidays " + day_text(*hours.holiday));
    return text;
}

std::string consent_text(ConsentTerms const& terms) {
    std::string text;
    for (auto const basis : terms.basis) {
        std::string one(name(basis));
        if (basis == Basis::express && terms.confirmed) one += " by double opt-in";
        if (basis == Basis::implied_purchase) one += " within " + to_duration_text(terms.purchase_within);
        if (basis == Basis::implied_inquiry) one += " within " + to_duration_text(terms.inquiry_within);
        text.append(text.empty() ? "" : " or ").append(one);
    }
    if (terms.min_age > 0) append_term(text, "from " + std::to_string(terms.min_age) + " years on");
    if (terms.expires_after > Millis{}) append_term(text, "for " + to_duration_text(terms.expires_after));
    return text;
}

}  // namespace

std::string_view name(LawKind kind) { return kind_names[static_cast<std::size_t>(kind)]; }
std::optional<LawKind> law_kind(std::string_view text) { return find_in<LawKind>(kind_names, text); }
std::string_view name(Basis basis) { return basis_names[static_cast<std::size_t>(basis)]; }
std::optional<Basis> basis_from(std::string_view text) { return find_in<Basis>(basis_names, text); }
std::string_view name(CapSubject subject) { return subject_names[static_cast<std::size_t>(subject)]; }
std::optional<CapSubject> cap_subject(std::string_view text) { return find_in<CapSubject>(subject_names, text); }
std::string_view name(Need need) { return need_names[static_cast<std::size_t>(need)]; }
std::optional<Need> need_from(std::string_view text) { return find_in<Need>(need_names, text); }

std::string terms_text(LawRule const& rule) {
    switch (rule.kind) {
        case LawKind::hours: return week_text(rule.hours);
        case LawKind::consent: return consent_text(rule.consent);
        case LawKind::cap:
            return "at most " + std::to_string(rule.max) + " to one " + std::string(name(rule.per)) + " within " + to_duration_text(rule.within);
        case LawKind::deadline: return "within " + to_duration_text(rule.within) + " of the abandonment";
        case LawKind::content: {
            std::string text;
            for (auto const need : rule.needs) append_term(text, std::string(name(need)));
            return "shows " + text;
        }
    }
    return {};
}

}  // namespace recoup::core
