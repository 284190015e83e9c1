#pragma once
// What a source promises whatever it is sent, for the contract suite and the fuzzers.

#include "contract/source_samples.hpp"

namespace recoup::test {

/// Goes on with the request as ingest would with an authenticated one. Empty, or the promise that was not kept.
std::string broken_promise(Sample const& sample, HttpRequest const& http);

}  // namespace recoup::test
