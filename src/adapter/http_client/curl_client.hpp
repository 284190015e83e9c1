#pragma once
// HttpClient over libcurl. Each call takes an easy handle from a pool, so TLS sessions are resumed, but never an old
// connection: libcurl silently repeats a request whose kept connection turns out dead, and a repeated POST may be a
// second SMS.

#include "recoup/port/http.hpp"

#include <mutex>
#include <vector>

namespace recoup::http {

struct ClientOptions {
    std::string user_agent = "recoup";
    std::string proxy;       // "http://host:port", e.g. an egress proxy; empty = none, whatever the environment says
    std::string ca_file;     // PEM bundle instead of the system's; empty = the system's
};

/// http and https only, HTTP/1.1, certificate and host name verified, redirects not followed.
class CurlClient final : public HttpClient {
public:
    explicit CurlClient(ClientOptions options = {});
    ~CurlClient() override;
    CurlClient(CurlClient const&) = delete;
    CurlClient& operator=(CurlClient const&) = delete;

    HttpAnswer send(HttpCall const& call) override;

private:
    void* acquire();
    void release(void* handle);

    ClientOptions options_;
    std::mutex mutex_;
    std::vector<void*> idle_;   // CURL handles
};

}  // namespace recoup::http
