#include "core/codec/documents.hpp"

#include "core/codec/json_fields.hpp"

namespace recoup::core {

#define RECOUP_MAKE_DOCUMENT(T)                               \
    template void write_json<T>(std::string&, T const&);      \
    template T from_json_text<T>(std::string_view);
RECOUP_DOCUMENTS(RECOUP_MAKE_DOCUMENT)

}  // namespace recoup::core
