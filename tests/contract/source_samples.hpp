#pragma once
// One good delivery of every source, and how it is signed. A source without a sample fails the suite.

#include "adapter/source/list.hpp"
#include "recoup/base/digest.hpp"
#include "recoup/base/limits.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace recoup::test {

struct Sample {
    std::shared_ptr<Source const> source;
    HttpRequest http;
    Shop shop;
    std::vector<ShopSecret> secrets;
    Instant received_at = instant_from_seconds(1'763'633'400);
    bool signs_body = true;
    bool signs_raw_bytes = true;
    std::string signature_header;                     // empty: none
    std::string signature_prefix;
    std::string (*signature_text)(std::span<std::uint8_t const>) = to_base64;
    std::string call;                                 // rest of the path
    std::function<void(HttpRequest&)> sign;           // makes the request authentic for its present body
    std::function<void(HttpRequest&, std::string const& time)> stamp;   // the time that sign() signs; empty: it signs none

    SourceRequest request(HttpRequest const& other) const { return {other, shop, secrets, "https://recoup.example", received_at, call}; }
};

/// In the order of source::all_sources().
std::vector<Sample> samples();

}  // namespace recoup::test
