// Browsing, carts and checkouts are one intent with one sequence at a time; subscriptions that end are asked back.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after as afterAll, before, describe, test } from 'node:test';

import { Daemon, after, hours } from './harness.mjs';

const optional = (name) => readFileSync(new URL(`../../config/sequences/optional/${name}.toml`, import.meta.url), 'utf8');
const event = (type, timestamp, data) => ({ type, timestamp, data });
const customer = (who) => ({ email: `${who}@example.com`, anonymous_id: `browser-${who}`, accepts_email_marketing: true });
const board = { product_id: 'p1', variant_id: 'v1', title: 'Board', price: '60.00', quantity: 1 };

async function ok(answer) {
  const { status, text } = await answer;
  assert.ok(status === 200 || status === 204, text);
  if (text) assert.doesNotMatch(text, /dead letter|"status":4/);
}

describe('one intent, one sequence', () => {
  let daemon;
  const tell = (type, at, data) => ok(daemon.events(event(type, at, data)));
  const enrollments = async (who) => (await daemon.list('enrollments', { email: `${who}@example.com` }))
    .sort((a, b) => Date.parse(a.opened_at) - Date.parse(b.opened_at));
  const triggers = async (who) => (await enrollments(who)).map((one) => `${one.trigger} ${one.end_reason ?? one.status}`);
  const view = (who, product_id, session = 's') => ok(daemon.pixel(`browser-${who}`, `${session}-${who}`, 'product_viewed', { product_id }));
  before(async () => {
    daemon = await Daemon.start();
    const now = await daemon.now();
    await tell('product.updated', now, { product_id: 'p1', title: 'Hydrogen Board', url: 'https://shop.example/p1',
      variants: [{ variant_id: 'v1', title: '158 cm', price: '60.00', currency: 'USD', available: 3 },
        { variant_id: 'v2', title: '160 cm', price: '55.00', currency: 'USD', available: 0 }] });
  });
  afterAll(() => daemon?.destroy());

  test('what is browsed leads to nothing as long as no sequence for it is applied', async () => {
    await tell('customer.updated', await daemon.now(), { customer: customer('early') });
    await view('early', 'p1');
    await daemon.advance(hours(10));
    assert.deepEqual(await triggers('early'), []);
    assert.deepEqual(await daemon.list('carts', { email: 'early@example.com' }), []);
  });

  test('who is known and browsed hears of it, with what the store says of the product', async () => {
    await daemon.apply(optional('browse'));
    await tell('customer.updated', await daemon.now(), { customer: customer('looks') });
    await view('looks', 'p1');
    await view('looks', 'unheard-of');
    await daemon.advance(hours(10));
    const [message, ...more] = await daemon.messages('looks@example.com', { include: 'content' });
    assert.deepEqual(more, []);
    assert.match(message.subject, /still thinking about Hydrogen Board|Still thinking about Hydrogen Board/);
    assert.match(message.text, /Hydrogen Board, \$60\.00/);
    assert.doesNotMatch(message.text, /\$55|unheard/);
    assert.deepEqual(await triggers('looks'), ['browse completed']);
    const report = await daemon.get(`/v1/shops/${daemon.shop}/report`);
    assert.deepEqual([report.abandoned.carts, report.experiment.treated.people], [0, 0], 'browsing is no abandonment');
  });

  test('a browser that nobody knows yet is followed once it is known', async () => {
    await view('later', 'p1');
    await daemon.advance(hours(1));
    assert.deepEqual(await triggers('later'), []);
    await tell('customer.updated', await daemon.now(), { customer: customer('later') });
    await daemon.advance(hours(10));
    assert.equal((await daemon.messages('later@example.com')).length, 1);
  });

  test('the pixel alone names nobody', async () => {
    await ok(daemon.pixel('browser-x', 's-x', 'product_viewed', { product_id: 'p1', email: 'x@example.com', customer: customer('x') }));
    await daemon.advance(hours(10));
    assert.deepEqual(await daemon.messages('x@example.com'), []);
  });

  test('a cart ends browsing, at once', async () => {
    await tell('customer.updated', await daemon.now(), { customer: customer('climbs') });
    await view('climbs', 'p1');
    const later = await daemon.advance(hours(1));
    assert.deepEqual(await triggers('climbs'), ['browse active']);
    await tell('cart.updated', later, { cart_id: 'climbs', customer: customer('climbs'), lines: [board] });
    await daemon.advance(60);
    assert.deepEqual(await triggers('climbs'), ['browse superseded']);
    await view('climbs', 'p1', 'next');   // looks again with a cart left open
    await daemon.advance(hours(10));
    assert.deepEqual(await triggers('climbs'), ['browse superseded', 'cart active']);
    for (const message of await daemon.messages('climbs@example.com')) assert.equal(message.sequence, 'cart');
  });

  test('a checkout takes its own sequence, from the cart that had one', async () => {
    const cart_left = (who, more) => ({ cart_id: who, customer: customer(who), lines: [board], ...more });
    const before_it = await daemon.now();
    await tell('checkout.started', before_it, cart_left('plain'));
    const later = await daemon.advance(hours(2));
    assert.deepEqual(await triggers('plain'), ['cart active'], 'without a sequence for checkouts the one for carts is taken');

    await daemon.apply(optional('checkout'));
    await tell('cart.updated', later, cart_left('steps'));
    const again = await daemon.advance(hours(2));
    assert.deepEqual(await triggers('steps'), ['cart active']);
    await tell('checkout.started', again, cart_left('steps'));
    await daemon.advance(60);
    assert.deepEqual(await triggers('steps'), ['cart superseded']);
    await daemon.advance(hours(30));
    assert.deepEqual(await triggers('steps'), ['cart superseded', 'checkout active']);
    assert.deepEqual(await triggers('plain'), ['cart active'], 'who was in a sequence stays in it');
    const offered = (await daemon.messages('steps@example.com', { include: 'content' })).find((one) => one.step_name === 'incentive');
    assert.equal(offered.incentive_percent, 5);
    assert.match(offered.text, /COMEBACK5/);
  });
});

