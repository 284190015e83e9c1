#pragma once
// From the resolved configuration to the values that core decides by.

#include "core/policy/facts.hpp"
#include "service/delivery/gates.hpp"

#include "recoup/base/settings.hpp"

namespace recoup::app {

/// Errc::configuration names the key that cannot be used.
Result<core::Policy> policy_from(Settings const& settings);

/// Rates and breaker of the channels' accounts.
service::Gates::Settings gates_from(Settings const& settings);

}  // namespace recoup::app
