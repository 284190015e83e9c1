// What a Shopify store says, in the shapes of API version 2026-04. One shopper is { n }: their addresses and tokens
// follow from the number.

import { createHash } from 'node:crypto';

const hex = (text) => createHash('sha256').update(text).digest('hex').slice(0, 32);

export function shopper(n) {
  return {
    n,
    email: `buyer${n}@example.com`,
    phone: `+1212555${String(1000 + n).padStart(4, '0')}`,
    customer_id: 603851970716743000 + n * 1000,
    order_id: 820982911946154000 + n * 1000,
    cart_token: `Z2Nw${hex(`cart${n}`)}`,
    checkout_token: hex(`checkout${n}`),
  };
}

const line = {
  key: '41327142600817', variant_id: 41327142600817, product_id: 7234590408817, sku: 'HB-158', title: 'Hydrogen Board',
  variant_title: '158cm', vendor: 'Acme', quantity: 2, price: '600.00', line_price: '1200.00', gift_card: false,
  applied_discounts: [], discount_allocations: [], properties: {},
};

export function cart(who, at, lines = [line]) {
  const money = { amount: '600.00', currency_code: 'USD' };
  return {
    id: who.cart_token, token: who.cart_token, note: null, created_at: at, updated_at: at,
    line_items: lines.map((item) => ({ ...item, id: item.variant_id, properties: null,
      price_set: { shop_money: money, presentment_money: money } })),
  };
}

export function checkout(who, at, { consent = true, contact = true, phone = true, lines = [line] } = {}) {
  const total = lines.length === 0 ? '0.00' : '1200.00';
  return {
    token: who.checkout_token, cart_token: who.cart_token, email: contact ? who.email : null,
    phone: contact && phone ? who.phone : null, gateway: null, buyer_accepts_marketing: contact && consent,
    buyer_accepts_sms_marketing: contact && phone && consent,
    sms_marketing_phone: contact && phone && consent ? who.phone : null,
    created_at: at, updated_at: at, completed_at: null, closed_at: null, note_attributes: [], currency: 'USD',
    presentment_currency: 'USD', customer_locale: 'en-US', source_name: 'web', name: `#${35550298931313 + who.n}`,
    abandoned_checkout_url: `https://demo.myshopify.com/548380009/checkouts/ac/${who.cart_token}/recover?key=abc`,
    discount_codes: [], tax_lines: [], shipping_lines: [],
    shipping_address: { first_name: 'Jane', last_name: 'Doe', country_code: 'US', province_code: 'NY', zip: '10001' },
    subtotal_price: total, total_price: total, total_discounts: '0.00', total_tax: '0.00', line_items: lines,
    ...(contact ? { customer: { id: who.customer_id, email: who.email, phone: null, first_name: 'Jane', last_name: 'Doe' } } : {}),
  };
}

export function order(who, at, { status = 'paid' } = {}) {
  return {
    id: who.order_id, token: hex(`order${who.n}`), checkout_token: who.checkout_token, cart_token: who.cart_token,
    email: who.email, contact_email: who.email, phone: null,
    customer: { id: who.customer_id, email: who.email, first_name: 'Jane', last_name: 'Doe' }, name: `#${1000 + who.n}`,
    order_number: 1000 + who.n, created_at: at, processed_at: at, updated_at: at, cancelled_at: null,
    financial_status: status, currency: 'USD', presentment_currency: 'USD', total_price: '1200.00', subtotal_price: '1200.00',
    discount_codes: [], test: false, source_name: 'web', landing_site: '/', refunds: [], line_items: [{ ...line, id: 9 }],
  };
}

export function transaction(who, at, status, code = null) {
  return {
    id: who.order_id + (status === 'success' ? 200 : 100), order_id: who.order_id, kind: 'sale', gateway: 'shopify_payments',
    status, message: status === 'success' ? 'Approved' : 'Your card was declined.', error_code: code, amount: '1200.00',
    currency: 'USD', test: false, created_at: at, processed_at: at,
  };
}

export function email_consent(who, at, state) {
  return {
    customer_id: who.customer_id, email_address: who.email,
    email_marketing_consent: { state, opt_in_level: 'single_opt_in', consent_updated_at: at },
  };
}

export function sms_consent(who, at, state) {
  return {
    id: who.customer_id, phone: who.phone,
    sms_marketing_consent: { state, opt_in_level: 'confirmed_opt_in', consent_updated_at: at, consent_collected_from: 'OTHER' },
  };
}

export function privacy(who, domain, more = {}) {
  return { shop_id: 954889, shop_domain: domain, customer: { id: who.customer_id, email: who.email, phone: who.phone }, ...more };
}
