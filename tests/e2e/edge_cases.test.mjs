// Cases at the edge, in the whole daemon: what is left alone, whose order ends whose reminders, what operators change meanwhile.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after as afterAll, before, describe, test } from 'node:test';

import { Daemon, after, binary, eventually, hours } from './harness.mjs';
import { checkout, order, shopper } from './store.mjs';

async function ok(promise) {
  const answer = await promise;
  assert.equal(answer.status, 200, answer.text);
}
const lines = [{ variant_id: '41', title: 'Board', quantity: 2, price: '30.00' }, { variant_id: '42', title: 'Wax', quantity: 1, price: '15.00' }];

describe('what is left alone', () => {
  let daemon;
  const reasons = async (email) => [...new Set((await daemon.list('decisions', { email })).map((one) => one.reason))];
  before(async () => { daemon = await Daemon.start({ env: { RECOUP_TRACK__STAFF: '*@shop.example' } }); });
  afterAll(() => daemon?.destroy());

  test('carts of the point of sale, of companies and of marketplaces', async () => {
    const now = await daemon.now();
    const [till, company, web] = [1, 2, 3].map(shopper);
    await ok(daemon.shopify('checkouts/create', { ...checkout(till, now), source_name: 'pos' }));
    await ok(daemon.shopify('checkouts/create', { ...checkout(company, now), company: { id: 5, location_id: 6 } }));
    await ok(daemon.shopify('checkouts/create', { ...checkout(web, now), source_name: '580111' }));
    await daemon.advance(hours(2));
    for (const who of [till, company]) {
      assert.deepEqual(await daemon.messages(who.email), []);
      assert.deepEqual(await reasons(who.email), ['other_channel']);
    }
    assert.equal((await daemon.messages(web.email)).length, 1);
  });

  test('people for whom the store made a draft order since', async () => {
    const who = shopper(4), now = await daemon.now();
    await ok(daemon.shopify('checkouts/create', checkout(who, now)));
    const drafted = await daemon.advance(hours(2));
    assert.equal((await daemon.messages(who.email)).length, 1);
    await ok(daemon.shopify('draft_orders/create', { id: 77, email: who.email, created_at: drafted, updated_at: drafted, customer: { id: who.customer_id } }));
    await daemon.advance(hours(72));
    assert.equal((await daemon.messages(who.email)).length, 1);
    assert.ok((await reasons(who.email)).includes('other_channel'));
  });

  test('crawlers, throw-away addresses and the staff', async () => {
    const now = await daemon.now();
    const emails = ['john.smith@storebotmail.joonix.net', 'once@mailinator.com', 'anna@shop.example'];
    for (const [index, email] of emails.entries())
      await ok(daemon.shopify('checkouts/create', checkout({ ...shopper(10 + index), email }, now)));
    await daemon.advance(hours(73));
    for (const email of emails) {
      assert.equal((await daemon.list('carts', { email })).length, 1, 'it is tracked all the same');
      assert.deepEqual(await daemon.messages(email), []);
      assert.deepEqual(await reasons(email), ['not_a_customer']);
    }
    const report = await daemon.get(`/v1/shops/${daemon.shop}/report`);
    assert.equal(report.experiment.treated.people, 2, 'the two of the tests before, and none of these');
  });

  const agree = (email, at) => ok(daemon.events({ type: 'consent.updated', timestamp: at, data: { channel: 'email', state: 'granted', address: email, customer: { email } } }));

  test('failed test payments', async () => {
    const now = await daemon.now();
    const failed = (n, more = {}) => daemon.events({ type: 'payment.failed', timestamp: now, data: {
      payment_id: `pay-${n}`, amount: '20.00', currency: 'USD', decline_code: 'insufficient_funds',
      customer: { email: `payer${n}@example.com`, accepts_email_marketing: true }, ...more } });
    for (const n of [1, 2]) await agree(`payer${n}@example.com`, now);
    await ok(failed(1, { test: true }));
    await ok(failed(2));
    await daemon.advance(hours(2));
    assert.deepEqual(await daemon.messages('payer1@example.com'), []);
    assert.equal((await daemon.messages('payer2@example.com')).length, 1);
  });

  test('a burst of failed payments, but for those who ordered before', async () => {
    const now = await daemon.now();
    const known = 'known@example.com';
    await ok(daemon.events({ type: 'order.completed', timestamp: now, data: { order_id: 'before', total: '9.00', currency: 'USD', customer: { email: known } } }));
    await agree(known, now);
    await agree('thief3@example.com', now);
    const batch = Array.from({ length: 30 }, (_, n) => ({ id: `burst-${n}`, type: 'payment.failed', timestamp: now, data: {
      payment_id: `burst-${n}`, amount: '1.00', currency: 'USD', decline_code: 'incorrect_cvc',
      customer: { email: n === 7 ? known : `thief${n}@example.com`, accepts_email_marketing: true } } }));
    await ok(daemon.events(batch));
    await daemon.advance(hours(2));
    assert.deepEqual(await daemon.messages('thief3@example.com'), []);
    assert.ok((await reasons('thief3@example.com')).includes('card_testing'));
    assert.equal((await daemon.messages(known)).length, 1);
  });

  test('the same shopper in two stores is two people, with a consent in each', async () => {
    await daemon.command('shop', 'add', 'second', '--domain', 'second.myshopify.com');
    const [{ secret }] = await daemon.command('shop', 'secret', 'second', 'shopify');
    const who = shopper(50), now = await daemon.now();
    const post = (body) => {
      const bytes = Buffer.from(JSON.stringify(body));
      const headers = { ...daemon.shopify_headers('checkouts/create', bytes, { secret }), 'x-shopify-shop-domain': 'second.myshopify.com' };
      return fetch(daemon.webhook_url('shopify', 'second'), { method: 'POST', headers, body: bytes });
    };
    await eventually(async () => (await post(checkout(who, now, { consent: false }))).status === 200);
    await ok(daemon.shopify('checkouts/create', checkout(who, now)));
    const bought = await daemon.advance(hours(2));
    const there = async (kind) => (await daemon.get(`/v1/shops/second/${kind}?email=${who.email}`)).data;
    assert.equal((await daemon.messages(who.email)).length, 1);
    assert.deepEqual(await there('messages'), [], 'the consent is of the other store');
    assert.deepEqual((await there('decisions')).filter((one) => one.reason === 'no_consent').length, 1);
    await ok(daemon.shopify('orders/create', order(who, bought)));
    await daemon.advance(hours(1));
    assert.equal((await there('enrollments')).filter((one) => one.status === 'active').length, 1, 'an order here ends nothing there');
    assert.notEqual((await there('people'))[0].id, (await daemon.list('people', { email: who.email }))[0].id);
  });

  test('an event whose clock is a day ahead is kept aside', async () => {
    const now = await daemon.now();
    await ok(daemon.events({ type: 'cart.updated', timestamp: after(now, hours(48)), data: { cart_id: 'ahead', lines } }));
    await daemon.advance(1);
    assert.deepEqual((await daemon.list('carts')).filter((one) => one.tokens?.some?.((token) => token.value === 'ahead')), []);
    const letters = (await daemon.get('/v1/dead-letters')).data;
    assert.ok(letters.some((letter) => /ahead of ours/.test(letter.reason)), JSON.stringify(letters));
  });
});

