#include "adapter/source/list.hpp"

namespace recoup::source {

std::vector<std::unique_ptr<Source>> all_sources() {
    std::vector<std::unique_ptr<Source>> sources;
    sources.push_back(make_shopify());
    sources.push_back(make_events());
    sources.push_back(make_pixel());
    sources.push_back(make_twilio());
    return sources;
}

}  // namespace recoup::source
