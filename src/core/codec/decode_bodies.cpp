#include "core/codec/event_bodies.hpp"

namespace recoup::core {
namespace {

std::string take(std::string* text) { return std::move(*text); }

template <class Repeated>
std::vector<std::string> take_all(Repeated& texts) {
    return {std::make_move_iterator(texts.begin()), std::make_move_iterator(texts.end())};
}

Money decode(wire::Money& in) { return Money{in.minor(), take(in.mutable_currency())}; }

template <class Repeated>
std::vector<Line> decode_lines(Repeated& lines) {
    std::vector<Line> decoded;
    decoded.reserve(static_cast<std::size_t>(lines.size()));
    for (auto& in : lines) {
        auto& line = decoded.emplace_back();
        line.product_id = take(in.mutable_product_id());
        line.variant_id = take(in.mutable_variant_id());
        line.sku = take(in.mutable_sku());
        line.title = take(in.mutable_title());
        line.variant_title = take(in.mutable_variant_title());
        line.image_url = take(in.mutable_image_url());
        line.url = take(in.mutable_url());
        line.quantity = in.quantity();
        line.price_minor = in.price_minor();
        line.gift_card = in.gift_card();
        line.list_price_minor = in.list_price_minor();
    }
    return decoded;
}

bool decode(wire::CartChanged& in, CartChanged& body) {
    body.has_content = in.has_content();
    body.lines = decode_lines(*in.mutable_lines());
    body.currency = take(in.mutable_currency());
    body.subtotal_minor = in.subtotal_minor();
    body.total_minor = in.total_minor();
    body.discount_codes = take_all(*in.mutable_discount_codes());
    body.recovery_url = take(in.mutable_recovery_url());
    body.first_name = take(in.mutable_first_name());
    body.last_name = take(in.mutable_last_name());
    body.locale = take(in.mutable_locale());
    body.country = take(in.mutable_country());
    body.region = take(in.mutable_region());
    body.postal_code = take(in.mutable_postal_code());
    body.gateway = take(in.mutable_gateway());
    body.created_at = instant_from_millis(in.created_at_ms());
    body.completed_at = instant_from_millis(in.completed_at_ms());
    body.source_name = take(in.mutable_source_name());
    body.address_mark = take(in.mutable_address_mark());
    return from_wire(wire_stages, in.stage(), body.stage);
}

bool decode(wire::OrderPlaced& in, OrderPlaced& body) {
    body.order_id = take(in.mutable_order_id());
    body.order_name = take(in.mutable_order_name());
    body.placed_at = instant_from_millis(in.placed_at_ms());
    body.total = decode(*in.mutable_total());
    body.subtotal_minor = in.subtotal_minor();
    body.lines = decode_lines(*in.mutable_lines());
    body.discount_codes = take_all(*in.mutable_discount_codes());
    body.financial_status = take(in.mutable_financial_status());
    body.cancelled_at = instant_from_millis(in.cancelled_at_ms());
    body.landing_site = take(in.mutable_landing_site());
    body.first_name = take(in.mutable_first_name());
    body.last_name = take(in.mutable_last_name());
    body.country = take(in.mutable_country());
    body.region = take(in.mutable_region());
    body.postal_code = take(in.mutable_postal_code());
    body.test = in.test();
    body.paid = in.paid();
    body.renewal = in.renewal();
    body.address_mark = take(in.mutable_address_mark());
    return true;
}

bool decode(wire::OrderRefunded& in, OrderRefunded& body) {
    body.order_id = take(in.mutable_order_id());
    body.refund_id = take(in.mutable_refund_id());
    body.amount_minor = in.amount_minor();
    return true;
}

bool decode(wire::PaymentChanged& in, PaymentChanged& body) {
    body.payment_id = take(in.mutable_payment_id());
    body.attempt_id = take(in.mutable_attempt_id());
    body.amount = decode(*in.mutable_amount());
    body.decline_code = take(in.mutable_decline_code());
    body.recovery_url = take(in.mutable_recovery_url());
    body.test = in.test();
    body.subscription_id = take(in.mutable_subscription_id());
    return from_wire(wire_payment_kinds, in.kind(), body.kind) &&
           from_wire(wire_payment_states, in.state(), body.state);
}

bool decode(wire::SubscriptionChanged& in, SubscriptionChanged& body) {
    body.subscription_id = take(in.mutable_subscription_id());
    body.active = in.active();
    body.title = take(in.mutable_title());
    body.recovery_url = take(in.mutable_recovery_url());
    return true;
}

bool decode(wire::CustomerChanged& in, CustomerChanged& body) {
    body.first_name = take(in.mutable_first_name());
    body.last_name = take(in.mutable_last_name());
    body.locale = take(in.mutable_locale());
    body.country = take(in.mutable_country());
    body.region = take(in.mutable_region());
    body.postal_code = take(in.mutable_postal_code());
    body.timezone = take(in.mutable_timezone());
    return true;
}

bool decode(wire::DataRequested& in, DataRequested& body) {
    body.request_id = take(in.mutable_request_id());
    return true;
}

bool decode(wire::ProductChanged& in, ProductChanged& body) {
    for (auto& from : *in.mutable_variants()) {
        auto& variant = body.variants.emplace_back();
        variant.variant_id = take(from.mutable_variant_id());
        variant.product_id = take(from.mutable_product_id());
        variant.inventory_item_id = take(from.mutable_inventory_item_id());
        variant.sku = take(from.mutable_sku());
        variant.title = take(from.mutable_title());
        variant.image_url = take(from.mutable_image_url());
        variant.price_minor = from.price_minor();
        variant.currency = take(from.mutable_currency());
        if (from.has_available()) variant.available = from.available();
        variant.sell_when_out = from.sell_when_out();
        variant.active = from.active();
        variant.product_title = take(from.mutable_product_title());
        variant.url = take(from.mutable_url());
    }
    return true;
}

bool decode(wire::CouponChanged& in, CouponChanged& body) {
    auto& coupon = body.coupon;
    coupon.code = take(in.mutable_code());
    coupon.active = in.active();
    coupon.starts_at = instant_from_millis(in.starts_at_ms());
    coupon.ends_at = instant_from_millis(in.ends_at_ms());
    if (in.has_uses_left()) coupon.uses_left = in.uses_left();
    if (in.has_percent()) coupon.percent = in.percent();
    return true;
}

bool decode(wire::StockChanged& in, StockChanged& body) {
    body.inventory_item_id = take(in.mutable_inventory_item_id());
    body.location_id = take(in.mutable_location_id());
    body.available = in.available();
    return true;
}

bool decode(wire::BehaviourSeen& in, BehaviourSeen& body) {
    body.session_id = take(in.mutable_session_id());
    body.depth_percent = in.depth_percent();
    body.duration_ms = in.duration_ms();
    body.payment_method = take(in.mutable_payment_method());
    body.product_id = take(in.mutable_product_id());
    return from_wire(wire_behaviour_kinds, in.kind(), body.kind);
}

bool decode(wire::MessageFeedback& in, MessageFeedback& body) {
    body.message_id = take(in.mutable_message_id());
    body.detail = take(in.mutable_detail());
    body.machine = in.machine();
    return from_wire(wire_feedback_kinds, in.kind(), body.kind);
}

bool decode(wire::DeadLettered& in, DeadLettered& body) {
    body.reason = take(in.mutable_reason());
    body.content_type = take(in.mutable_content_type());
    body.raw = take(in.mutable_raw());
    body.call = take(in.mutable_call());
    for (auto& header : *in.mutable_headers())
        body.headers.emplace_back(take(header.mutable_name()), take(header.mutable_value()));
    return true;
}

template <class Body>
bool empty_body(EventBody& body) {
    body.emplace<Body>();
    return true;
}

}  // namespace

bool decode_consent(wire::ConsentChanged& in, ConsentChanged& consent) {
    consent.address = take(in.mutable_address());
    consent.method = take(in.mutable_method());
    consent.suppress = in.suppress();
    consent.cause = take(in.mutable_cause());
    consent.said_at = instant_from_millis(in.said_at_ms());
    consent.confirmed = in.confirmed();
    consent.age = in.age();
    return from_wire(wire_channels, in.channel(), consent.channel) &&
           from_wire(wire_consent_states, in.state(), consent.state);
}

bool decode_body(wire::Event& in, EventBody& body) {
    switch (in.body_case()) {
        case wire::Event::BODY_NOT_SET: return false;
        case wire::Event::kUnknownHappened: return empty_body<UnknownHappened>(body);
        case wire::Event::kCartChanged: return decode(*in.mutable_cart_changed(), body.emplace<CartChanged>());
        case wire::Event::kCartDeleted: return empty_body<CartDeleted>(body);
        case wire::Event::kOrderPlaced: return decode(*in.mutable_order_placed(), body.emplace<OrderPlaced>());
        case wire::Event::kOrderRefunded: return decode(*in.mutable_order_refunded(), body.emplace<OrderRefunded>());
        case wire::Event::kPaymentChanged: return decode(*in.mutable_payment_changed(), body.emplace<PaymentChanged>());
        case wire::Event::kCustomerChanged:
            return decode(*in.mutable_customer_changed(), body.emplace<CustomerChanged>());
        case wire::Event::kConsentChanged:
            return decode_consent(*in.mutable_consent_changed(), body.emplace<ConsentChanged>());
        case wire::Event::kPersonErased: return empty_body<PersonErased>(body);
        case wire::Event::kDataRequested: return decode(*in.mutable_data_requested(), body.emplace<DataRequested>());
        case wire::Event::kShopErased: return empty_body<ShopErased>(body);
        case wire::Event::kShopUninstalled: return empty_body<ShopUninstalled>(body);
        case wire::Event::kProductChanged: return decode(*in.mutable_product_changed(), body.emplace<ProductChanged>());
        case wire::Event::kStockChanged: return decode(*in.mutable_stock_changed(), body.emplace<StockChanged>());
        case wire::Event::kBehaviourSeen: return decode(*in.mutable_behaviour_seen(), body.emplace<BehaviourSeen>());
        case wire::Event::kMessageFeedback:
            return decode(*in.mutable_message_feedback(), body.emplace<MessageFeedback>());
        case wire::Event::kSubscriptionChanged:
            return decode(*in.mutable_subscription_changed(), body.emplace<SubscriptionChanged>());
        case wire::Event::kCouponChanged: return decode(*in.mutable_coupon_changed(), body.emplace<CouponChanged>());
        case wire::Event::kDeadLettered: return decode(*in.mutable_dead_lettered(), body.emplace<DeadLettered>());
    }
    return false;
}

}  // namespace recoup::core
