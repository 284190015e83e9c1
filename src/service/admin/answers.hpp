#pragma once
// From results to answers: the one place where errors of the admin API become problems.

#include "recoup/base/result.hpp"
#include "recoup/port/http.hpp"

#include <string>

namespace recoup::service {

HttpResponse problem_of(Error const& failure);

/// 200 with the JSON text, or the problem.
HttpResponse answer_of(Result<std::string> const& outcome);

}  // namespace recoup::service
