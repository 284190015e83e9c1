#pragma once
// Consent, per channel and address, append-only in meaning: the newest occurrence wins, a revocation wins ties
// (reference: wire.md 28). Only `granted` permits marketing.

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
    Version version{};

    friend bool operator==(Consent const&, Consent const&) = default;

    template <class Self, class V>
    static void fields(Self& self, V&& v) {
        v("channel", self.channel);
        v("address", self.address);
        v("state", self.state);
        v("method", self.method);
        v("version", self.version);
    }
};

}  // namespace recoup
