#include "core/codec/event_bodies.hpp"

namespace recoup::core {
namespace {

void encode(WireWriter& out, Money const& money) {
    using In = wire::Money;
    out.amount(In::kMinorFieldNumber, money.minor);
    out.text(In::kCurrencyFieldNumber, money.currency);
}

void encode(WireWriter& out, Line const& line) {
    using In = wire::Line;
    out.text(In::kProductIdFieldNumber, line.product_id);
    out.text(In::kVariantIdFieldNumber, line.variant_id);
    out.text(In::kSkuFieldNumber, line.sku);
    out.text(In::kTitleFieldNumber, line.title);
    out.text(In::kVariantTitleFieldNumber, line.variant_title);
    out.text(In::kImageUrlFieldNumber, line.image_url);
    out.text(In::kUrlFieldNumber, line.url);
    out.integer(In::kQuantityFieldNumber, line.quantity);
    out.amount(In::kPriceMinorFieldNumber, line.price_minor);
    out.integer(In::kGiftCardFieldNumber, line.gift_card);
    out.amount(In::kListPriceMinorFieldNumber, line.list_price_minor);
}

void encode(WireWriter& out, Variant const& variant) {
    using In = wire::Variant;
    out.text(In::kVariantIdFieldNumber, variant.variant_id);
    out.text(In::kProductIdFieldNumber, variant.product_id);
    out.text(In::kInventoryItemIdFieldNumber, variant.inventory_item_id);
    out.text(In::kSkuFieldNumber, variant.sku);
    out.text(In::kTitleFieldNumber, variant.title);
    out.text(In::kImageUrlFieldNumber, variant.image_url);
    out.amount(In::kPriceMinorFieldNumber, variant.price_minor);
    out.text(In::kCurrencyFieldNumber, variant.currency);
    if (variant.available) out.present_amount(In::kAvailableFieldNumber, *variant.available);
    out.integer(In::kSellWhenOutFieldNumber, variant.sell_when_out);
    out.integer(In::kActiveFieldNumber, variant.active);
    out.text(In::kProductTitleFieldNumber, variant.product_title);
    out.text(In::kUrlFieldNumber, variant.url);
}

/// One overload a body; std::visit refuses to compile when one is missing.
struct Encode {
    WireWriter& out;

    void operator()(UnknownHappened const&) const { out.message(wire::Event::kUnknownHappenedFieldNumber, [] {}); }
    void operator()(CartDeleted const&) const { out.message(wire::Event::kCartDeletedFieldNumber, [] {}); }
    void operator()(PersonErased const&) const { out.message(wire::Event::kPersonErasedFieldNumber, [] {}); }
    void operator()(ShopErased const&) const { out.message(wire::Event::kShopErasedFieldNumber, [] {}); }
    void operator()(ShopUninstalled const&) const { out.message(wire::Event::kShopUninstalledFieldNumber, [] {}); }

    void operator()(CartChanged const& body) const {
        using In = wire::CartChanged;
        auto const message = out.open(wire::Event::kCartChangedFieldNumber);
        out.integer(In::kStageFieldNumber, to_wire(wire_stages, body.stage));
        out.integer(In::kHasContentFieldNumber, body.has_content);
        for (auto const& line : body.lines) out.message(In::kLinesFieldNumber, [&] { encode(out, line); });
        out.text(In::kCurrencyFieldNumber, body.currency);
        out.amount(In::kSubtotalMinorFieldNumber, body.subtotal_minor);
        out.amount(In::kTotalMinorFieldNumber, body.total_minor);
        for (auto const& code : body.discount_codes) out.element(In::kDiscountCodesFieldNumber, code);
        out.text(In::kRecoveryUrlFieldNumber, body.recovery_url);
        out.text(In::kFirstNameFieldNumber, body.first_name);
        out.text(In::kLastNameFieldNumber, body.last_name);
        out.text(In::kLocaleFieldNumber, body.locale);
        out.text(In::kCountryFieldNumber, body.country);
        out.text(In::kRegionFieldNumber, body.region);
        out.text(In::kPostalCodeFieldNumber, body.postal_code);
        out.text(In::kGatewayFieldNumber, body.gateway);
        out.integer(In::kCreatedAtMsFieldNumber, to_millis(body.created_at));
        out.integer(In::kCompletedAtMsFieldNumber, to_millis(body.completed_at));
        out.text(In::kSourceNameFieldNumber, body.source_name);
        out.text(In::kAddressMarkFieldNumber, body.address_mark);
    }

