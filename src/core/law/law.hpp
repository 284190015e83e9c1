#pragma once
// Law: the packs in force, made ready for asking. Immutable; a decision holds it by shared_ptr, so that a reload changes nothing
// under it.

#include "core/law/places.hpp"
#include "core/law/rule.hpp"

#include <map>
#include <memory>
#include <span>

namespace recoup::core {

/// A rule that applies, and the zones in which its hours are meant.
struct AppliedRule {
    LawRule const* rule = nullptr;
    std::vector<std::string> zones;
};

class Law {
public:
    /// `digest` names the exact text of the packs. Errc::configuration: two rules of one id, two packs of one country or name.
    static Result<std::shared_ptr<Law const>> make(std::vector<LawPack> packs, std::string_view digest);

    /// The newest pack's date and the digest: "2026-11-26-1a2b3c4d".
    std::string const& version() const { return version_; }
    std::vector<LawPack> const& packs() const { return packs_; }

    /// Every rule that any of the places has for the channel and trigger, each once, in the order of the packs. A place whose part
    /// of the country is not known has those of every part, each in the hours of its own zones.
    std::vector<AppliedRule> rules_for(std::span<Place const> places, Channel channel, Trigger trigger) const;

private:
    struct Indexed {
        LawRule const* rule = nullptr;
        std::vector<std::string> zones;   // of its regions; empty without
    };
    using Rules = std::vector<Indexed>;

    Law() = default;
    Rules const& of_country(std::string const& country) const;
    void index(LawPack const& pack);

    std::vector<LawPack> packs_;
    std::string version_;
    std::map<std::string, Rules, std::less<>> by_country_;
    Rules elsewhere_;
};

}  // namespace recoup::core
