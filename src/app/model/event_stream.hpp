#pragma once
// Where training and evaluation get their events: a data set on disk or the recorded events of a shop.

#include "recoup/base/result.hpp"
#include "recoup/domain/event.hpp"

#include <functional>
#include <string>

namespace recoup::app {

/// What a model's provenance says about its data.
struct DataInfo {
    std::string name;        // "retentioneering_ecom_synthetic", "shop demo"
    std::string licence;     // "Apache-2.0", "the shop's own"
    std::string note;        // what it is and what it lacks, one sentence
};

class EventStream {
public:
    virtual ~EventStream() = default;
    virtual DataInfo info() const = 0;
    /// Every event once, in order of arrival (received_at does not go back). May be called again from the start.
    virtual Result<void> each(std::function<void(Event const&)> const& see) = 0;
};

}  // namespace recoup::app
