#include "service/admin/api_json.hpp"

namespace recoup::service {
namespace {

ApiJson keys_json(std::set<IdentityKey> const& keys) {
    ApiJson list = ApiJson::array();
    for (auto const& key : keys) list.push_back({{"kind", name(key.kind)}, {"value", key.value}});
    return list;
}

ApiJson lines_json(CartContent const& content) {
    ApiJson list = ApiJson::array();
    for (auto const& line : content.lines) {
        list.push_back({{"product_id", text_or_null(line.product_id)},
                        {"variant_id", text_or_null(line.variant_id)},
                        {"sku", text_or_null(line.sku)},
                        {"title", line.title},
                        {"variant_title", text_or_null(line.variant_title)},
                        {"quantity", line.quantity},
                        {"price", money_json({line.price_minor, content.currency})},
                        {"image_url", text_or_null(line.image_url)},
                        {"url", text_or_null(line.url)}});
    }
    return list;
}

ApiJson consents_json(Person const& person) {
    ApiJson list = ApiJson::array();
    for (auto const& [key, consent] : person.consents) {
        list.push_back({{"channel", name(consent.channel)},
                        {"address", consent.address},
                        {"state", name(consent.state)},
                        {"method", text_or_null(consent.method)},
                        {"at", time_or_null(consent.version.at)},
                        {"confirmed_at", time_or_null(consent.confirmed() ? consent.confirmed_at : never)},
                        {"age", consent.age == 0 ? ApiJson(nullptr) : ApiJson(consent.age)}});
    }
    return list;
}

ApiJson step_number(int index) { return index < 0 ? ApiJson(nullptr) : ApiJson(index + 1); }

}  // namespace

ApiJson time_or_null(Instant at) { return at == never ? ApiJson(nullptr) : ApiJson(to_rfc3339(at)); }

ApiJson text_or_null(std::string const& text) { return text.empty() ? ApiJson(nullptr) : ApiJson(text); }

ApiJson money_json(Money const& money) {
    if (money.currency.empty()) return nullptr;
    return {{"amount", decimal_text(money)}, {"minor", money.minor}, {"currency", money.currency}};
}

ApiJson score_json(std::optional<Score> const& score) {
    if (!score) return nullptr;
    ApiJson contributions = ApiJson::array();
    for (auto const& part : score->contributions) {
        contributions.push_back({{"feature", part.feature},
                                 {"value", part.value ? ApiJson(*part.value) : ApiJson(nullptr)},
                                 {"share", part.share}});
    }
    return {{"model", score->model},
            {"risk", score->risk},
            {"margin", score->margin},
            {"bias", score->bias},
            {"contributions", std::move(contributions)}};
}

ApiJson trace_json(std::vector<TraceEntry> const& trace) {
    ApiJson list = ApiJson::array();
    for (auto const& entry : trace)
        list.push_back({{"rule", entry.rule}, {"passed", entry.passed}, {"input", entry.input}, {"source", text_or_null(entry.source)}});
    return list;
}

ApiJson item(Shop const& shop) {
    return {{"id", shop.id},
            {"name", shop.name},
            {"domain", text_or_null(shop.domain)},
            {"currency", shop.currency},
            {"timezone", shop.timezone},
            {"country", text_or_null(shop.country)},
            {"uninstalled_at", time_or_null(shop.uninstalled_at)}};
}

ApiJson item(EventRow const& row) {
    return {{"id", row.id},
            {"source", row.source},
            {"topic", row.topic},
            {"kind", row.kind},
            {"occurred_at", time_or_null(row.occurred_at)},
            {"received_at", time_or_null(row.received_at)},
            {"person_id", text_or_null(row.person_id)},
            {"cart_id", text_or_null(row.cart_id)}};
}

ApiJson item(PersonRow const& row) {
    auto const& person = row.person;
    return {{"id", person.id},
            {"email", text_or_null(person.email.value)},
            {"phone", text_or_null(person.phone.value)},
            {"first_name", text_or_null(person.first_name.value)},
            {"last_name", text_or_null(person.last_name.value)},
            {"locale", text_or_null(person.locale.value)},
            {"country", text_or_null(person.country.value)},
            {"region", text_or_null(person.region.value)},
            {"timezone", text_or_null(person.timezone.value)},
            {"keys", keys_json(person.keys)},
            {"consents", consents_json(person)},
            {"sessions", person.sessions_seen},
            {"orders", person.orders.size()},
            {"first_seen_at", time_or_null(person.first_seen_at)},
            {"last_seen_at", time_or_null(row.last_seen_at)}};
}

ApiJson item(CartRow const& row) {
    auto const& cart = row.cart;
    auto const& content = cart.content.value;
    return {{"id", cart.id},
            {"person_id", text_or_null(cart.person_id)},
            {"stage", name(cart.stage)},
            {"tokens", keys_json(cart.tokens)},
            {"lines", lines_json(content)},
            {"subtotal", money_json({content.subtotal_minor, content.currency})},
            {"total", money_json({content.total_minor, content.currency})},
            {"discount_codes", content.discount_codes},
            {"email", text_or_null(cart.email.value)},
            {"phone", text_or_null(cart.phone.value)},
            {"country", text_or_null(cart.country.value)},
            {"region", text_or_null(cart.region.value)},
            {"recovery_url", text_or_null(cart.recovery_url.value)},
            {"created_at", time_or_null(cart.created_at)},
            {"last_activity_at", time_or_null(row.last_activity_at)},
            {"abandoned_at", row.idle_at ? time_or_null(*row.idle_at) : ApiJson(nullptr)},
            {"ordered_at", time_or_null(cart.ordered_at)},
            {"order_id", text_or_null(cart.order_id)},
            {"deleted_at", time_or_null(cart.deleted_at)},
            {"score", score_json(row.score)}};
}

ApiJson item(EnrollmentRow const& row) {
    return {{"id", row.id},
            {"person_id", row.person_id},
            {"cart_id", text_or_null(row.cart_id)},
            {"payment_id", text_or_null(row.payment_id)},
            {"trigger", row.trigger},
            {"sequence", row.sequence},
            {"sequence_version", row.sequence_version},
            {"arm", row.arm},
            {"status", row.status},
            {"reason", row.reason},
            {"end_reason", text_or_null(row.end_reason)},
            {"value", money_json({row.value_minor, row.currency})},
            {"anchor_at", time_or_null(row.anchor_at)},
            {"opened_at", time_or_null(row.opened_at)},
            {"ended_at", time_or_null(row.ended_at)}};
}

ApiJson item(DecisionRow const& row) {
    return {{"id", row.id},
            {"subject", row.subject},
            {"verdict", row.verdict},
            {"reason", row.reason},
            {"at", time_or_null(row.at)},
            {"move_to", time_or_null(row.move_to)},
            {"enrollment_id", text_or_null(row.enrollment_id)},
            {"person_id", text_or_null(row.person_id)},
            {"cart_id", text_or_null(row.cart_id)},
            {"message_id", text_or_null(row.message_id)},
            {"step", step_number(row.step)},
            {"sequence_version", row.sequence_version == 0 ? ApiJson(nullptr) : ApiJson(row.sequence_version)},
            {"law", text_or_null(row.law)},
            {"trace", trace_json(row.trace)},
            {"score", score_json(row.score)}};
}

ApiJson item(OrderRow const& row) {
    return {{"id", row.id},
            {"person_id", text_or_null(row.person_id)},
            {"cart_id", text_or_null(row.cart_id)},
            {"total", money_json({row.total_minor, row.currency})},
            {"refunded", money_json({row.refunded_minor, row.currency})},
            {"placed_at", time_or_null(row.placed_at)},
            {"received_at", time_or_null(row.received_at)},
            {"cancelled_at", time_or_null(row.cancelled_at)},
            {"test", row.test}};
}

ApiJson item(ExportRow const& row, bool content) {
    ApiJson json = {{"id", row.id}, {"person_id", text_or_null(row.person_id)}, {"requested_at", time_or_null(row.requested_at)}};
    if (content) json["document"] = ApiJson::parse(row.document, nullptr, false);
    return json;
}

ApiJson item(MessageRow const& row, bool content) {
    ApiJson json = {{"id", row.id},
                    {"enrollment_id", row.enrollment_id},
                    {"person_id", text_or_null(row.person_id)},
                    {"cart_id", text_or_null(row.cart_id)},
                    {"sequence", row.sequence},
                    {"step", step_number(row.step)},
                    {"step_name", row.step_name},
                    {"channel", row.channel},
                    {"adapter", row.adapter},
                    {"status", row.status},
                    {"reason", row.reason},
                    {"to", text_or_null(row.to)},
                    {"incentive_percent", row.incentive_percent},
                    {"attempt", row.attempt},
                    {"planned_at", time_or_null(row.planned_at)},
                    {"created_at", time_or_null(row.created_at)},
                    {"sent_at", time_or_null(row.sent_at)},
                    {"clicked_at", time_or_null(row.clicked_at)},
                    {"opened_at", time_or_null(row.opened_at)},
                    {"machine_clicked_at", time_or_null(row.machine_clicked_at)},
                    {"machine_opened_at", time_or_null(row.machine_opened_at)},
                    {"provider_id", text_or_null(row.provider_id)},
                    {"provider_code", text_or_null(row.provider_code)},
                    {"feedback", text_or_null(row.feedback)}};
    if (!content) return json;
    json["subject"] = text_or_null(row.subject);
    json["text"] = text_or_null(row.text);
    json["html"] = text_or_null(row.html);
    json["target_url"] = text_or_null(row.target_url);
    return json;
}

std::string dump(ApiJson const& json) { return json.dump(-1, ' ', false, ApiJson::error_handler_t::replace); }

}  // namespace recoup::service
