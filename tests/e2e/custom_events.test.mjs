// A custom store: events signed by the reference library of Standard Webhooks.

import assert from 'node:assert/strict';
import { after as afterAll, before, describe, test } from 'node:test';

import { Daemon, after, hours } from './harness.mjs';

describe('custom events', () => {
  let daemon;
  before(async () => { daemon = await Daemon.start(); });
  afterAll(() => daemon?.destroy());

  const lines = [{ product_id: 'p1', variant_id: 'v1', sku: 'HB', title: 'Board', quantity: 2, price: '600.00' }];
  const data = (n, more = {}) => ({
    cart_id: `cart-${n}`, checkout_id: `checkout-${n}`, currency: 'USD', total: '1200.00', lines,
    recovery_url: `https://shop.example/checkout/${n}`,
    customer: { email: `custom${n}@example.com`, country: 'US', region: 'NY', postal_code: '10001', accepts_email_marketing: true },
    ...more,
  });
  const event = (type, timestamp, body) => ({ type, timestamp, data: body });

  test('open a sequence, and an order ends it', async () => {
    const now = await daemon.now();
    const opened = await daemon.events(event('checkout.started', now, data(1)));
    assert.equal(opened.status, 200, opened.text);
    const bought = await daemon.advance(hours(5));
    const ordered = await daemon.events(event('order.completed', bought, { ...data(1), order_id: 'o-1' }));
    assert.equal(ordered.status, 200, ordered.text);
    await daemon.advance(hours(70));
    const messages = await daemon.messages('custom1@example.com');
    assert.deepEqual(messages.map((message) => Date.parse(message.sent_at)), [Date.parse(after(now, hours(1)))]);
  });

  test('come in batches with a result for each', async () => {
    const now = await daemon.now();
    const batch = [event('checkout.started', now, data(2)), { type: 5 }, event('comets.sighted', now, {})]
      .map((item, index) => ({ id: `batch-${index}`, ...item }));
    const answer = await daemon.events(batch);
    assert.equal(answer.status, 200, answer.text);
    const results = JSON.parse(answer.text).results;
    assert.deepEqual(results.map((result) => result.status), [200, 400, 200], answer.text);
  });

  test('with an old timestamp or a wrong signature are refused', async () => {
    const now = await daemon.now();
    const old = await daemon.events(event('cart.updated', now, data(3)), { now: after(now, -301) });
    assert.equal(old.status, 401, old.text);
    const answer = await fetch(daemon.webhook_url('events'), {
      method: 'POST', body: '{}',
      headers: { 'content-type': 'application/json', 'webhook-id': 'x', 'webhook-timestamp': '1', 'webhook-signature': 'v1,AAAA' },
    });
    assert.equal(answer.status, 401);
    assert.deepEqual(await daemon.list('carts', { email: 'custom3@example.com' }), []);
  });
});