    void operator()(OrderPlaced const& body) const {
        using In = wire::OrderPlaced;
        auto const message = out.open(wire::Event::kOrderPlacedFieldNumber);
        out.text(In::kOrderIdFieldNumber, body.order_id);
        out.text(In::kOrderNameFieldNumber, body.order_name);
        out.integer(In::kPlacedAtMsFieldNumber, to_millis(body.placed_at));
        out.message(In::kTotalFieldNumber, [&] { encode(out, body.total); });
        out.amount(In::kSubtotalMinorFieldNumber, body.subtotal_minor);
        for (auto const& line : body.lines) out.message(In::kLinesFieldNumber, [&] { encode(out, line); });
        for (auto const& code : body.discount_codes) out.element(In::kDiscountCodesFieldNumber, code);
        out.text(In::kFinancialStatusFieldNumber, body.financial_status);
        out.integer(In::kCancelledAtMsFieldNumber, to_millis(body.cancelled_at));
        out.text(In::kLandingSiteFieldNumber, body.landing_site);
        out.text(In::kFirstNameFieldNumber, body.first_name);
        out.text(In::kLastNameFieldNumber, body.last_name);
        out.text(In::kCountryFieldNumber, body.country);
        out.text(In::kRegionFieldNumber, body.region);
        out.text(In::kPostalCodeFieldNumber, body.postal_code);
        out.integer(In::kTestFieldNumber, body.test);
        out.integer(In::kPaidFieldNumber, body.paid);
        out.integer(In::kRenewalFieldNumber, body.renewal);
        out.text(In::kAddressMarkFieldNumber, body.address_mark);
    }

    void operator()(OrderRefunded const& body) const {
        using In = wire::OrderRefunded;
        auto const message = out.open(wire::Event::kOrderRefundedFieldNumber);
        out.text(In::kOrderIdFieldNumber, body.order_id);
        out.text(In::kRefundIdFieldNumber, body.refund_id);
        out.amount(In::kAmountMinorFieldNumber, body.amount_minor);
    }

    void operator()(PaymentChanged const& body) const {
        using In = wire::PaymentChanged;
        auto const message = out.open(wire::Event::kPaymentChangedFieldNumber);
        out.text(In::kPaymentIdFieldNumber, body.payment_id);
        out.text(In::kAttemptIdFieldNumber, body.attempt_id);
        out.integer(In::kKindFieldNumber, to_wire(wire_payment_kinds, body.kind));
        out.integer(In::kStateFieldNumber, to_wire(wire_payment_states, body.state));
        out.message(In::kAmountFieldNumber, [&] { encode(out, body.amount); });
        out.text(In::kDeclineCodeFieldNumber, body.decline_code);
        out.text(In::kRecoveryUrlFieldNumber, body.recovery_url);
        out.integer(In::kTestFieldNumber, body.test);
        out.text(In::kSubscriptionIdFieldNumber, body.subscription_id);
    }

    void operator()(SubscriptionChanged const& body) const {
        using In = wire::SubscriptionChanged;
        auto const message = out.open(wire::Event::kSubscriptionChangedFieldNumber);
        out.text(In::kSubscriptionIdFieldNumber, body.subscription_id);
        out.integer(In::kActiveFieldNumber, body.active);
        out.text(In::kTitleFieldNumber, body.title);
        out.text(In::kRecoveryUrlFieldNumber, body.recovery_url);
    }

    void operator()(CustomerChanged const& body) const {
        using In = wire::CustomerChanged;
        auto const message = out.open(wire::Event::kCustomerChangedFieldNumber);
        out.text(In::kFirstNameFieldNumber, body.first_name);
        out.text(In::kLastNameFieldNumber, body.last_name);
        out.text(In::kLocaleFieldNumber, body.locale);
        out.text(In::kCountryFieldNumber, body.country);
        out.text(In::kRegionFieldNumber, body.region);
        out.text(In::kPostalCodeFieldNumber, body.postal_code);
        out.text(In::kTimezoneFieldNumber, body.timezone);
    }

    void operator()(ConsentChanged const& body) const {
        out.message(wire::Event::kConsentChangedFieldNumber, [&] { encode(out, body); });
    }

