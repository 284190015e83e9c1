#include "adapter/channel/twilio.hpp"

#include <nlohmann/json.hpp>

#include <array>
#include <charconv>

namespace recoup::channel {
namespace {

constexpr std::array sms_only{Channel::sms};

constexpr std::array keys{
    ConfigKey{.name = "twilio.account_sid", .help = "Account SID, starts with AC."},
    ConfigKey{.name = "twilio.auth_token", .help = "Auth token of the account.", .secret = true},
    ConfigKey{.name = "twilio.base_url", .default_value = "https://api.twilio.com",
              .help = "Base URL of Twilio's API; http or https."},
    ConfigKey{.name = "twilio.messaging_service_sid",
              .help = "Messaging service that picks the sender, starts with MG; empty uses the shop's SMS sender."},
    ConfigKey{.name = "twilio.status_callbacks", .type = ConfigType::boolean, .default_value = "true",
              .help = "Ask Twilio to report delivery to the twilio webhook of the shop."},
    ConfigKey{.name = "twilio.validity", .type = ConfigType::duration, .default_value = "1h",
              .help = "How long Twilio may hold a message back, 1s to 10h, so that none leaves inside quiet hours."},
    ConfigKey{.name = "twilio.timeout", .type = ConfigType::duration, .default_value = "15s",
              .help = "How long to wait for Twilio's answer."},
};

void append_form(std::string& form, std::string_view name, std::string_view value) {
    constexpr std::string_view hex = "0123456789ABCDEF";
    if (!form.empty()) form += '&';
    form.append(name) += '=';
    for (char const c : value) {
        auto const byte = static_cast<unsigned char>(c);
        bool const plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                           c == '-' || c == '.' || c == '_' || c == '~';
        if (plain) {
            form += c;
        } else {
            form += {'%', hex[byte >> 4], hex[byte & 15]};
        }
    }
}

/// Seconds only; a date or nonsense is 0, which leaves the wait to our own back-off. At most a day.
Millis retry_after(HttpAnswer const& answer) {
    auto const text = answer.header("Retry-After");
    std::int64_t seconds = 0;
    auto const [end, fault] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (fault != std::errc{} || end != text.data() + text.size() || seconds < 0) return Millis{0};
    return Seconds{std::min<std::int64_t>(seconds, 86400)};
}

std::string string_member(nlohmann::json const& json, char const* name) {
    if (!json.is_object() || !json.contains(name) || !json[name].is_string()) return {};
    return json[name].get<std::string>();
}

int error_code(nlohmann::json const& json) {
    if (!json.is_object() || !json.contains("code") || !json["code"].is_number_integer()) return 0;
    return json["code"].get<int>();
}

/// What a refusal says about the recipient, by Twilio's own code (reference: wire.md 18.5).
Outcome refusal(int status, int code) {
    auto const text = code != 0 ? std::to_string(code) : "http " + std::to_string(status);
    switch (code) {
        case 21610: return Outcome::rejected(text, true);  // the recipient opted out
        case 20003: case 20404: case 21408: case 21603: case 21606: case 21612: case 21659: case 21660:
        case 30002: case 30007: case 30032: case 30034: return Outcome::misconfigured(text);
        case 30001: case 30003: case 30008: case 30017: case 30022: return Outcome::retry(text);
        default: break;
    }
    if (status == 401 || status == 403 || status == 404) return Outcome::misconfigured(text);
    if (code == 0) return Outcome::misconfigured(text);  // no Twilio answer: a wrong base URL or a proxy
    return Outcome::rejected(text);  // 21211, 21614, 21217, ...: bad number or content; unknown codes are permanent
}

class Twilio final : public ChannelAdapter {
public:
    explicit Twilio(ChannelContext const& context)
        : http_(context.http),
          public_url_(context.public_url),
          account_(context.settings.text("twilio.account_sid")),
          token_(context.settings.text("twilio.auth_token")),
          url_(context.settings.text("twilio.base_url") + "/2010-04-01/Accounts/" + account_ + "/Messages.json"),
          service_(context.settings.text("twilio.messaging_service_sid")),
          callbacks_(context.settings.boolean("twilio.status_callbacks")),
          validity_(std::chrono::floor<Seconds>(context.settings.duration("twilio.validity"))),
          timeout_(context.settings.duration("twilio.timeout")) {}

    std::string_view name() const override { return "twilio"; }
    bool serves(Channel channel) const override { return channel == Channel::sms; }
    bool idempotent() const override { return false; }

    Outcome send(Message const& message) override {
        if (service_.empty() && message.from.empty()) return Outcome::misconfigured("no sender");
        HttpCall call;
        call.url = url_;
        call.headers = {{"Content-Type", "application/x-www-form-urlencoded"}, {"Accept", "application/json"}};
        call.body = form(message);
        call.basic_user = account_;
        call.basic_password = token_;
        call.deadline = timeout_;
        return twilio_outcome(http_.send(call));
    }

private:
    std::string form(Message const& message) const {
        std::string form;
        append_form(form, "To", message.to);
        if (message.from.starts_with("MG")) {
            append_form(form, "MessagingServiceSid", message.from);
        } else if (!service_.empty()) {
            append_form(form, "MessagingServiceSid", service_);
        } else {
            append_form(form, "From", message.from);
        }
        append_form(form, "Body", message.content.text);
        append_form(form, "ValidityPeriod", std::to_string(validity_.count()));
        if (callbacks_ && !public_url_.empty()) {
            append_form(form, "StatusCallback",
                        public_url_ + "/webhooks/" + message.shop_id + "/twilio?message=" + message.id);
        }
        return form;
    }

    HttpClient& http_;
    std::string public_url_, account_, token_, url_, service_;
    bool callbacks_;
    Seconds validity_;
    Millis timeout_;
};

Result<std::unique_ptr<ChannelAdapter>> make(ChannelContext const& context) {
    auto const& settings = context.settings;
    for (auto const* key : {"twilio.account_sid", "twilio.auth_token"})
        if (settings.text(key).empty())
            return error(Errc::configuration, std::string(key) + " is empty; set it to send SMS through Twilio");
    auto const& url = settings.text("twilio.base_url");
    if (!url.starts_with("https://") && !url.starts_with("http://"))
        return error(Errc::configuration, "twilio.base_url must start with https:// or http://");
    auto const validity = settings.duration("twilio.validity");
    if (validity < Seconds{1} || validity > std::chrono::hours{10})
        return error(Errc::configuration, "twilio.validity must be between 1s and 10h");
    return std::make_unique<Twilio>(context);
}

}  // namespace

Outcome twilio_outcome(HttpAnswer const& answer) {
    switch (answer.kind) {
        case HttpAnswer::Kind::not_sent: return Outcome::retry("not connected");
        case HttpAnswer::Kind::unanswered: return Outcome::unknown("no answer");
        case HttpAnswer::Kind::answered: break;
    }
    auto const json = nlohmann::json::parse(answer.body, nullptr, false);
    if (answer.status >= 200 && answer.status < 300) return Outcome::sent(string_member(json, "sid"));
    auto const code = error_code(json);
    if (answer.status == 429 || code == 20429 || answer.status == 408 || answer.status >= 500)
        return Outcome::retry(std::to_string(code != 0 ? code : answer.status), retry_after(answer));
    return refusal(answer.status, code);
}

ChannelDescriptor twilio_descriptor() { return {"twilio", sms_only, keys, &make}; }

}  // namespace recoup::channel
