#pragma once
// Consent, per channel and address, append-only in meaning: the newest occurrence wins, a revocation wins ties
// (reference: wire.md 28). What a grant is worth where somebody lives is said by core/law.

#include "recoup/domain/channel.hpp"
#include "recoup/domain/version.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace recoup {

enum class ConsentState : unsigned char { unknown, granted, pending, denied, revoked };

std::string_view name(ConsentState state);
std::optional<ConsentState> consent_state(std::string_view text);

struct Consent {
    Channel channel = Channel::email;
    std::string address;  // normalised email or E.164 phone
    ConsentState state = ConsentState::unknown;
    std::string method;   // "checkout", "customer_profile", "one_click", "sms_keyword", "events", ...
    Version version{};    // when the newest word was said
    Instant confirmed_at{};   // newest double opt-in, whatever was said before or after
    Instant withdrawn_at{};   // newest denial or revocation
    std::int64_t age = 0;     // years of the person when the newest word was said; 0 = not known

    /// Granted by a double opt-in that no later withdrawal undid; a plain yes after a withdrawal is not confirmed.
    bool confirmed() const { return state == ConsentState::granted && confirmed_at > withdrawn_at; }

    friend bool operator==(Consent const&, Consent const&) = default;

    template <class Self, class V>
    static void fields(Self& self, V&& v) {
        v("channel", self.channel);
        v("address", self.address);
        v("state", self.state);
        v("method", self.method);
        v("version", self.version);
        v("confirmed_at", self.confirmed_at);
        v("withdrawn_at", self.withdrawn_at);
        v("age", self.age);
    }
};

}  // namespace recoup
