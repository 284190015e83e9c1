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
};

/// Whether a template of that name has content for the channel.
using TemplateExists = std::function<bool(std::string_view name, Channel channel)>;

/// The first fault: names, delays that do not grow, usefulness, incentives, templates.
std::optional<SequenceFault> find_fault(Sequence const& sequence, TemplateExists const& template_exists);

}  // namespace recoup::core
