#include "core/codec/event_bodies.hpp"
#include "core/codec/utf8.hpp"

namespace recoup::core {
namespace {

void encode(Money const& money, wire::Money& out) {
    out.set_minor(money.minor);
    out.set_currency(to_utf8(money.currency));
}

void encode(Line const& line, wire::Line& out) {
    out.set_product_id(to_utf8(line.product_id));
    out.set_variant_id(to_utf8(line.variant_id));
    out.set_sku(to_utf8(line.sku));
    out.set_title(to_utf8(line.title));
    out.set_variant_title(to_utf8(line.variant_title));
    out.set_image_url(to_utf8(line.image_url));
    out.set_url(to_utf8(line.url));
    out.set_quantity(line.quantity);
    out.set_price_minor(line.price_minor);
    out.set_gift_card(line.gift_card);
}

void encode(Variant const& variant, wire::Variant& out) {
    out.set_variant_id(to_utf8(variant.variant_id));
    out.set_product_id(to_utf8(variant.product_id));
    out.set_inventory_item_id(to_utf8(variant.inventory_item_id));
    out.set_sku(to_utf8(variant.sku));
    out.set_title(to_utf8(variant.title));
    out.set_image_url(to_utf8(variant.image_url));
    out.set_price_minor(variant.price_minor);
    out.set_currency(to_utf8(variant.currency));
    if (variant.available) out.set_available(*variant.available);
    out.set_sell_when_out(variant.sell_when_out);
    out.set_active(variant.active);
}

/// One overload a body; std::visit refuses to compile when one is missing.
struct Encode {
    wire::Event& out;

    void operator()(UnknownHappened const&) const { out.mutable_unknown_happened(); }
    void operator()(CartDeleted const&) const { out.mutable_cart_deleted(); }
    void operator()(PersonErased const&) const { out.mutable_person_erased(); }
    void operator()(ShopErased const&) const { out.mutable_shop_erased(); }
    void operator()(ShopUninstalled const&) const { out.mutable_shop_uninstalled(); }

    void operator()(CartChanged const& body) const {
        auto& to = *out.mutable_cart_changed();
        to.set_stage(to_wire(wire_stages, body.stage));
        to.set_has_content(body.has_content);
        for (auto const& line : body.lines) encode(line, *to.add_lines());
        to.set_currency(to_utf8(body.currency));
        to.set_subtotal_minor(body.subtotal_minor);
        to.set_total_minor(body.total_minor);
        for (auto const& code : body.discount_codes) to.add_discount_codes(to_utf8(code));
        to.set_recovery_url(to_utf8(body.recovery_url));
        to.set_first_name(to_utf8(body.first_name));
        to.set_last_name(to_utf8(body.last_name));
        to.set_locale(to_utf8(body.locale));
        to.set_country(to_utf8(body.country));
        to.set_region(to_utf8(body.region));
        to.set_postal_code(to_utf8(body.postal_code));
        to.set_gateway(to_utf8(body.gateway));
        to.set_created_at_ms(to_millis(body.created_at));
        to.set_completed_at_ms(to_millis(body.completed_at));
        to.set_source_name(to_utf8(body.source_name));
    }

    void operator()(OrderPlaced const& body) const {
        auto& to = *out.mutable_order_placed();
        to.set_order_id(to_utf8(body.order_id));
        to.set_order_name(to_utf8(body.order_name));
        to.set_placed_at_ms(to_millis(body.placed_at));
        encode(body.total, *to.mutable_total());
        to.set_subtotal_minor(body.subtotal_minor);
        for (auto const& line : body.lines) encode(line, *to.add_lines());
        for (auto const& code : body.discount_codes) to.add_discount_codes(to_utf8(code));
        to.set_financial_status(to_utf8(body.financial_status));
        to.set_cancelled_at_ms(to_millis(body.cancelled_at));
        to.set_landing_site(to_utf8(body.landing_site));
        to.set_first_name(to_utf8(body.first_name));
        to.set_last_name(to_utf8(body.last_name));
        to.set_country(to_utf8(body.country));
        to.set_region(to_utf8(body.region));
        to.set_postal_code(to_utf8(body.postal_code));
        to.set_test(body.test);
        to.set_paid(body.paid);
    }

