#pragma once
// Every source. To add one: its .cpp beside this file, its declaration here and its line in list.cpp.

#include "recoup/port/source.hpp"

#include <memory>
#include <vector>

namespace recoup::source {

std::unique_ptr<Source> shopify_source();
std::unique_ptr<Source> events_source();
std::unique_ptr<Source> pixel_source();
std::unique_ptr<Source> twilio_source();
std::unique_ptr<Source> segment_source();
std::unique_ptr<Source> stripe_source();
std::unique_ptr<Source> woocommerce_source();
std::unique_ptr<Source> bigcommerce_source();

std::vector<std::unique_ptr<Source>> all_sources();

}  // namespace recoup::source
