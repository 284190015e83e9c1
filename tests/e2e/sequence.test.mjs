// The main job: a signed checkout becomes four messages, an order ends them, and no order of arrival changes that.

import assert from 'node:assert/strict';
import { after as afterAll, before, describe, test } from 'node:test';

import { Daemon, after, hours, sameInstant } from './harness.mjs';
import { cart, checkout, email_consent, order, shopper, sms_consent, transaction } from './store.mjs';

const plan = [[1, 'email'], [4, 'sms'], [24, 'email'], [72, 'email']];

export function assert_plan(messages, anchor, expected = plan) {
  const seen = messages.map((message) => `${message.channel} ${message.status} ${Date.parse(message.sent_at)}`);
  const wanted = expected.map(([hour, channel]) => `${channel} sent ${Date.parse(after(anchor, hours(hour)))}`);
  assert.deepEqual(seen, wanted);
}

async function ok(promise) {
  const answer = await promise;
  assert.equal(answer.status, 200, answer.text);
}

describe('a checkout with email, phone and consent', () => {
  let daemon;
  before(async () => { daemon = await Daemon.start(); });
  afterAll(() => daemon?.destroy());

  test('gets four messages at 1, 4, 24 and 72 hours, lived through in under five seconds', async () => {
    const who = shopper(1), now = await daemon.now();
    await ok(daemon.shopify('carts/create', cart(who, now)));
    await ok(daemon.shopify('checkouts/create', checkout(who, now, { contact: false })));
    await ok(daemon.shopify('checkouts/update', checkout(who, now)));
    const begun = performance.now();
    const end = await daemon.advance(hours(73));
    const took = performance.now() - begun;
    assert.ok(sameInstant(end, after(now, hours(73))), end);
    const messages = await daemon.messages(who.email, { include: 'content' });
    assert_plan(messages, now);
    assert.equal(messages[0].to, who.email);
    assert.equal(messages[1].to, who.phone);
    for (const message of messages) assert.ok(message.text.length > 20);
    assert.ok(took < 5000, `73 hours took ${took} ms`);
  });

  test('gets two messages when the order comes between steps two and three', async () => {
    const who = shopper(2), now = await daemon.now();
    await ok(daemon.shopify('checkouts/create', checkout(who, now)));
    const bought = await daemon.advance(hours(5));
    await ok(daemon.shopify('orders/create', order(who, bought)));
    await daemon.advance(hours(70));
    assert_plan(await daemon.messages(who.email), now, plan.slice(0, 2));
  });

  test('gets none when the order came before the checkout', async () => {
    const who = shopper(3), now = await daemon.now();
    await ok(daemon.shopify('orders/create', order(who, now)));
    await ok(daemon.shopify('checkouts/create', checkout(who, now)));
    await daemon.advance(hours(73));
    assert.deepEqual(await daemon.messages(who.email), []);
    const orders = await daemon.list('orders', { email: who.email });
    assert.equal(orders.length, 1);
    assert.equal(orders[0].total.minor, 120000);
  });

  test('gets none without consent, and the reason is kept', async () => {
    const who = shopper(4), now = await daemon.now();
    await ok(daemon.shopify('checkouts/create', checkout(who, now, { consent: false })));
    await daemon.advance(hours(73));
    assert.deepEqual(await daemon.messages(who.email), []);
    const reasons = (await daemon.list('decisions', { email: who.email })).map((decision) => decision.reason);
    assert.ok(reasons.includes('no_consent'), reasons.join());
  });

  test('gets none after its cart was emptied', async () => {
    const who = shopper(5), now = await daemon.now();
    await ok(daemon.shopify('carts/create', cart(who, now)));
    await ok(daemon.shopify('checkouts/create', checkout(who, now)));
    const emptied = await daemon.advance(hours(2));
    await ok(daemon.shopify('carts/update', cart(who, emptied, [])));
    await daemon.advance(hours(72));
    assert_plan(await daemon.messages(who.email), now, plan.slice(0, 1));
  });

  test('that ends in a declined card gets payment messages until it is paid', async () => {
    const who = shopper(6), now = await daemon.now();
    await ok(daemon.shopify('checkouts/create', checkout(who, now)));
    await ok(daemon.shopify('orders/create', order(who, now, { status: 'pending' })));
    await ok(daemon.shopify('order_transactions/create', transaction(who, now, 'failure', 'card_declined')));
    const paid = await daemon.advance(hours(30));
    const messages = await daemon.messages(who.email);
    assert.ok(messages.length > 0, 'no message about the failed payment');
    const enrollments = await daemon.list('enrollments', { email: who.email });
    const payment = enrollments.find((enrollment) => enrollment.trigger === 'payment_failure');
    for (const message of messages) assert.equal(message.enrollment_id, payment.id);
    await ok(daemon.shopify('order_transactions/create', transaction(who, paid, 'success')));
    await ok(daemon.shopify('orders/paid', order(who, paid)));
    await daemon.advance(hours(96));
    assert.equal((await daemon.messages(who.email)).length, messages.length);
  });
});

test('each event three times in 50 shuffled orders ends the same', async () => {
  const daemon = await Daemon.start();
  try {
    const now = await daemon.now();
    const random = seeded(7);
    const deliveries = [];
    for (let n = 0; n < 100; ++n) {
      const who = shopper(100 + n), mine = [];
      const tell = (topic, body) => mine.push({ topic, body, id: `${n}-${mine.length}` });
      tell('carts/create', cart(who, after(now, -240), []));
      tell('carts/update', cart(who, after(now, -200)));
      tell('checkouts/create', checkout(who, after(now, -120), { contact: false }));
      tell('checkouts/update', checkout(who, now, { consent: false }));
      tell('customers_email_marketing_consent/update', email_consent(who, after(now, -60), 'subscribed'));
      tell('customers_marketing_consent/update', sms_consent(who, after(now, -60), 'subscribed'));
      if (n % 2 === 1) tell('orders/create', order(who, now));
      deliveries.push(shuffled([...mine, ...mine, ...mine], random));
    }
    await Promise.all(Array.from({ length: 10 }, async (_, lane) => {
      for (let n = lane; n < deliveries.length; n += 10)
        for (const { topic, body, id } of deliveries[n]) await ok(daemon.shopify(topic, body, { id }));
    }));
    await daemon.advance(hours(73));
    for (let n = 0; n < 100; ++n)
      assert_plan(await daemon.messages(shopper(100 + n).email), now, n % 2 === 1 ? [] : plan);
  } finally {
    await daemon.destroy();
  }
});

/** Mulberry32: the same shuffles on every run. */
function seeded(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let z = Math.imul(state ^ (state >>> 15), 1 | state);
    z = (z + Math.imul(z ^ (z >>> 7), 61 | z)) ^ z;
    return ((z ^ (z >>> 14)) >>> 0) / 4294967296;
  };
}

function shuffled(list, random) {
  const out = [...list];
  for (let i = out.length - 1; i > 0; --i) {
    const j = Math.floor(random() * (i + 1));
    [out[i], out[j]] = [out[j], out[i]];
  }
  return out;
}
