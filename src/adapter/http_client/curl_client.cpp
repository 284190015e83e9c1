#include "adapter/http_client/curl_client.hpp"

#include "recoup/base/assert.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <memory>

namespace recoup::http {
namespace {

constexpr std::size_t answer_limit = 1024 * 1024;
constexpr std::size_t header_limit = 64 * 1024;
constexpr std::size_t idle_limit = 64;
constexpr long connect_limit_ms = 5000;

using HeaderLines = std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)>;

struct Exchange {
    HttpAnswer answer;
    std::size_t header_bytes = 0;
};

std::string_view trimmed(std::string_view text) {
    auto const blank = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; };
    while (!text.empty() && blank(text.front())) text.remove_prefix(1);
    while (!text.empty() && blank(text.back())) text.remove_suffix(1);
    return text;
}

std::size_t on_body(char* data, std::size_t, std::size_t size, void* user) {
    auto& body = static_cast<Exchange*>(user)->answer.body;
    if (body.size() + size > answer_limit) return 0;
    body.append(data, size);
    return size;
}

std::size_t on_header(char* data, std::size_t, std::size_t size, void* user) {
    auto& exchange = *static_cast<Exchange*>(user);
    if ((exchange.header_bytes += size) > header_limit) return 0;
    std::string_view const line(data, size);
    if (line.starts_with("HTTP/")) {  // a 100 Continue came before
        exchange.answer.headers.clear();
    } else if (auto const colon = line.find(':'); colon != std::string_view::npos) {
        exchange.answer.headers.emplace_back(trimmed(line.substr(0, colon)), trimmed(line.substr(colon + 1)));
    }
    return size;
}

bool has_line_break(std::string_view text) { return text.find_first_of(std::string_view("\r\n\0", 3)) != text.npos; }

/// Null when a header could break out of its line.
HeaderLines header_lines(HttpCall const& call) {
    HeaderLines lines(nullptr, &curl_slist_free_all);
    auto const add = [&lines](std::string const& line) {
        auto* grown = curl_slist_append(lines.get(), line.c_str());
        RECOUP_ASSERT(grown != nullptr);
        static_cast<void>(lines.release());
        lines.reset(grown);
    };
    add("Expect:");  // no 100-continue round trip
    for (auto const& [name, value] : call.headers) {
        if (name.empty() || has_line_break(name) || has_line_break(value)) return {nullptr, &curl_slist_free_all};
        add(value.empty() ? name + ";" : name + ": " + value);
    }
    return lines;
}

template <class T>
void set(CURL* handle, CURLoption option, T value) {
    RECOUP_ASSERT(curl_easy_setopt(handle, option, value) == CURLE_OK);
}

void configure(CURL* handle, ClientOptions const& options, HttpCall const& call, Exchange& exchange) {
    auto const deadline = static_cast<long>(std::max<std::int64_t>(call.deadline.count(), 1));
    set(handle, CURLOPT_NOSIGNAL, 1L);
    set(handle, CURLOPT_PROTOCOLS_STR, "http,https");
    set(handle, CURLOPT_FOLLOWLOCATION, 0L);
    set(handle, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    set(handle, CURLOPT_FRESH_CONNECT, 1L);
    set(handle, CURLOPT_FORBID_REUSE, 1L);
    set(handle, CURLOPT_TIMEOUT_MS, deadline);
    set(handle, CURLOPT_CONNECTTIMEOUT_MS, std::min(deadline, connect_limit_ms));
    set(handle, CURLOPT_SSL_VERIFYPEER, 1L);
    set(handle, CURLOPT_SSL_VERIFYHOST, 2L);
    set(handle, CURLOPT_PROXY, options.proxy.c_str());
    set(handle, CURLOPT_USERAGENT, options.user_agent.c_str());
    if (!options.ca_file.empty()) set(handle, CURLOPT_CAINFO, options.ca_file.c_str());
    set(handle, CURLOPT_CUSTOMREQUEST, call.method.c_str());
    if (call.method == "HEAD") set(handle, CURLOPT_NOBODY, 1L);
    if (!call.body.empty() || call.method == "POST" || call.method == "PUT" || call.method == "PATCH") {
        set(handle, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(call.body.size()));
        set(handle, CURLOPT_POSTFIELDS, call.body.c_str());
    }
    if (!call.basic_user.empty()) {
        set(handle, CURLOPT_HTTPAUTH, static_cast<long>(CURLAUTH_BASIC));
        set(handle, CURLOPT_USERNAME, call.basic_user.c_str());
        set(handle, CURLOPT_PASSWORD, call.basic_password.c_str());
    }
    set(handle, CURLOPT_WRITEFUNCTION, &on_body);
    set(handle, CURLOPT_WRITEDATA, static_cast<void*>(&exchange));
    set(handle, CURLOPT_HEADERFUNCTION, &on_header);
    set(handle, CURLOPT_HEADERDATA, static_cast<void*>(&exchange));
}

/// Nothing of the request left while libcurl counts no request bytes: it counts them when it starts to write.
HttpAnswer::Kind kind_of(CURL* handle, CURLcode code) {
    if (code == CURLE_OK) return HttpAnswer::Kind::answered;
    long request_bytes = 0;
    curl_easy_getinfo(handle, CURLINFO_REQUEST_SIZE, &request_bytes);
    return request_bytes == 0 ? HttpAnswer::Kind::not_sent : HttpAnswer::Kind::unanswered;
}

HttpAnswer refused(std::string why) {
    HttpAnswer answer;
    answer.failure = std::move(why);
    return answer;
}

}  // namespace

CurlClient::CurlClient(ClientOptions options) : options_(std::move(options)) {
    static CURLcode const ready = curl_global_init(CURL_GLOBAL_DEFAULT);
    RECOUP_ASSERT(ready == CURLE_OK);
}

CurlClient::~CurlClient() {
    for (auto* handle : idle_) curl_easy_cleanup(handle);
}

void* CurlClient::acquire() {
    std::lock_guard const lock(mutex_);
    if (idle_.empty()) return curl_easy_init();
    auto* handle = idle_.back();
    idle_.pop_back();
    return handle;
}

void CurlClient::release(void* handle) {
    curl_easy_reset(handle);  // keeps TLS sessions and the DNS cache
    std::unique_lock lock(mutex_);
    if (idle_.size() < idle_limit) {
        idle_.push_back(handle);
        return;
    }
    lock.unlock();
    curl_easy_cleanup(handle);
}

HttpAnswer CurlClient::send(HttpCall const& call) {
    auto const headers = header_lines(call);
    if (!headers || has_line_break(call.method)) return refused("a header or the method holds a line break");
    auto* handle = acquire();
    if (handle == nullptr) return refused("out of memory");

    Exchange exchange;
    configure(handle, options_, call, exchange);
    set(handle, CURLOPT_HTTPHEADER, headers.get());
    auto code = curl_easy_setopt(handle, CURLOPT_URL, call.url.c_str());
    if (code == CURLE_OK) code = curl_easy_perform(handle);

    auto& answer = exchange.answer;
    answer.kind = kind_of(handle, code);
    long status = 0;
    curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
    answer.status = static_cast<int>(status);
    if (code != CURLE_OK) answer.failure = curl_easy_strerror(code);
    release(handle);
    return std::move(answer);
}

}  // namespace recoup::http
