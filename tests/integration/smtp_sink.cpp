#include "integration/smtp_sink.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;

namespace recoup::testing_smtp {

SmtpSink::SmtpSink(std::vector<std::string> arguments) {
    std::vector<std::string> words{"node", std::string(RECOUP_SOURCE_DIR) + "/tests/third_party_clients/smtp_sink.mjs"};
    words.insert(words.end(), arguments.begin(), arguments.end());
    std::vector<char*> argv;
    for (auto& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);

    int in[2], out[2];
    if (::pipe2(in, O_CLOEXEC) != 0 || ::pipe2(out, O_CLOEXEC) != 0) return;
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, in[0], STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
    if (::posix_spawnp(&pid_, "node", &actions, nullptr, argv.data(), environ) != 0) pid_ = -1;
    posix_spawn_file_actions_destroy(&actions);
    ::close(in[0]);
    ::close(out[1]);
    stdin_ = in[1];
    stdout_ = out[0];
    if (auto const first = next(); first.is_object()) port_ = first.value("port", 0);
}

SmtpSink::~SmtpSink() {
    ::close(stdin_);
    ::close(stdout_);
    if (pid_ > 0) ::waitpid(pid_, nullptr, 0);
}

nlohmann::json SmtpSink::next() {
    for (;;) {
        if (auto const end = buffer_.find('\n'); end != std::string::npos) {
            auto const line = buffer_.substr(0, end);
            buffer_.erase(0, end + 1);
            return nlohmann::json::parse(line, nullptr, false);
        }
        char chunk[4096];
        auto const got = ::read(stdout_, chunk, sizeof chunk);
        if (got <= 0) return nullptr;
        buffer_.append(chunk, static_cast<std::size_t>(got));
    }
}

}  // namespace recoup::testing_smtp
