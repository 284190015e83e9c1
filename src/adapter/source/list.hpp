#pragma once
// Every source. To add one: its .cpp beside this file, its declaration here and its line in list.cpp.

#include "recoup/port/source.hpp"

#include <memory>
#include <vector>

namespace recoup::source {

std::unique_ptr<Source> make_shopify();
std::unique_ptr<Source> make_events();
std::unique_ptr<Source> make_pixel();
std::unique_ptr<Source> make_twilio();

std::vector<std::unique_ptr<Source>> all_sources();

}  // namespace recoup::source