describe('whose order ends it', () => {
  let daemon;
  const reasons = async (email) => (await daemon.list('decisions', { email })).map((one) => one.reason);
  const door = { last_name: 'Doe', street: '1 Main Street', postal_code: '10001', city: 'New York', country: 'US' };
  const event = (type, at, data) => daemon.events({ type, timestamp: at, data: { currency: 'USD', ...data } });
  before(async () => { daemon = await Daemon.start({ env: { RECOUP_TRACK__ORDER_COVERS: '0.6' } }); });
  afterAll(() => daemon?.destroy());

  test('one that goes to the same door under another email', async () => {
    const now = await daemon.now();
    const customer = (email) => ({ ...door, email, accepts_email_marketing: true });
    await ok(event('checkout.started', now, { checkout_id: 'd1', lines, customer: customer('jane@example.com') }));
    await ok(event('checkout.started', now, { checkout_id: 'd2', lines, customer: { ...customer('ann@example.com'), street: '2 Main Street' } }));
    const bought = await daemon.advance(hours(2));
    await ok(event('order.completed', bought, { order_id: 'd-o', total: '75.00', customer: { ...door, email: 'jane.doe@work.example' } }));
    await daemon.advance(hours(72));
    assert.equal((await daemon.messages('jane@example.com')).length, 1);
    assert.ok((await reasons('jane@example.com')).includes('bought_elsewhere'));
    assert.equal((await daemon.messages('ann@example.com')).length, 3, 'the neighbour goes on');
    assert.equal((await daemon.list('orders', { email: 'jane@example.com' })).length, 0, 'nobody was joined');
  });

  test('one that came by a link of ours under another email', async () => {
    const now = await daemon.now();
    await ok(event('checkout.started', now, { checkout_id: 'l1', lines, customer: { email: 'link@example.com', accepts_email_marketing: true } }));
    await daemon.advance(hours(2));
    const [message] = await daemon.messages('link@example.com', { include: 'content' });
    const link = new URL(/https?:\/\/[^\s]+(\/r\/[^\s]+)/.exec(message.text)[1], daemon.public);
    const led = await fetch(link, { redirect: 'manual' });
    assert.equal(led.status, 302);
    const target = new URL(led.headers.get('location'));
    await ok(event('order.completed', await daemon.now(), {
      order_id: 'l-o', total: '75.00', landing_site: target.pathname + target.search, customer: { email: 'gift@work.example' } }));
    await daemon.advance(hours(72));
    assert.equal((await daemon.messages('link@example.com')).length, 1);
    assert.ok((await reasons('link@example.com')).includes('bought_elsewhere'));
  });

  test('of some of its lines: the rest is mailed, and too little left ends it', async () => {
    const now = await daemon.now();
    const customer = { email: 'some@example.com', accepts_email_marketing: true };
    await ok(event('checkout.started', now, { checkout_id: 's1', lines, customer }));
    await ok(event('order.completed', await daemon.advance(60), { order_id: 's-o', total: '15.00', lines: [lines[1]], customer }));
    await daemon.advance(hours(2));
    const [message] = await daemon.messages(customer.email, { include: 'content' });
    assert.match(message.text, /Board/);
    assert.doesNotMatch(message.text, /Wax/);
    await ok(event('order.completed', await daemon.now(), { order_id: 's-o2', total: '60.00', lines: [lines[0]], customer }));
    await daemon.advance(hours(72));
    assert.equal((await daemon.messages(customer.email)).length, 1);
  });

  test('a renewal of a subscription does not', async () => {
    const now = await daemon.now();
    const customer = { email: 'monthly@example.com', accepts_email_marketing: true };
    await ok(event('checkout.started', now, { checkout_id: 'r1', lines, customer }));
    await ok(event('order.completed', await daemon.advance(60), { order_id: 'r-o', total: '90.00', renewal: true, lines, customer }));
    await daemon.advance(hours(73));
    assert.equal((await daemon.messages(customer.email)).length, 3);
    const report = await daemon.get(`/v1/shops/${daemon.shop}/report`);
    assert.ok(!report.recovered.by_step.some((step) => step.revenue.some((money) => money.minor === 9000)));
  });

  test('a bank transfer is waited for, and one that never came is a failed payment', async () => {
    const who = shopper(60), now = await daemon.now();
    await ok(daemon.shopify('checkouts/create', checkout(who, now)));
    await ok(daemon.shopify('orders/create', order(who, now, { status: 'pending' })));
    const lapsed = await daemon.advance(hours(96));
    assert.deepEqual(await daemon.messages(who.email), []);
    await ok(daemon.shopify('orders/updated', { ...order(who, now, { status: 'expired' }), updated_at: lapsed }));
    const paid = await daemon.advance(hours(2));
    const messages = await daemon.messages(who.email);
    assert.deepEqual(messages.map((message) => message.sequence), ['payment_failure']);
    await ok(daemon.shopify('orders/paid', { ...order(who, now), updated_at: paid }));
    await daemon.advance(hours(96));
    assert.equal((await daemon.messages(who.email)).length, 1);
  });

  test('orders that a nightly reconciliation posts again are counted once and end what was missed', async () => {
    const now = await daemon.now();
    const [heard, missed] = [70, 71].map(shopper);
    for (const who of [heard, missed]) await ok(daemon.shopify('checkouts/create', checkout(who, now)));
    const bought = await daemon.advance(hours(2));
    await ok(daemon.shopify('orders/create', order(heard, bought)));   // the other webhook never comes
    const night = await daemon.advance(hours(8));
    const reconcile = () => daemon.events([heard, missed].map((who) => ({
      id: `night-${who.n}`, type: 'order.completed', timestamp: bought,
      data: { order_id: String(who.order_id), checkout_id: who.checkout_token, placed_at: bought, total: '1200.00', currency: 'USD',
        customer: { email: who.email } },
    })));
    assert.notEqual(night, bought);
    await ok(reconcile());
    await ok(reconcile());
    await daemon.advance(hours(72));
    for (const who of [heard, missed]) {
      assert.equal((await daemon.list('orders', { email: who.email })).length, 1);
      assert.ok((await daemon.messages(who.email)).every((message) => Date.parse(message.sent_at) <= Date.parse(night)));
    }
    const text = await (await fetch(`${daemon.admin}/metrics`, { headers: { authorization: `Bearer ${daemon.token}` } })).text();
    assert.match(text, /recoup_orders_learned_late_total 1\b/);
  });
});

