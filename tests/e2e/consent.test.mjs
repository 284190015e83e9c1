// Unsubscribing, revoking and erasing act at once.

import assert from 'node:assert/strict';
import { after as afterAll, before, describe, test } from 'node:test';

import { Daemon, hours } from './harness.mjs';
import { checkout, email_consent, privacy, shopper } from './store.mjs';

describe('a shopper who', () => {
  let daemon;
  before(async () => { daemon = await Daemon.start(); });
  afterAll(() => daemon?.destroy());

  async function after_first_message(n) {
    const who = shopper(n), now = await daemon.now();
    const answer = await daemon.shopify('checkouts/create', checkout(who, now, { phone: false }));
    assert.equal(answer.status, 200, answer.text);
    await daemon.advance(hours(2));
    const [message, ...more] = await daemon.messages(who.email, { include: 'content' });
    assert.ok(message, 'no first message');
    assert.equal(more.length, 0);
    return { who, message, now: await daemon.now() };
  }

  const link = (message, prefix) => {
    const found = message.text.match(new RegExp(`https?://\\S+?(${prefix}[^\\s"'<>)]+)`));
    assert.ok(found, `no ${prefix} link in: ${message.text}`);
    return daemon.public + found[1];
  };

  test('unsubscribes with one click gets nothing more', async () => {
    const { who, message } = await after_first_message(1);
    const answer = await fetch(link(message, '/u/'), {
      method: 'POST', body: 'List-Unsubscribe=One-Click', headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    assert.equal(answer.status, 200);
    await daemon.advance(hours(72));
    assert.equal((await daemon.messages(who.email)).length, 1);
    const reasons = (await daemon.list('decisions', { email: who.email })).map((decision) => decision.reason);
    assert.ok(reasons.includes('suppressed') || reasons.includes('no_consent'), reasons.join());
  });

  test('has a mail scanner that opens the unsubscribe link stays subscribed', async () => {
    const { who, message } = await after_first_message(2);
    const answer = await fetch(link(message, '/u/'), { redirect: 'manual' });
    assert.equal(answer.status, 200);
    await daemon.advance(hours(72));
    assert.equal((await daemon.messages(who.email)).length, 3);
  });

  test('takes back the consent in the store gets nothing more', async () => {
    const { who, now } = await after_first_message(3);
    await daemon.shopify('customers_email_marketing_consent/update', email_consent(who, now, 'unsubscribed'));
    await daemon.advance(hours(72));
    assert.equal((await daemon.messages(who.email)).length, 1);
  });

  test('clicks is led to the store, and a changed link leads nowhere', async () => {
    const { message } = await after_first_message(4);
    const url = link(message, '/r/');
    const answer = await fetch(url, { redirect: 'manual' });
    assert.ok([302, 303, 307].includes(answer.status), String(answer.status));
    assert.match(answer.headers.get('location'), /^https:\/\/demo\.myshopify\.com\/548380009\//);
    await daemon.now();
    const forged = await fetch(url.slice(0, -3) + (url.endsWith('AAA') ? 'BBB' : 'AAA'), { redirect: 'manual' });
    assert.ok(forged.status >= 400 && forged.status < 500, String(forged.status));
  });

  test('asks for erasure is gone from every list, and a late event does not bring them back', async () => {
    const { who, now } = await after_first_message(5);
    const request = await daemon.shopify('customers/data_request', privacy(who, daemon.domain, { orders_requested: [], data_request: { id: 9999 } }));
    assert.equal(request.status, 200);
    await daemon.now();
    const [held] = await daemon.list('exports', { email: who.email, include: 'content' });
    assert.equal(held.id, '9999');
    assert.ok(JSON.stringify(held.document.person).includes(who.email));
    assert.equal(held.document.messages.length, 1);
    const answer = await daemon.shopify('customers/redact', privacy(who, daemon.domain, { orders_to_redact: [] }));
    assert.equal(answer.status, 200);
    await daemon.now();
    await daemon.shopify('checkouts/update', checkout(who, now, { phone: false }));
    await daemon.advance(hours(72));
    for (const kind of ['people', 'carts', 'messages', 'enrollments', 'decisions', 'orders', 'events', 'exports']) {
      const text = JSON.stringify(await daemon.list(kind, kind === 'messages' ? { include: 'content' } : {}));
      assert.ok(!text.includes(who.email), `${kind} still holds the address`);
    }
    assert.deepEqual(await daemon.list('messages', { email: who.email }), []);
  });
});
