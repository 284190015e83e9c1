#pragma once
// The admin API's routes under /v1. Reads only, but for the manual clock.

#include "recoup/base/clock.hpp"
#include "recoup/port/admin_store.hpp"
#include "recoup/port/clock_driver.hpp"
#include "recoup/port/http.hpp"
#include "service/admin/report.hpp"

#include <functional>
#include <vector>

namespace recoup::service {

/// Outlives its routes. Thread-safe as far as the store is.
class AdminApi {
public:
    /// `settings` is asked at each report, so that a reload takes effect. `driver`: only with a manual clock, else null.
    AdminApi(AdminStore& store, Clock const& clock, std::function<MeasureSettings()> settings,
             ClockDriver* driver = nullptr);

    std::vector<Route> routes();

private:
    /// The body of a 200 answer.
    using Answer = std::function<Result<std::string>(AdminApi&, HttpRequest const&)>;

    Route route(std::string method, std::string pattern, std::string_view summary, Answer answer);
    template <class Row>
    Route list_route(std::string_view list, std::string_view summary,
                     Result<Page<Row>> (AdminStore::*read)(PageQuery const&));

    Result<void> check_shop(HttpRequest const& request);
    Result<std::string> shops(HttpRequest const& request);
    Result<std::string> report(HttpRequest const& request);
    Result<std::string> why(HttpRequest const& request);
    Result<std::string> advance(HttpRequest const& request);

    AdminStore& store_;
    Clock const& clock_;
    std::function<MeasureSettings()> settings_;
    ClockDriver* driver_;
};

}  // namespace recoup::service
