#include "service/admin/admin_route.hpp"

#include "recoup/base/assert.hpp"
#include "service/admin/answers.hpp"
#include "service/admin/api_schema.hpp"
#include "service/admin/list_query.hpp"

#include <utility>

namespace recoup::service {

Route admin_route(std::string method, std::string pattern, std::string_view summary, AdminAnswer answer) {
    auto const* info = route_info(method, pattern);
    RECOUP_ASSERT(info != nullptr);
    Route out;
    out.method = std::move(method);
    out.pattern = std::move(pattern);
    out.summary = summary;
    out.run = Route::Run::on_worker;
    out.access = Route::Access::admin;
    out.handle = [answer = std::move(answer), parameters = info->parameters](HttpRequest const& request,
                                                                             Responder const& respond) {
        auto const known = check_parameters(request, parameters);
        respond(known ? answer_of(answer(request)) : problem_of(known.error()));
    };
    return out;
}

}  // namespace recoup::service
