// Cart truth: what a message says of prices, stock, products and coupons is so at the moment in which it is sent.

import assert from 'node:assert/strict';
import { after as afterAll, before, describe, test } from 'node:test';

import { Daemon, hours } from './harness.mjs';

const line = (id, price, quantity = 1) => ({ product_id: `p-${id}`, variant_id: id, title: `Thing ${id}`, quantity, price });
const customer = (who) => ({ email: `${who}@example.com`, accepts_email_marketing: true });
const offering = (otherwise) => `name = "cart"
trigger = "cart"
[[step]]
name = "offer"
delay = "2h"
channel = "email"
template = "cart_incentive_email"
useful_for = "20h"
incentive = { percent = 10, code = "COMEBACK10", otherwise = "${otherwise}" }
`;

describe('at the moment of sending', () => {
  let daemon;
  const tell = async (type, data) => {
    const { status, text } = await daemon.events({ type, timestamp: await daemon.now(), data });
    assert.equal(status, 200, text);
  };
  const left = (who, lines) => tell('cart.updated', { cart_id: who, customer: customer(who), currency: 'USD', lines });
  const sells = (id, price, more = {}) =>
    tell('product.updated', { product_id: `p-${id}`, variants: [{ variant_id: id, price, currency: 'USD', ...more }] });
  const messages = (who) => daemon.messages(`${who}@example.com`, { include: 'content' });
  const reasons = async (who) => (await daemon.list('decisions', { email: `${who}@example.com` })).map((one) => one.reason);
  before(async () => { daemon = await Daemon.start(); });
  afterAll(() => daemon?.destroy());

  test('a price is the one of now, and the sum follows', async () => {
    await sells('a', '30.00');
    await daemon.advance(60);
    await left('pays', [line('a', '30.00', 2), line('b', '5.00')]);
    await daemon.advance(600);
    await sells('a', '24.50');
    await daemon.advance(hours(2));
    const [message] = await messages('pays');
    assert.match(message.text, /2 x \$24\.50/);
    assert.match(message.text, /Total: \$54\.00/);
    assert.doesNotMatch(message.text, /30\.00/);
    await sells('a', '40.00');
    await daemon.advance(hours(24));
    assert.match((await messages('pays')).at(-1).text, /Total[^:]*: \$85\.00/);
  });

  test('what is sold out, off sale or deleted leaves; nothing left, no message', async () => {
    for (const id of ['c', 'd', 'e', 'f']) await sells(id, '10.00', { available: 5 });
    await daemon.advance(60);
    await left('some', ['c', 'd', 'e', 'f'].map((id) => line(id, '10.00')));
    await left('bare', [line('c', '10.00'), line('e', '10.00')]);
    await daemon.advance(600);
    await sells('c', '10.00', { available: 0 });
    await sells('d', '10.00', { active: false, available: 5 });
    await tell('product.deleted', { product_id: 'p-e' });
    await sells('f', '10.00', { available: 0, sell_when_out: true });
    await daemon.advance(hours(2));
    const [message] = await messages('some');
    assert.match(message.text, /Thing f/);
    assert.doesNotMatch(message.text, /Thing [cde]/);
    assert.match(message.text, /Total: \$10\.00/);
    assert.deepEqual(await messages('bare'), []);
    assert.ok((await reasons('bare')).includes('sold_out'));
  });

  test('a coupon that is known to be of no use is not promised', async () => {
    await daemon.apply(offering('skip'));
    await left('unknown', [line('x', '20.00')]);
    await daemon.advance(hours(3));
    assert.match((await messages('unknown'))[0].text, /COMEBACK10/, 'nothing is known of it');

    await tell('coupon.updated', { code: 'comeback10', ends_at: new Date(Date.parse(await daemon.now()) + 3600_000).toISOString() });
    await left('skipped', [line('x', '20.00')]);
    await daemon.advance(hours(3));
    assert.deepEqual(await messages('skipped'), []);
    assert.ok((await reasons('skipped')).includes('no_incentive'));

    await daemon.apply(offering('send'));
    await left('without', [line('x', '20.00')]);
    await daemon.advance(hours(3));
    const [message] = await messages('without');
    assert.equal(message.incentive_percent, 0);
    assert.doesNotMatch(message.subject + message.text + message.html, /COMEBACK10|% off/);
    const decision = (await daemon.list('decisions', { email: 'without@example.com' })).find((one) => one.verdict === 'send');
    assert.ok(decision.trace.some((entry) => /COMEBACK10 ended at .*goes without it/.test(entry.input)), JSON.stringify(decision.trace));

    await tell('coupon.updated', { code: 'COMEBACK10', uses_left: 3 });
    await left('renewed', [line('x', '20.00')]);
    await daemon.advance(hours(3));
    assert.match((await messages('renewed'))[0].text, /COMEBACK10/);
  });
});
