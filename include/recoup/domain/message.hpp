#pragma once
// Message: one concrete send attempt chain on one channel, with one idempotency key. Outcome: what a channel answered.

#include "recoup/domain/channel.hpp"
#include "recoup/base/time.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace recoup {

/// What the shopper will see. An email has all three, an SMS only text.
struct Content {
    std::string subject;
    std::string text;
    std::string html;
};

struct Message {
    std::string id;                 // also the idempotency key towards a provider that takes one
    std::string shop_id;
    Channel channel = Channel::email;
    std::string to;                 // normalised email or E.164
    std::string to_name;            // may be empty
    std::string from;               // "Name <a@b>" or E.164; from shop settings
    std::string reply_to;           // may be empty
    Content content;
    std::string unsubscribe_url;    // https one-click target (RFC 8058); empty on SMS
    std::string list_id;            // "recovery.<shop domain>"
    std::string feedback_id;        // campaign:shop:type:sender
    Instant date{};                 // for the Date header, on the injected clock
    int attempt = 1;                // from 1
};

/// What is known of a message. `retry`: the provider did not take it yet. `unknown`: it may or may not have left.
enum class MessageStatus : unsigned char { sending, sent, retry, rejected, unknown };
std::string_view name(MessageStatus status);
std::optional<MessageStatus> message_status_from(std::string_view text);

enum class OutcomeKind : unsigned char { sent, retry_later, rejected, unknown };
std::string_view name(OutcomeKind kind);

struct Outcome {
    OutcomeKind kind = OutcomeKind::unknown;
    std::string provider_id;        // sent: the provider's id
    std::string code;               // provider's own code or reply, short, no personal data
    Millis retry_after{0};          // retry_later: what the provider asked for; 0 = our back-off
    bool suppress = false;          // rejected: this address must not be contacted on this channel again
    bool operator_fault = false;    // rejected: configuration, not the recipient; someone should look

    static Outcome sent(std::string provider_id_) { return make(OutcomeKind::sent, std::move(provider_id_), {}); }
    static Outcome retry(std::string code_, Millis after = Millis{0}) {
        auto outcome = make(OutcomeKind::retry_later, {}, std::move(code_));
        outcome.retry_after = after;
        return outcome;
    }
    static Outcome rejected(std::string code_, bool suppress_ = false) {
        auto outcome = make(OutcomeKind::rejected, {}, std::move(code_));
        outcome.suppress = suppress_;
        return outcome;
    }
    static Outcome misconfigured(std::string code_) {
        auto outcome = make(OutcomeKind::rejected, {}, std::move(code_));
        outcome.operator_fault = true;
        return outcome;
    }
    static Outcome unknown(std::string code_) { return make(OutcomeKind::unknown, {}, std::move(code_)); }

private:
    static Outcome make(OutcomeKind kind_, std::string id_, std::string code_) {
        Outcome outcome;
        outcome.kind = kind_;
        outcome.provider_id = std::move(id_);
        outcome.code = std::move(code_);
        return outcome;
    }
};

}  // namespace recoup
