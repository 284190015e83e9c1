#pragma once
// From the resolved configuration to what ingest lets in.

#include "recoup/base/settings.hpp"
#include "service/ingest/ingest.hpp"

namespace recoup::app {

service::ingest::AdmissionLimits admission_from(Settings const& settings);
service::ingest::BrowserLimits browsers_from(Settings const& settings);

}  // namespace recoup::app