describe('a subscription that was cancelled', () => {
  let daemon;
  const tell = (type, at, who, more = {}) => ok(daemon.events(event(type, at, { customer: customer(who), ...more })));
  const names = ['waits', 'returns', 'renews', 'buys', 'dunned'];
  before(async () => { daemon = await Daemon.start(); });
  afterAll(() => daemon?.destroy());

  test('is asked back, until the person subscribes, renews or orders', async () => {
    const now = await daemon.now();
    await tell('subscription.payment_failed', now, 'dunned', { payment_id: 'inv_1', amount: '9.90', subscription_id: 'sub-dunned' });
    await daemon.advance(60);
    for (const who of names) await tell('subscription.cancelled', after(now, 60), who, { subscription_id: `sub-${who}`, title: 'Coffee monthly' });
    const first = await daemon.advance(hours(72));
    for (const who of names) {
      const messages = await daemon.messages(`${who}@example.com`, { include: 'content' });
      assert.deepEqual(messages.map((one) => `${one.sequence} ${one.step_name}`), ['subscription_cancelled goodbye'], who);
      assert.match(messages[0].text, /subscription "Coffee monthly"/);
      assert.equal(messages[0].incentive_percent, 0);
    }
    await tell('subscription.started', first, 'returns', { subscription_id: 'another' });
    await tell('subscription.renewed', first, 'renews', { payment_id: 'inv_2', subscription_id: 'sub-renews', amount: '9.90' });
    await tell('order.completed', first, 'buys', { order_id: 'o-1', total: '20.00' });
    await daemon.advance(hours(24 * 25));
    const left = async (who) => (await daemon.messages(`${who}@example.com`)).length;
    assert.deepEqual(await Promise.all(names.map(left)), [2, 1, 1, 1, 2]);
    const ends = {};
    for (const who of names)
      for (const one of await daemon.list('enrollments', { email: `${who}@example.com` })) ends[`${who} ${one.trigger}`] = one.end_reason;
    assert.deepEqual(ends, {
      'waits subscription_cancelled': 'completed', 'returns subscription_cancelled': 'subscribed',
      'renews subscription_cancelled': 'subscribed', 'buys subscription_cancelled': 'ordered',
      'dunned subscription_cancelled': 'completed', 'dunned recurring_payment_failure': 'superseded',
    });
  });
});
