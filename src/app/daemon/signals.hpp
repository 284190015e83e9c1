#pragma once
// Signals as events: blocked in every thread, waited for by one.

#include <functional>

namespace recoup::app {

/// Call before any thread starts.
void block_signals();

/// Waits for SIGTERM or SIGINT; `hang_up` runs for every SIGHUP meanwhile. After it returns a second SIGTERM or SIGINT
/// ends the process at once.
void wait_for_stop(std::function<void()> const& hang_up);

/// Ends wait_for_stop from another thread.
void request_stop();

}  // namespace recoup::app
