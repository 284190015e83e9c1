#pragma once
// The rules that a decision asks, in order: each leaves its line in the trace, the first that forbids decides.

#include "recoup/domain/cart.hpp"
#include "recoup/domain/decision.hpp"
#include "recoup/domain/sequence.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace recoup::core {

struct LawRule;

struct StepVerdict {
    Verdict verdict = Verdict::skip;   // send, skip, move or end
    Reason reason = Reason::ok;
    Instant move_to{};                 // with move
    std::string address;               // with send
    CartContent cart;                  // of a cart: what can still be bought, at which price
    Incentive incentive;               // with send: what the message may promise; percent 0 = nothing
    std::vector<TraceEntry> trace;
    std::string law;                   // version of the law; empty = it was not asked
    std::vector<LawRule const*> content;   // with send: what these want must be in the message
};

class Rules {
public:
    explicit Rules(StepVerdict& out) : out_(out) {}

    bool decided() const { return decided_; }

    void forbid_if(bool forbids, std::string rule, std::string input, Verdict verdict, Reason reason, std::string const& source = {}) {
        if (decided_) return;
        out_.trace.push_back(TraceEntry{std::move(rule), !forbids, std::move(input), forbids ? source : std::string{}});
        if (!forbids) return;
        decided_ = true;
        out_.verdict = verdict;
        out_.reason = reason;
    }

    /// Something to know beside the rules.
    void note(std::string what, std::string input) {
        if (!decided_) out_.trace.push_back(TraceEntry{std::move(what), true, std::move(input)});
    }

private:
    StepVerdict& out_;
    bool decided_ = false;
};

/// A rule's id as people read it: "not_ordered" is "not ordered"; those of laws and conditions stay as they are.
std::string rule_text(std::string_view id);

}  // namespace recoup::core