    void operator()(DataRequested const& body) const {
        auto const message = out.open(wire::Event::kDataRequestedFieldNumber);
        out.text(wire::DataRequested::kRequestIdFieldNumber, body.request_id);
    }

    void operator()(ProductChanged const& body) const {
        using In = wire::ProductChanged;
        auto const message = out.open(wire::Event::kProductChangedFieldNumber);
        for (auto const& variant : body.variants) out.message(In::kVariantsFieldNumber, [&] { encode(out, variant); });
    }

    void operator()(CouponChanged const& body) const {
        using In = wire::CouponChanged;
        auto const& coupon = body.coupon;
        auto const message = out.open(wire::Event::kCouponChangedFieldNumber);
        out.text(In::kCodeFieldNumber, coupon.code);
        out.integer(In::kActiveFieldNumber, coupon.active);
        out.integer(In::kStartsAtMsFieldNumber, to_millis(coupon.starts_at));
        out.integer(In::kEndsAtMsFieldNumber, to_millis(coupon.ends_at));
        if (coupon.uses_left) out.present_amount(In::kUsesLeftFieldNumber, *coupon.uses_left);
        if (coupon.percent) out.present_amount(In::kPercentFieldNumber, *coupon.percent);
    }

    void operator()(StockChanged const& body) const {
        using In = wire::StockChanged;
        auto const message = out.open(wire::Event::kStockChangedFieldNumber);
        out.text(In::kInventoryItemIdFieldNumber, body.inventory_item_id);
        out.text(In::kLocationIdFieldNumber, body.location_id);
        out.amount(In::kAvailableFieldNumber, body.available);
    }

    void operator()(BehaviourSeen const& body) const {
        using In = wire::BehaviourSeen;
        auto const message = out.open(wire::Event::kBehaviourSeenFieldNumber);
        out.integer(In::kKindFieldNumber, to_wire(wire_behaviour_kinds, body.kind));
        out.text(In::kSessionIdFieldNumber, body.session_id);
        out.integer(In::kDepthPercentFieldNumber, body.depth_percent);
        out.integer(In::kDurationMsFieldNumber, body.duration_ms);
        out.text(In::kPaymentMethodFieldNumber, body.payment_method);
        out.text(In::kProductIdFieldNumber, body.product_id);
    }

    void operator()(MessageFeedback const& body) const {
        using In = wire::MessageFeedback;
        auto const message = out.open(wire::Event::kMessageFeedbackFieldNumber);
        out.integer(In::kKindFieldNumber, to_wire(wire_feedback_kinds, body.kind));
        out.text(In::kMessageIdFieldNumber, body.message_id);
        out.text(In::kDetailFieldNumber, body.detail);
        out.integer(In::kMachineFieldNumber, body.machine);
    }

    void operator()(DeadLettered const& body) const {
        using In = wire::DeadLettered;
        auto const message = out.open(wire::Event::kDeadLetteredFieldNumber);
        out.text(In::kReasonFieldNumber, body.reason);
        out.text(In::kContentTypeFieldNumber, body.content_type);
        out.bytes(In::kRawFieldNumber, body.raw);
        out.text(In::kCallFieldNumber, body.call);
        for (auto const& [name, value] : body.headers)
            out.message(In::kHeadersFieldNumber, [&out = out, &name = name, &value = value] {
                out.text(wire::DeadLettered::Header::kNameFieldNumber, name);
                out.text(wire::DeadLettered::Header::kValueFieldNumber, value);
            });
    }
};

}  // namespace

void encode(WireWriter& out, ConsentChanged const& consent) {
    using In = wire::ConsentChanged;
    out.integer(In::kChannelFieldNumber, to_wire(wire_channels, consent.channel));
    out.text(In::kAddressFieldNumber, consent.address);
    out.integer(In::kStateFieldNumber, to_wire(wire_consent_states, consent.state));
    out.text(In::kMethodFieldNumber, consent.method);
    out.integer(In::kSuppressFieldNumber, consent.suppress);
    out.text(In::kCauseFieldNumber, consent.cause);
    out.integer(In::kSaidAtMsFieldNumber, to_millis(consent.said_at));
    out.integer(In::kConfirmedFieldNumber, consent.confirmed);
    out.integer(In::kAgeFieldNumber, consent.age);
}

void encode(WireWriter& out, EventBody const& body) { std::visit(Encode{out}, body); }

}  // namespace recoup::core