    void operator()(OrderRefunded const& body) const {
        auto& to = *out.mutable_order_refunded();
        to.set_order_id(to_utf8(body.order_id));
        to.set_refund_id(to_utf8(body.refund_id));
        to.set_amount_minor(body.amount_minor);
    }

    void operator()(PaymentChanged const& body) const {
        auto& to = *out.mutable_payment_changed();
        to.set_payment_id(to_utf8(body.payment_id));
        to.set_attempt_id(to_utf8(body.attempt_id));
        to.set_kind(to_wire(wire_payment_kinds, body.kind));
        to.set_state(to_wire(wire_payment_states, body.state));
        encode(body.amount, *to.mutable_amount());
        to.set_decline_code(to_utf8(body.decline_code));
        to.set_recovery_url(to_utf8(body.recovery_url));
        to.set_test(body.test);
    }

    void operator()(CustomerChanged const& body) const {
        auto& to = *out.mutable_customer_changed();
        to.set_first_name(to_utf8(body.first_name));
        to.set_last_name(to_utf8(body.last_name));
        to.set_locale(to_utf8(body.locale));
        to.set_country(to_utf8(body.country));
        to.set_region(to_utf8(body.region));
        to.set_postal_code(to_utf8(body.postal_code));
        to.set_timezone(to_utf8(body.timezone));
    }

    void operator()(ConsentChanged const& body) const { encode_consent(body, *out.mutable_consent_changed()); }

    void operator()(DataRequested const& body) const {
        out.mutable_data_requested()->set_request_id(to_utf8(body.request_id));
    }

    void operator()(ProductChanged const& body) const {
        auto& to = *out.mutable_product_changed();
        for (auto const& variant : body.variants) encode(variant, *to.add_variants());
    }

    void operator()(StockChanged const& body) const {
        auto& to = *out.mutable_stock_changed();
        to.set_inventory_item_id(to_utf8(body.inventory_item_id));
        to.set_location_id(to_utf8(body.location_id));
        to.set_available(body.available);
    }

    void operator()(BehaviourSeen const& body) const {
        auto& to = *out.mutable_behaviour_seen();
        to.set_kind(to_wire(wire_behaviour_kinds, body.kind));
        to.set_session_id(to_utf8(body.session_id));
        to.set_depth_percent(body.depth_percent);
        to.set_duration_ms(body.duration_ms);
        to.set_payment_method(to_utf8(body.payment_method));
        to.set_product_id(to_utf8(body.product_id));
    }

    void operator()(MessageFeedback const& body) const {
        auto& to = *out.mutable_message_feedback();
        to.set_kind(to_wire(wire_feedback_kinds, body.kind));
        to.set_message_id(to_utf8(body.message_id));
        to.set_detail(to_utf8(body.detail));
    }

    void operator()(DeadLettered const& body) const {
        auto& to = *out.mutable_dead_lettered();
        to.set_reason(to_utf8(body.reason));
        to.set_content_type(to_utf8(body.content_type));
        to.set_raw(body.raw);
    }
};

}  // namespace

void encode_consent(ConsentChanged const& consent, wire::ConsentChanged& out) {
    out.set_channel(to_wire(wire_channels, consent.channel));
    out.set_address(to_utf8(consent.address));
    out.set_state(to_wire(wire_consent_states, consent.state));
    out.set_method(to_utf8(consent.method));
    out.set_suppress(consent.suppress);
    out.set_cause(to_utf8(consent.cause));
}

void encode_body(EventBody const& body, wire::Event& out) { std::visit(Encode{out}, body); }

}  // namespace recoup::core
