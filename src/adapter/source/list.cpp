#include "adapter/source/list.hpp"

namespace recoup::source {

std::vector<std::unique_ptr<Source>> all_sources() {
    std::vector<std::unique_ptr<Source>> sources;
    sources.push_back(shopify_source());
    sources.push_back(events_source());
    sources.push_back(pixel_source());
    sources.push_back(twilio_source());
    sources.push_back(segment_source());
    sources.push_back(stripe_source());
    sources.push_back(woocommerce_source());
    sources.push_back(bigcommerce_source());
    return sources;
}

}  // namespace recoup::source
