#include "support/channel_providers.hpp"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <stdexcept>

namespace recoup::testing_channel {
namespace {

bool send_all(int socket, std::string_view text) {
    while (!text.empty()) {
        auto const sent = ::send(socket, text.data(), text.size(), MSG_NOSIGNAL);
        if (sent <= 0) return false;
        text.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

/// Reads until `end` stands in the buffer; what follows stays there.
bool read_until(int socket, std::string& buffer, std::string_view end, std::string& out) {
    for (;;) {
        if (auto const at = buffer.find(end); at != std::string::npos) {
            out = buffer.substr(0, at);
            buffer.erase(0, at + end.size());
            return true;
        }
        char chunk[4096];
        auto const got = ::recv(socket, chunk, sizeof chunk, 0);
        if (got <= 0) return false;
        buffer.append(chunk, static_cast<std::size_t>(got));
    }
}

int free_port() {
    return LoopbackServer([](int) {}).port();   // closed again when this returns
}

class CaptureProvider final : public Provider {
public:
    Channel channel() const override { return Channel::email; }
    void configure(Settings&) const override {}
    void configure_unreachable(Settings&) const override {}
    bool remote() const override { return false; }
};

class TwilioProvider final : public Provider {
public:
    Channel channel() const override { return Channel::sms; }
    void configure(Settings& settings) const override { lead_to(settings, server_.port()); }
    void configure_unreachable(Settings& settings) const override { lead_to(settings, free_port()); }

private:
    static void lead_to(Settings& settings, int port) {
        set_text(settings, "twilio.account_sid", "AC0123");
        set_text(settings, "twilio.auth_token", "twilio-secret");
        set_text(settings, "twilio.base_url", "http://127.0.0.1:" + std::to_string(port));
    }
    static std::string answer(int status, std::string const& headers, std::string const& body) {
        return "HTTP/1.1 " + std::to_string(status) + " Status\r\nContent-Type: application/json\r\n" + headers +
               "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
    }
    void serve(int socket) {
        std::string buffer, head;
        while (read_until(socket, buffer, "\r\n\r\n", head)) {
            auto const at = head.find("Content-Length: ");
            auto const size = at == std::string::npos ? 0 : std::stoul(head.substr(at + 16));
            while (buffer.size() < size) {
                char chunk[4096];
                auto const got = ::recv(socket, chunk, sizeof chunk, 0);
                if (got <= 0) return;
                buffer.append(chunk, static_cast<std::size_t>(got));
            }
            keep(head + "\r\n\r\n" + buffer.substr(0, size));
            buffer.erase(0, size);
            switch (behaviour_.load()) {
                case Behaviour::accept:
                    send_all(socket, answer(201, "", R"({"sid":"SM0123","status":"queued"})"));
                    break;
                case Behaviour::busy:
                    send_all(socket, answer(429, "Retry-After: 7\r\n", R"({"code":20429,"message":"Too Many Requests"})"));
                    break;
                case Behaviour::refuse_recipient:
                    send_all(socket, answer(400, "", R"({"code":21610,"message":"unsubscribed +15551234567"})"));
                    break;
                case Behaviour::refuse_us:
                    send_all(socket, answer(401, "", R"({"code":20003,"message":"Authenticate"})"));
                    break;
                case Behaviour::cut_after_request: return;
            }
        }
    }

    LoopbackServer server_{[this](int socket) { serve(socket); }};
};

class SmtpProvider final : public Provider {
public:
    Channel channel() const override { return Channel::email; }
    void configure(Settings& settings) const override { lead_to(settings, server_.port()); }
    void configure_unreachable(Settings& settings) const override { lead_to(settings, free_port()); }

private:
    static void lead_to(Settings& settings, int port) {
        set_text(settings, "smtp.host", "127.0.0.1");
        set_text(settings, "smtp.port", std::to_string(port));
        set_text(settings, "smtp.security", "none");
    }
    std::string_view reply_to_mail() const {
        return behaviour_ == Behaviour::refuse_us ? "550 5.7.1 not allowed to send\r\n" : "250 2.1.0 ok\r\n";
    }
    std::string_view reply_to_recipient() const {
        switch (behaviour_.load()) {
            case Behaviour::busy: return "451 4.3.0 <ann@example.com> try later\r\n";
            case Behaviour::refuse_recipient: return "550-5.1.1 <ann@example.com>\r\n550 5.1.1 no such user\r\n";
            case Behaviour::accept:
            case Behaviour::refuse_us:
            case Behaviour::cut_after_request: break;
        }
        return "250 2.1.5 ok\r\n";
    }
    void serve(int socket) {
        std::string buffer, line;
        send_all(socket, "220 test ESMTP\r\n");
        while (read_until(socket, buffer, "\r\n", line)) {
            auto const verb = line.substr(0, 4);
            if (verb == "EHLO") send_all(socket, "250-test\r\n250 8BITMIME\r\n");
            else if (verb == "MAIL") send_all(socket, reply_to_mail());
            else if (verb == "RCPT") send_all(socket, reply_to_recipient());
            else if (verb == "DATA") {
                send_all(socket, "354 go ahead\r\n");
                std::string mail;
                if (!read_until(socket, buffer, "\r\n.\r\n", mail)) return;
                keep(std::move(mail));
                if (behaviour_ == Behaviour::cut_after_request) return;
                send_all(socket, "250 2.0.0 queued\r\n");
            } else if (verb == "QUIT") {
                send_all(socket, "221 bye\r\n");
                return;
            } else {
                send_all(socket, "250 ok\r\n");
            }
        }
    }

    LoopbackServer server_{[this](int socket) { serve(socket); }};
};

}  // namespace

LoopbackServer::LoopbackServer(std::function<void(int)> serve) : serve_(std::move(serve)) {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 || ::listen(listener_, 64) != 0 ||
        ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0)
        throw std::runtime_error("no loopback socket");
    port_ = ntohs(address.sin_port);
    acceptor_ = std::thread([this] { accept_all(); });
}

LoopbackServer::~LoopbackServer() {
    ::shutdown(listener_, SHUT_RDWR);
    acceptor_.join();
    ::close(listener_);
    {
        std::lock_guard const lock(mutex_);
        for (int const socket : sockets_) ::shutdown(socket, SHUT_RDWR);
    }
    for (auto& thread : threads_) thread.join();
    for (int const socket : sockets_) ::close(socket);
}

void LoopbackServer::accept_all() {
    for (;;) {
        int const socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
        if (socket < 0) return;
        std::lock_guard const lock(mutex_);
        sockets_.push_back(socket);
        threads_.emplace_back([this, socket] {
            serve_(socket);
            ::shutdown(socket, SHUT_RDWR);
        });
    }
}

std::vector<std::string> Provider::received() const {
    std::lock_guard const lock(mutex_);
    return received_;
}

void Provider::keep(std::string request) {
    std::lock_guard const lock(mutex_);
    received_.push_back(std::move(request));
}

std::unique_ptr<Provider> make_provider(std::string_view adapter) {
    if (adapter == "capture") return std::make_unique<CaptureProvider>();
    if (adapter == "smtp") return std::make_unique<SmtpProvider>();
    if (adapter == "twilio") return std::make_unique<TwilioProvider>();
    return nullptr;
}

Settings default_settings() {
    Settings settings;
    for (auto const& descriptor : channel::channel_list())
        for (auto const& key : descriptor.keys)
            settings.set(key.name, {key.type, std::string(key.default_value), "default"});
    return settings;
}

void set_text(Settings& settings, std::string_view name, std::string text) {
    auto value = settings.all().find(name)->second;
    value.text = std::move(text);
    settings.set(name, std::move(value));
}

}  // namespace recoup::testing_channel
