#pragma once
// Where an instance says that it acknowledges events which are not on the log yet, so that no other instance decides without
// them. It lives where the decisions are claimed.

#include "recoup/base/result.hpp"
#include "recoup/base/time.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace recoup {

/// Thread-safe.
class DetourBoard {
public:
    virtual ~DetourBoard() = default;
    /// Every claim that began without seeing it has ended when it returns. Survives restarts of everybody. Idempotent.
    virtual Result<void> raise(std::string_view instance, Instant since) = 0;
    virtual Result<void> lower(std::string_view instance) = 0;
    /// Instances, the longest raised first.
    virtual Result<std::vector<std::string>> raised() = 0;
};

}  // namespace recoup
