// Signature headers of every source that signs. In the input "{SIG}" stands for the right signature of the request as
// the target then sends it. What authenticates must hold that signature whole; nothing else may. Input: one byte for
// the source, the header's value, a line end, the timestamp header or nothing.
#include "contract/source_samples.hpp"
#include "fuzz/support/input.hpp"
#include "fuzz/support/target.hpp"

#include <algorithm>

namespace recoup::fuzz {
namespace {

using test::Sample;

std::vector<Sample> const& signers() {
    static std::vector<Sample> const all = [] {
        auto made = test::samples();
        std::erase_if(made, [](Sample const& sample) { return sample.signature_header.empty(); });
        return made;
    }();
    return all;
}

std::string& value_of(HttpRequest& http, std::string_view name) {
    auto const found = std::ranges::find_if(http.headers, [&](auto const& header) { return header.first == name; });
    check(found != http.headers.end(), "the sample has the header");
    return found->second;
}

std::string filled_in(std::string_view pattern, std::string const& signature) {
    std::string value(pattern);
    for (auto at = value.find("{SIG}"); at != value.npos; at = value.find("{SIG}", at + signature.size())) {
        value.replace(at, 5, signature);
        if (value.size() > 100'000) break;
    }
    return value;
}

void run(std::string_view bytes) {
    Input input(bytes);
    auto const& sample = signers()[input.below(signers().size())];
    auto const pattern = input.until("\n");
    auto http = sample.http;
    bool const timed = !http.header("webhook-timestamp").empty();
    auto const time = input.rest();
    bool const other_time = timed && !time.empty() && time != http.header("webhook-timestamp");
    if (other_time) value_of(http, "webhook-timestamp") = time;
    auto& header = value_of(http, sample.signature_header);
    auto const right = header.substr(sample.signature_prefix.size());
    header = filled_in(pattern, right);
    bool const accepted = sample.source->authenticate(sample.request(http)).has_value();
    if (accepted) {
        check(header.find(right) != header.npos, "what vouches is the right signature, whole");
        check(!other_time, "a signature is for one timestamp");
    }
    if (header == sample.signature_prefix + right && !other_time) check(accepted, "the right one is taken");
}

std::vector<std::string> seeds() {
    std::vector<std::string> all;
    for (std::size_t i = 0; i < signers().size(); ++i) {
        std::string const which(1, static_cast<char>(i));
        auto const& prefix = signers()[i].signature_prefix;
        all.push_back(which + prefix + "{SIG}\n");
        all.push_back(which + prefix + "AAAA " + prefix + "{SIG} v2,x\n1763633400");
        all.push_back(which + "v1a," + prefix + "{SIG},v1={SIG},t=1,v0=ff\n1763633999");
        all.push_back(which + "\n");
    }
    return all;
}

Registration const registered(
    {"signature", seeds, {"{SIG}", "v1,", "v1=", "t=", ",", " ", "==", "v1a,", "1763633400", "whsec_", "+0"}, run});

}  // namespace
}  // namespace recoup::fuzz
