// Sequence files: what is accepted is a sequence that makes sense, all else a message with its line.
#include "app/sequence_file.hpp"
#include "app/embedded.hpp"
#include "fuzz/support/target.hpp"

namespace recoup::fuzz {
namespace {

bool known(std::string_view name, Channel) {
    return name.size() < 40;
}

void run(std::string_view bytes) {
    auto const sequence = app::parse_sequence(bytes, "fuzz.toml", known);
    if (!sequence) {
        auto const& refusal = sequence.error();
        check(refusal.code == Errc::configuration && refusal.message.starts_with("fuzz.toml:"),
              "a fault has its place");
        return;
    }
    check(!core::find_fault(*sequence, known), "what is accepted has no fault");
    check(!sequence->name.empty() && !sequence->steps.empty(), "a sequence has a name and steps");
    for (auto const& step : sequence->steps)
        check(step.delay >= Seconds{0} && step.useful_for > Seconds{0}, "times make sense");
}

std::vector<std::string> seeds() {
    std::vector<std::string> all;
    for (auto const& file : app::embedded_sequences()) all.emplace_back(file.text);
    all.emplace_back(
        "name = \"a\"\ntrigger = \"cart\"\n[[step]]\nname = \"b\"\ndelay = \"1h\"\nchannel = \"email\"\ntemplate = "
        "\"t\"\n"
        "useful_for = \"1d\"\nincentive = { percent = 10, code = \"SAVE\" }\n");
    all.emplace_back(
        "name = \"a\"\ntrigger = \"checkout\"\n[bands]\nlow = \"..50\"\nhigh = \"50.5..\"\n[slots.s]\nlow = { percent = 5, code = "
        "\"A\" }\nany = { percent = 1, code = \"B\" }\n[[step]]\nname = \"b\"\ndelay = \"1h\"\nchannel = \"sms\"\ntemplate = \"t\"\n"
        "useful_for = \"1d\"\nwhen = [\"cart.value in 5..9\", \"not cart.band = low\"]\nincentive = { slot = \"s\", otherwise = \"send\" }\n");
    all.emplace_back("name = 1\nstep = [1, {}]\nincentive = 2\n");
    return all;
}

Registration const registered({"sequence_file",
                               seeds,
                               {"[[step]]", "name = ", "delay = \"", "channel = \"sms\"", "useful_for = \"400d\"",
                                "incentive = ", "percent", "9223372036854775807", "trigger = \"payment_failure\"",
                                "template = ", "[bands]", "[slots.x]", "otherwise = ", "..", "cart.value in "},
                               run});

}  // namespace
}  // namespace recoup::fuzz
