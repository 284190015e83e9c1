#include "adapter/postgres/rows.hpp"

namespace recoup::postgres {

Rows& Rows::row() {
    text_ += size_++ == 0 ? "[{" : "},{";
    first_column_ = true;
    return *this;
}

std::string& Rows::start(char const* column) {
    if (!first_column_) text_ += ',';
    first_column_ = false;
    return ((text_ += '"') += column) += "\":";
}

}  // namespace recoup::postgres