describe('what operators change meanwhile', () => {
  let daemon, folder;
  const verb = (...args) => spawnSync(binary, args, { env: daemon.env, encoding: 'utf8' });
  const data = () => ['--data', join(daemon.folder, 'data')];
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'recoup-templates-'));
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'cart_reminder_email.de.liquid'),
      '--- subject\nIhr Warenkorb bei {{ shop.name }}\n--- text\nHallo, {{ restore_url }}\n{% include \'_text_foot\' %}\n--- html\n{% include \'_head\' %}<p>Hallo <a href="{{ restore_url }}">hier</a></p>{% include \'_foot\' %}\n');
    daemon = await Daemon.start({ env: { RECOUP_TEMPLATES__DIR: folder } });
  });
  afterAll(async () => {
    await daemon?.destroy();
    rmSync(folder, { recursive: true, force: true });
  });

  test('a sale keeps the incentive out of messages and is named in the report', async () => {
    const [during, afterwards] = [1, 2].map(shopper), now = await daemon.now();
    await ok(daemon.shopify('checkouts/create', checkout(during, now)));
    await daemon.command('pause', '--incentives', '--shop', daemon.shop, '--note', 'spring sale');
    assert.ok((await daemon.command('pauses')).some((pause) => pause.incentives === true && pause.note === 'spring sale'));
    await daemon.advance(hours(30));
    await daemon.command('resume', '--incentives', '--shop', daemon.shop);
    await ok(daemon.shopify('checkouts/create', checkout(afterwards, await daemon.now())));
    await daemon.advance(hours(30));
    const third = async (who) => (await daemon.messages(who.email, { include: 'content' }))[2];
    assert.doesNotMatch((await third(during))?.text ?? '', /COMEBACK10|% off/);
    assert.match((await third(afterwards)).text, /COMEBACK10/);
    const report = await daemon.get(`/v1/shops/${daemon.shop}/report`);
    assert.equal(report.sales.length, 1);
    assert.equal(report.sales[0].note, 'spring sale');
    assert.ok(report.warnings.some((warning) => /sale/.test(warning)));
  });

  test('a message is in the language of the checkout where there is a template in it', async () => {
    const [german, english] = [20, 21].map(shopper), now = await daemon.now();
    await ok(daemon.shopify('checkouts/create', { ...checkout(german, now), customer_locale: 'de-DE' }));
    await ok(daemon.shopify('checkouts/create', checkout(english, now)));
    await daemon.advance(hours(2));
    assert.match((await daemon.messages(german.email, { include: 'content' }))[0].subject, /Warenkorb/);
    assert.doesNotMatch((await daemon.messages(english.email, { include: 'content' }))[0].subject, /Warenkorb/);
  });

  test('a sequence that is edited takes running enrollments along only when it is told to', async () => {
    const who = shopper(30), now = await daemon.now();
    await ok(daemon.shopify('checkouts/create', checkout(who, now)));
    await daemon.advance(hours(2));
    const step = (name, delay, template) => `[[step]]\nname = "${name}"\ndelay = "${delay}"\nchannel = "email"\ntemplate = "${template}"\nuseful_for = "20h"\n`;
    const file = join(folder, 'cart.toml');
    writeFileSync(file, `name = "cart"\ntrigger = "cart"\n${step('reminder', '1h', 'cart_reminder_email')}${step('soon', '10h', 'cart_last_call_email')}`);
    assert.equal(verb('sequence', 'apply', file, ...data()).status, 0);
    const migrate = async (...more) => (await daemon.command('sequence', 'migrate', 'cart', ...more)).find((row) => row.shop === daemon.shop);
    const dry = await migrate('--dry-run');
    assert.ok(dry.moved >= 1 && dry.version === 2, JSON.stringify(dry));
    assert.deepEqual(await migrate('--dry-run'), dry, 'a dry run changes nothing');
    assert.equal((await migrate()).moved, dry.moved);
    assert.equal((await migrate()).moved, 0);
    await daemon.advance(hours(80));
    const messages = await daemon.messages(who.email);
    assert.deepEqual(messages.map((message) => (Date.parse(message.sent_at) - Date.parse(now)) / 3600_000), [1, 10]);
  });
});
