#include "core/mime/message.hpp"

#include "recoup/base/digest.hpp"

#include <array>
#include <cstdio>

namespace recoup::core {
namespace {

/// "Fri, 20 Nov 2026 10:05:00 +0000" (RFC 5322 section 3.3).
std::string date_text(Instant at) {
    using namespace std::chrono;
    constexpr std::array weekdays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr std::array months{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    auto const day = floor<days>(at);
    year_month_day const date(day);
    hh_mm_ss const time(floor<seconds>(at - day));
    std::array<char, 48> text{};
    std::snprintf(text.data(), text.size(), "%s, %02u %s %04d %02d:%02d:%02d +0000",
                  weekdays[weekday(day).c_encoding()], static_cast<unsigned>(date.day()),
                  months[static_cast<unsigned>(date.month()) - 1], static_cast<int>(date.year()),
                  static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                  static_cast<int>(time.seconds().count()));
    return text.data();
}

/// Collects header lines and remembers the first refusal.
class Headers {
public:
    Headers& add(Result<std::string> line) {
        if (line && fault_.message.empty()) lines_ += *line;
        if (!line && fault_.message.empty()) fault_ = line.error();
        return *this;
    }
    Headers& add_if(bool wanted, std::string_view name, std::string_view value) {
        return wanted ? add(raw_field(name, value)) : *this;
    }
    Result<std::string> take() {
        if (!fault_.message.empty()) return fault_;
        return std::move(lines_);
    }

private:
    std::string lines_;
    Error fault_{Errc::invalid, ""};
};

bool link_shaped(std::string_view url) {
    return (url.starts_with("https://") || url.starts_with("http://")) && url.find_first_of("<> ,") == url.npos;
}

/// A hash cannot occur in the parts: quoted-printable has no "=_".
std::string boundary(Message const& message) { return "=_" + to_hex(sha256(message.id)).substr(0, 32); }

Result<std::string> headers(Message const& message) {
    auto const from = parse_mailbox(message.from);
    if (!from) return error(Errc::invalid, "From: " + from.error().message);
    auto to = parse_mailbox(message.to);
    if (!to) return error(Errc::invalid, "To: " + to.error().message);
    to->name = message.to_name;
    bool const stops = !message.unsubscribe_url.empty();
    if (stops && !link_shaped(message.unsubscribe_url))
        return error(Errc::invalid, "List-Unsubscribe must be an http or https URL");

    Headers lines;
    lines.add(mailbox_field("From", *from)).add(mailbox_field("To", *to));
    if (!message.reply_to.empty()) {
        auto const reply = parse_mailbox(message.reply_to);
        lines.add(reply ? mailbox_field("Reply-To", *reply) : Result<std::string>(reply.error()));
    }
    lines.add(text_field("Subject", message.content.subject))
        .add(raw_field("Date", date_text(message.date)))
        .add(raw_field("Message-ID", message_id(message)))
        .add_if(stops, "List-Unsubscribe", "<" + message.unsubscribe_url + ">")
        .add_if(stops, "List-Unsubscribe-Post", "List-Unsubscribe=One-Click")
        .add_if(!message.list_id.empty(), "List-Id", "<" + message.list_id + ">")
        .add_if(!message.feedback_id.empty(), "Feedback-ID", message.feedback_id)
        .add(raw_field("X-Entity-Ref-ID", message.id))
        .add(raw_field("MIME-Version", "1.0"));
    return lines.take();
}

std::string part(std::string_view type, std::string_view text) {
    auto out = "Content-Type: " + std::string(type) + "; charset=utf-8\r\n";
    out += "Content-Transfer-Encoding: quoted-printable\r\n\r\n";
    out += quoted_printable(text);
    return out + "\r\n";  // belongs to the boundary that follows
}

}  // namespace

std::string message_id(Message const& message) {
    auto const from = parse_mailbox(message.from);
    auto const domain = from ? from->address.substr(from->address.find('@') + 1) : std::string("localhost");
    return "<" + message.id + "@" + domain + ">";
}

Result<std::string> build_message(Message const& message) {
    if (message.content.text.empty()) return error(Errc::invalid, "the text part is empty; a mail needs one");
    if (message.id.empty() || message.id.find_first_of("<>@ \t") != std::string::npos)
        return error(Errc::invalid, "the message id is not fit for a Message-ID");
    auto bytes = headers(message);
    if (!bytes) return bytes;
    if (message.content.html.empty()) return *bytes + part("text/plain", message.content.text);

    auto const line = boundary(message);
    *bytes += "Content-Type: multipart/alternative; boundary=\"" + line + "\"\r\n\r\n";
    *bytes += "--" + line + "\r\n" + part("text/plain", message.content.text);
    *bytes += "--" + line + "\r\n" + part("text/html", message.content.html);
    *bytes += "--" + line + "--\r\n";
    return bytes;
}

}  // namespace recoup::core
