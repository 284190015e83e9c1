#include "adapter/channel/smtp.hpp"

#include "adapter/channel/smtp_session.hpp"
#include "core/mime/message.hpp"

#include <array>
#include <mutex>
#include <vector>

namespace recoup::channel {
namespace {

constexpr std::array email_only{Channel::email};

constexpr std::array keys{
    ConfigKey{.name = "smtp.host", .help = "Host name of the mail relay."},
    ConfigKey{.name = "smtp.port", .type = ConfigType::integer, .default_value = "587",
              .help = "Port of the mail relay: 587 for starttls, 465 for tls.", .min = 1, .max = 65535},
    ConfigKey{.name = "smtp.security", .default_value = "starttls",
              .help = "starttls and tls refuse to send unencrypted; none is for a relay on the same machine.",
              .choices = "starttls|tls|none"},
    ConfigKey{.name = "smtp.username", .help = "User name at the relay; empty = no authentication."},
    ConfigKey{.name = "smtp.password", .help = "Password at the relay.", .secret = true},
    ConfigKey{.name = "smtp.ca_file", .help = "PEM file of trusted certificates; empty = the system's."},
    ConfigKey{.name = "smtp.timeout", .type = ConfigType::duration, .default_value = "60s",
              .help = "How long one message may take until the relay has it."},
};

class Smtp final : public ChannelAdapter {
public:
    explicit Smtp(SmtpServer server) : server_(std::move(server)) {}

    std::string_view name() const override { return "smtp"; }
    bool serves(Channel channel) const override { return channel == Channel::email; }
    /// The Message-ID repeats and many mailboxes show it once, but a relay does not promise that.
    bool idempotent() const override { return false; }

    Outcome send(Message const& message) override {
        auto const from = core::parse_mailbox(message.from);
        if (!from) return Outcome::misconfigured("no valid sender address");
        auto const to = core::parse_mailbox(message.to);
        if (!to) return Outcome::rejected("invalid address");
        auto bytes = core::build_message(message);
        if (!bytes) return Outcome::rejected("invalid content");
        SmtpEnvelope const envelope{from->address, to->address, std::move(*bytes)};
        auto session = acquire();
        auto const attempt = session->send(server_, envelope);
        release(std::move(session));
        return smtp_outcome(attempt, core::message_id(message));
    }

private:
    using Session = std::unique_ptr<SmtpSession>;

    Session acquire() {
        std::lock_guard const lock(mutex_);
        if (idle_.empty()) return std::make_unique<SmtpSession>();
        auto session = std::move(idle_.back());
        idle_.pop_back();
        return session;
    }
    void release(Session session) {
        std::lock_guard const lock(mutex_);
        idle_.push_back(std::move(session));  // as many as there were concurrent senders
    }

    SmtpServer server_;
    std::mutex mutex_;
    std::vector<Session> idle_;
};

Result<std::unique_ptr<ChannelAdapter>> make(ChannelContext const& context) {
    auto const& settings = context.settings;
    SmtpServer server;
    server.host = settings.text("smtp.host");
    if (server.host.empty()) return error(Errc::configuration, "smtp.host is empty; set it to send email through SMTP");
    if (server.host.find_first_of("/@?# \t\r\n") != std::string::npos)
        return error(Errc::configuration, "smtp.host must be a host name alone, without scheme, user or path");
    server.port = static_cast<int>(settings.integer("smtp.port"));
    auto const& security = settings.text("smtp.security");
    server.security = security == "tls"    ? SmtpServer::Security::tls
                      : security == "none" ? SmtpServer::Security::none
                                           : SmtpServer::Security::starttls;
    server.username = settings.text("smtp.username");
    server.password = settings.text("smtp.password");
    server.ca_file = settings.text("smtp.ca_file");
    server.timeout = settings.duration("smtp.timeout");
    return std::make_unique<Smtp>(std::move(server));
}

}  // namespace

ChannelDescriptor smtp_descriptor() { return {"smtp", email_only, keys, &make}; }

}  // namespace recoup::channel
