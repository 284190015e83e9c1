// A target for each source. The request is signed as its sender would sign it, so that it always authenticates and the
// parser is reached; headers are those of the sample, or as the input says.
#include "contract/source_promises.hpp"
#include "fuzz/support/source_bodies.hpp"
#include "fuzz/support/target.hpp"

#include <memory>

namespace recoup::fuzz {
namespace {

using test::Sample;

void run(Sample const& sample, std::string_view bytes) {
    auto http = request_of(sample, bytes);
    sample.sign(http);
    auto const authenticated = sample.source->authenticate(sample.request(http));
    if (!authenticated) {
        auto const code = authenticated.error().code;
        check(code == Errc::unauthorized || code == Errc::invalid || code == Errc::too_large,
              "a refusal is 400, 401 or 413");
        bool const own_headers = bytes.find("\n\n") != bytes.npos;  // they may say another time or key
        check(own_headers || !sample.signs_raw_bytes || code != Errc::unauthorized, "what is signed is nobody else's");
    }
    auto const broken = test::broken_promise(sample, http);
    check(broken.empty(), broken);
}

std::vector<std::string> seeds(Sample const& sample) {
    auto all = source_bodies(sample.source->name());
    all.push_back(sample.http.body);
    return all;
}

std::vector<std::string> words() {
    return {"null",
            "[]",
            "{}",
            "\"id\":",
            "\"email\":\"",
            "9223372036854775808",
            "1e400",
            "-0.005",
            "\"2025-11-20T10:05:00Z\"",
            "\\u0000",
            "\\ud83d\\ude00",
            "\":",
            "\",\"",
            "line_items",
            "\n\n",
            "Content-Type: ",
            "%2B",
            "&",
            "true",
            "\"currency\":\"JPY\"",
            "99999999999999.999"};
}

bool register_all() {
    for (auto& made : test::samples()) {
        auto const sample = std::make_shared<Sample const>(std::move(made));
        Registration const registered({"source_" + std::string(sample->source->name()),
                                       [sample] { return seeds(*sample); }, words(),
                                       [sample](std::string_view bytes) { run(*sample, bytes); }});
    }
    return true;
}

bool const registered = register_all();

}  // namespace
}  // namespace recoup::fuzz
