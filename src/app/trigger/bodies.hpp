#pragma once
// The prepared bodies, in the shapes of Shopify API version 2026-04 (reference: wire.md 2).

#include "app/trigger/trigger.hpp"

namespace recoup::trigger {

struct Webhook {
    std::string topic, body;
};

Webhook cart(Request const& request);
/// With lines it waits to be bought, without it was emptied; the same email and phone give the same checkout.
Webhook checkout(Request const& request, bool with_lines);
Webhook order(Request const& request, std::string_view financial_status, std::string topic);
Webhook transaction(Request const& request, bool success);
std::vector<Webhook> revocations(Request const& request);

}  // namespace recoup::trigger
