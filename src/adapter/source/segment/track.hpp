#pragma once
// track calls: the e-commerce events of Segment's spec, version 2 (segment.com/docs/connections/spec/ecommerce/v2).

#include "adapter/source/segment/message.hpp"

namespace recoup::source::segment {

/// By the name of the event, in any case, with '_' for ' '. The person's keys are there already.
std::string read_track(Message const& message, Event& event);

}  // namespace recoup::source::segment
