#pragma once
// Runs tests/third_party_clients/smtp_sink.mjs and reads what it prints.

#include <nlohmann/json.hpp>

#include <string>
#include <sys/types.h>
#include <vector>

namespace recoup::testing_smtp {

class SmtpSink {
public:
    explicit SmtpSink(std::vector<std::string> arguments = {});
    ~SmtpSink();
    SmtpSink(SmtpSink const&) = delete;
    SmtpSink& operator=(SmtpSink const&) = delete;

    /// 0 when it did not start: node or its packages are missing.
    int port() const { return port_; }
    /// The next mail, waiting for it; null when the sink ended.
    nlohmann::json next();

private:
    pid_t pid_ = -1;
    int stdin_ = -1, stdout_ = -1, port_ = 0;
    std::string buffer_;
};

}  // namespace recoup::testing_smtp
