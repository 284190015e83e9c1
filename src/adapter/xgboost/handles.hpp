#pragma once
// RAII holders of libxgboost's handles, and its one way to fail.

#include "recoup/base/result.hpp"

#include <xgboost/c_api.h>

#include <memory>
#include <string>
#include <type_traits>

namespace recoup::xgboost {

struct FreeBooster {
    void operator()(void* handle) const { XGBoosterFree(handle); }
};
struct FreeMatrix {
    void operator()(void* handle) const { XGDMatrixFree(handle); }
};
using Booster = std::unique_ptr<std::remove_pointer_t<BoosterHandle>, FreeBooster>;
using Matrix = std::unique_ptr<std::remove_pointer_t<DMatrixHandle>, FreeMatrix>;

/// First line of libxgboost's last message on this thread.
inline Error last_error() {
    std::string text = XGBGetLastError();
    return error(Errc::internal, "libxgboost: " + text.substr(0, text.find('\n')));
}

}  // namespace recoup::xgboost
