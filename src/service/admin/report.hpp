#pragma once
// The report: abandoned, attributed and measured side by side. Attributed says which message an order followed; only
// the comparison with the holdout says what recovery earned, and it never comes without its interval.

#include "recoup/port/admin_report.hpp"
#include "service/admin/api_json.hpp"

namespace recoup::service {

struct MeasureSettings {
    Millis attribution_window{std::chrono::hours{24 * 5}};   // measure.attribution_window
    double holdout_share = 0.1;                              // measure.holdout_share
};

ApiJson report_json(ReportRows const& rows, ReportQuery const& query, MeasureSettings const& settings);

}  // namespace recoup::service
