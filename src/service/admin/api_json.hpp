#pragma once
// JSON of the admin API: snake_case, keys in reading order, times RFC 3339 UTC, money with its exact minor units, and
// null for what is not known, so that every item of a kind has the same keys (see api_schema.hpp).

#include "recoup/domain/money.hpp"
#include "recoup/port/admin_store.hpp"

#include <nlohmann/json.hpp>

#include <string>

namespace recoup::service {

using ApiJson = nlohmann::ordered_json;

ApiJson time_or_null(Instant at);
ApiJson text_or_null(std::string const& text);
/// {"amount": "12.50", "minor": 1250, "currency": "USD"}; null without a currency.
ApiJson money_json(Money const& money);
ApiJson score_json(std::optional<Score> const& score);
ApiJson trace_json(std::vector<TraceEntry> const& trace);

ApiJson item(Shop const& shop);
ApiJson item(EventRow const& row);
ApiJson item(PersonRow const& row);
ApiJson item(CartRow const& row);
ApiJson item(EnrollmentRow const& row);
ApiJson item(DecisionRow const& row);
ApiJson item(OrderRow const& row);
/// The document only with content.
ApiJson item(ExportRow const& row, bool content);
/// Subject and bodies only with `content`.
ApiJson item(MessageRow const& row, bool content);

/// Invalid UTF-8 is replaced: values come from outside bytes.
std::string dump(ApiJson const& json);

}  // namespace recoup::service
