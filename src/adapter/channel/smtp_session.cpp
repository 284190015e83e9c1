#include "adapter/channel/smtp_session.hpp"

#include "recoup/base/assert.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <cctype>
#include <memory>

namespace recoup::channel {
namespace {

constexpr long connect_limit_ms = 10000;

using Recipients = std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)>;

struct Transfer {
    SmtpAttempt attempt;
    std::string_view rest;
    SmtpAttempt::Stage sent_stage = SmtpAttempt::Stage::greeting;
};

std::size_t on_read(char* out, std::size_t, std::size_t room, void* user) {
    auto& transfer = *static_cast<Transfer*>(user);
    auto const size = std::min(room, transfer.rest.size());
    std::copy_n(transfer.rest.data(), size, out);
    transfer.rest.remove_prefix(size);
    transfer.attempt.handed_over = transfer.rest.empty();
    return size;
}

/// "5.1.1" at the start of a reply's text; empty when there is none.
std::string enhanced_code(std::string_view text) {
    auto const end = std::min(text.find_first_of(" \r\n"), text.size());
    auto const code = text.substr(0, end);
    bool const shaped = code.size() >= 5 && code.size() <= 11 && (code[0] == '2' || code[0] == '4' || code[0] == '5') &&
                        code[1] == '.' && code.find_first_not_of("0123456789.") == code.npos &&
                        std::count(code.begin(), code.end(), '.') == 2;
    return shaped ? std::string(code) : std::string();
}

/// Every reply line of the server, in order. 221 answers QUIT, which says nothing about the message.
std::size_t on_reply(char* data, std::size_t, std::size_t size, void* user) {
    auto& transfer = *static_cast<Transfer*>(user);
    std::string_view const line(data, size);
    if (size < 3 || !std::all_of(data, data + 3, [](unsigned char c) { return std::isdigit(c) != 0; })) return size;
    int const code = (data[0] - '0') * 100 + (data[1] - '0') * 10 + (data[2] - '0');
    if (code == 221) return size;
    transfer.attempt.reply = code;
    transfer.attempt.stage = transfer.sent_stage;
    transfer.attempt.enhanced = size > 4 ? enhanced_code(line.substr(4)) : std::string();
    return size;
}

/// Watches the verbs that go out, and keeps nothing else of them: the lines hold addresses and credentials.
int on_trace(CURL*, curl_infotype type, char* data, std::size_t size, void* user) {
    if (type != CURLINFO_HEADER_OUT) return 0;
    auto& stage = static_cast<Transfer*>(user)->sent_stage;
    std::string_view const line(data, size);
    if (line.starts_with("EHLO") || line.starts_with("HELO")) stage = SmtpAttempt::Stage::greeting;
    if (line.starts_with("MAIL FROM:")) stage = SmtpAttempt::Stage::sender;
    if (line.starts_with("RCPT TO:")) stage = SmtpAttempt::Stage::recipient;
    if (line.starts_with("DATA\r\n")) stage = SmtpAttempt::Stage::data;
    return 0;
}

SmtpAttempt::Failure failure_of(CURLcode code) {
    if (code == CURLE_OK) return SmtpAttempt::Failure::none;
    if (code == CURLE_LOGIN_DENIED) return SmtpAttempt::Failure::authentication;
    if (code == CURLE_USE_SSL_FAILED || code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CACERT_BADFILE)
        return SmtpAttempt::Failure::tls;
    return SmtpAttempt::Failure::connection;
}

template <class T>
void set(CURL* handle, CURLoption option, T value) {
    RECOUP_ASSERT(curl_easy_setopt(handle, option, value) == CURLE_OK);
}

/// The domain we greet with: that of the sender, which the relay knows.
std::string url_of(SmtpServer const& server, SmtpEnvelope const& envelope) {
    auto const scheme = server.security == SmtpServer::Security::tls ? "smtps://" : "smtp://";
    auto const at = envelope.from.find('@');
    auto const domain = at == std::string::npos ? std::string("localhost") : envelope.from.substr(at + 1);
    return scheme + server.host + ":" + std::to_string(server.port) + "/" + domain;
}

void configure(CURL* handle, SmtpServer const& server, SmtpEnvelope const& envelope, Transfer& transfer) {
    auto const timeout = static_cast<long>(std::max<std::int64_t>(server.timeout.count(), 1));
    set(handle, CURLOPT_NOSIGNAL, 1L);
    set(handle, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    set(handle, CURLOPT_PROXY, "");
    set(handle, CURLOPT_TIMEOUT_MS, timeout);
    set(handle, CURLOPT_CONNECTTIMEOUT_MS, std::min(timeout, connect_limit_ms));
    set(handle, CURLOPT_SSL_VERIFYPEER, 1L);
    set(handle, CURLOPT_SSL_VERIFYHOST, 2L);
    bool const starttls = server.security == SmtpServer::Security::starttls;
    set(handle, CURLOPT_USE_SSL, static_cast<long>(starttls ? CURLUSESSL_ALL : CURLUSESSL_NONE));
    if (!server.ca_file.empty()) set(handle, CURLOPT_CAINFO, server.ca_file.c_str());
    if (!server.username.empty()) {
        set(handle, CURLOPT_USERNAME, server.username.c_str());
        set(handle, CURLOPT_PASSWORD, server.password.c_str());
    }
    set(handle, CURLOPT_MAIL_FROM, envelope.from.c_str());
    set(handle, CURLOPT_UPLOAD, 1L);
    set(handle, CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(envelope.bytes.size()));
    set(handle, CURLOPT_READFUNCTION, &on_read);
    set(handle, CURLOPT_READDATA, static_cast<void*>(&transfer));
    set(handle, CURLOPT_HEADERFUNCTION, &on_reply);
    set(handle, CURLOPT_HEADERDATA, static_cast<void*>(&transfer));
    set(handle, CURLOPT_VERBOSE, 1L);  // only reaches on_trace
    set(handle, CURLOPT_DEBUGFUNCTION, &on_trace);
    set(handle, CURLOPT_DEBUGDATA, static_cast<void*>(&transfer));
}

}  // namespace

SmtpSession::SmtpSession() {
    static CURLcode const ready = curl_global_init(CURL_GLOBAL_DEFAULT);
    RECOUP_ASSERT(ready == CURLE_OK);
    handle_ = curl_easy_init();
    RECOUP_ASSERT(handle_ != nullptr);
}

SmtpSession::~SmtpSession() { curl_easy_cleanup(handle_); }

SmtpAttempt SmtpSession::send(SmtpServer const& server, SmtpEnvelope const& envelope) {
    bool reused = false;
    auto result = attempt(server, envelope, false, reused);
    bool const stale = reused && result.failure == SmtpAttempt::Failure::connection && result.reply < 400 &&
                       !result.handed_over;
    return stale ? attempt(server, envelope, true, reused) : result;
}

SmtpAttempt SmtpSession::attempt(SmtpServer const& server, SmtpEnvelope const& envelope, bool fresh, bool& reused) {
    Transfer transfer;
    transfer.rest = envelope.bytes;
    curl_easy_reset(handle_);  // keeps the connection
    configure(handle_, server, envelope, transfer);
    set(handle_, CURLOPT_FRESH_CONNECT, fresh ? 1L : 0L);
    Recipients const recipients(curl_slist_append(nullptr, envelope.to.c_str()), &curl_slist_free_all);
    RECOUP_ASSERT(recipients != nullptr);
    set(handle_, CURLOPT_MAIL_RCPT, recipients.get());

    auto const url = url_of(server, envelope);
    auto code = curl_easy_setopt(handle_, CURLOPT_URL, url.c_str());
    if (code == CURLE_OK) code = curl_easy_perform(handle_);

    long connects = 0;
    curl_easy_getinfo(handle_, CURLINFO_NUM_CONNECTS, &connects);
    reused = connects == 0;
    transfer.attempt.failure = failure_of(code);
    transfer.attempt.ended_well = code == CURLE_OK;
    return transfer.attempt;
}

}  // namespace recoup::channel
