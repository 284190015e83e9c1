#pragma once
// The values of the domain that are kept as documents, as JSON text. Made from their own lists of fields; an absent
// key keeps its default, a broken text reads as a default value.

#include "recoup/domain/decision.hpp"
#include "recoup/domain/sequence.hpp"
#include "recoup/domain/shop.hpp"
#include "recoup/domain/world.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace recoup::core {

template <class T>
void write_json(std::string& out, T const& value);
template <class T>
T from_json_text(std::string_view text);
/// Into a default value, where it is to stay.
template <class T>
void read_json_text(std::string_view text, T& value);

#define RECOUP_DOCUMENTS(DOCUMENT)                                                                        \
    DOCUMENT(Person) DOCUMENT(Cart) DOCUMENT(Order) DOCUMENT(Payment) DOCUMENT(Shop) DOCUMENT(Sequence)   \
    DOCUMENT(Score) DOCUMENT(Versioned<Variant>) DOCUMENT(Versioned<std::int64_t>)                        \
    DOCUMENT(Versioned<Coupon>) DOCUMENT(std::vector<Versioned<std::int64_t>>) DOCUMENT(std::vector<TraceEntry>)

#define RECOUP_DECLARE_DOCUMENT(T)                                   \
    extern template void write_json<T>(std::string&, T const&);      \
    extern template T from_json_text<T>(std::string_view);           \
    extern template void read_json_text<T>(std::string_view, T&);
RECOUP_DOCUMENTS(RECOUP_DECLARE_DOCUMENT)
#undef RECOUP_DECLARE_DOCUMENT

}  // namespace recoup::core
