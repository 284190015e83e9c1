#pragma once
// What makes a sequence sensible, before any shopper meets it.

#include "recoup/domain/sequence.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace recoup::core {

struct SequenceFault {
    int step = -1;             // index; -1 = the sequence itself
    std::string message;       // what is wrong and how to mend it
    std::string table{};       // which of the sequence's own tables it is in; empty = the sequence
};

/// Under this name a slot holds what is for every cart that no band of the slot is for.
inline constexpr std::string_view any_band = "any";

/// Whether a template of that name has content for the channel.
using TemplateExists = std::function<bool(std::string_view name, Channel channel)>;

/// The first fault: names, delays that do not grow, usefulness, bands, slots, incentives, templates.
std::optional<SequenceFault> find_fault(Sequence const& sequence, TemplateExists const& template_exists);

}  // namespace recoup::core
