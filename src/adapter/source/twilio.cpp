// Twilio callbacks: status of our messages, and what people text back (twilio.com/docs/usage/webhooks).
#include "adapter/source/list.hpp"
#include "adapter/source/shared/event_parts.hpp"
#include "adapter/source/shared/text.hpp"
#include "adapter/source/twilio/form.hpp"
#include "adapter/source/twilio/keywords.hpp"
#include "adapter/source/twilio/signature.hpp"
#include "adapter/source/twilio/replies.hpp"
#include "core/codec/utf8.hpp"
#include "recoup/base/limits.hpp"

#include <array>

namespace recoup::source {
namespace {

constexpr std::array<std::string_view, 1> kinds{"auth_token"};
constexpr std::string_view opted_out_code = "21610";

SourceItem consent_item(SourceRequest const& request, std::string const& id, std::string const& phone, ConsentState state) {
    Event event = new_event(request, "twilio", id, "message.received");
    add_key(event, KeyKind::phone, phone);
    ConsentChanged change;
    change.channel = Channel::sms;
    change.address = phone;
    change.state = state;
    change.method = "sms_keyword";
    change.suppress = state == ConsentState::revoked;
    change.confirmed = state == ConsentState::granted;   // said with the phone itself
    if (change.suppress) change.cause = "stop";
    event.body = std::move(change);
    return {id, std::move(event)};
}

/// What a person texted. The text itself is not kept.
void read_inbound(SourceRequest const& request, twilio::Form const& form, std::string const& id, Delivery& delivery) {
    auto const phone = normalise_phone(twilio::value(form, "From"), {});
    if (!phone) return;  // a short code or an alphanumeric sender cannot consent
    auto const opt_out_type = twilio::value(form, "OptOutType");
    auto const meaning = twilio::meaning_of(opt_out_type, twilio::value(form, "Body"));
    // Twilio answers keywords by itself unless that is switched off for the number, which only its owner knows.
    if (opt_out_type.empty() && request.http.query_value("replies") == "1") delivery.reply = twilio::reply_to(meaning, request.shop);
    switch (meaning) {
        case twilio::Meaning::stop:
            delivery.items.push_back(consent_item(request, id, *phone, ConsentState::revoked));
            return;
        case twilio::Meaning::start:
            delivery.items.push_back(consent_item(request, id, *phone, ConsentState::granted));
            return;
        case twilio::Meaning::help:
        case twilio::Meaning::other: {
            Event event = new_event(request, "twilio", id, meaning == twilio::Meaning::help ? "help.requested" : "message.received");
            add_key(event, KeyKind::phone, *phone);
            delivery.items.push_back({id, std::move(event)});
            return;
        }
    }
}

/// Only final states are kept. Twilio's own opt-out list refusing a number is a STOP that we missed.
void read_status(SourceRequest const& request, twilio::Form const& form, std::string const& id, Delivery& delivery) {
    auto const status = lower_ascii(twilio::value(form, "MessageStatus"));
    auto const code = twilio::value(form, "ErrorCode");
    bool const failed = status == "failed" || status == "undelivered";
    auto const message_id = request.http.query_value("message");
    if ((failed || status == "delivered") && is_header_id(message_id)) {
        auto const feedback_id = id + ":" + status;
        Event event = new_event(request, "twilio", feedback_id, "message." + status);
        MessageFeedback feedback;
        feedback.kind = failed ? FeedbackKind::failed : FeedbackKind::delivered;
        feedback.message_id = message_id;
        feedback.detail = is_header_id(code) ? code : "";
        event.body = std::move(feedback);
        delivery.items.push_back({feedback_id, std::move(event)});
    }
    auto const phone = normalise_phone(twilio::value(form, "To"), {});
    if (failed && code == opted_out_code && phone)
        delivery.items.push_back(consent_item(request, id + ":opted_out", *phone, ConsentState::revoked));
}

class Twilio final : public Source {
public:
    std::string_view name() const override { return "twilio"; }
    std::size_t body_limit() const override { return limits::pixel_body_bytes; }
    bool accepts(std::string_view media_type) const override {
        return media_type == "application/x-www-form-urlencoded" || media_type == "application/json";
    }
    std::span<std::string_view const> secret_kinds() const override { return kinds; }

    Result<void> authenticate(SourceRequest const& request) const override { return twilio::verify(request); }

    Result<Delivery> parse(SourceRequest const& request) const override {
        if (!core::is_utf8(request.http.body)) return error(Errc::invalid, "The body must be a UTF-8 form.");
        auto const form = twilio::parse_form(request.http.body);
        auto id = twilio::value(form, "MessageSid");
        if (id.empty()) id = twilio::value(form, "SmsSid");
        if (!is_header_id(id)) return error(Errc::invalid, "The form needs MessageSid.");
        Delivery delivery;
        if (twilio::value(form, "MessageStatus").empty()) read_inbound(request, form, id, delivery);
        else read_status(request, form, id, delivery);
        return delivery;
    }

    HttpResponse answer(Delivery const& delivery) const override {
        HttpResponse response;
        response.content_type = "text/xml";
        response.body = twilio::answer_text(delivery.reply);
        return response;
    }
    HttpResponse preflight(SourceRequest const&) const override { return no_preflight(); }
};

}  // namespace

std::unique_ptr<Source> twilio_source() { return std::make_unique<Twilio>(); }

}  // namespace recoup::source
