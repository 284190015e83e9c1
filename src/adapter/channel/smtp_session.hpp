#pragma once
// One SMTP transaction with libcurl, and what its replies mean.

#include "recoup/domain/message.hpp"

#include <string>
#include <string_view>

namespace recoup::channel {

struct SmtpServer {
    enum class Security { starttls, tls, none };
    std::string host;
    int port = 587;
    Security security = Security::starttls;
    std::string username, password;   // empty = no authentication
    std::string ca_file;              // PEM bundle instead of the system's; empty = the system's
    Millis timeout{30000};
};

struct SmtpEnvelope {
    std::string from, to;             // bare addresses
    std::string bytes;                // the message, CRLF lines; libcurl adds the dots
};

/// How far a transaction came.
struct SmtpAttempt {
    enum class Failure { none, connection, authentication, tls };
    enum class Stage { greeting, sender, recipient, data };
    Failure failure = Failure::none;
    Stage stage = Stage::greeting;    // what the last reply answers
    int reply = 0;                    // last reply code; 0 = none came
    std::string enhanced;             // "5.1.1" of that reply; may be empty (RFC 3463)
    bool handed_over = false;         // the whole message went out, so the server may have it
    bool ended_well = false;
};

/// RFC 5321 reply and RFC 3463 status to an Outcome; `message_id` is the provider id of a sent one.
Outcome smtp_outcome(SmtpAttempt const& attempt, std::string const& message_id);

/// One kept libcurl handle. Not thread-safe.
class SmtpSession {
public:
    SmtpSession();
    ~SmtpSession();
    SmtpSession(SmtpSession const&) = delete;
    SmtpSession& operator=(SmtpSession const&) = delete;

    /// A kept connection that turns out dead before the message left is replaced once.
    SmtpAttempt send(SmtpServer const& server, SmtpEnvelope const& envelope);

private:
    SmtpAttempt attempt(SmtpServer const& server, SmtpEnvelope const& envelope, bool fresh, bool& reused);

    void* handle_;   // CURL
};

}  // namespace recoup::channel
