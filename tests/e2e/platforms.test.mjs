// Stores on a platform: what other people's libraries sign and send is what the daemon verifies and understands.

import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after as afterAll, before, describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';

import { Daemon, after, client, eventually, hours } from './harness.mjs';
import { checkout, shopper } from './store.mjs';

const Stripe = client('stripe');
const { Analytics } = client('@segment/analytics-node');
const { CloudEvent, HTTP } = client('cloudevents');
const { Webhook } = client('standardwebhooks');
const { Webhook: Svix } = client('svix');

client('@shopify/shopify-api/adapters/node');
const { shopifyApi, ApiVersion } = client('@shopify/shopify-api');

const stripe = new Stripe('sk_test_none');
const unix = (instant) => Math.floor(Date.parse(instant) / 1000);

describe('platforms', () => {
  let daemon;
  const secrets = {};
  before(async () => {
    daemon = await Daemon.start();
    for (const source of ['stripe', 'segment', 'woocommerce', 'bigcommerce'])
      secrets[source] = await daemon.new_secret(source);
    await daemon.stop();
    await daemon.restart();  // reads the secrets
  });
  afterAll(() => daemon?.destroy());

  const post = async (source, body, headers) => {
    const answer = await fetch(daemon.webhook_url(source), { method: 'POST', body, headers });
    return { status: answer.status, text: await answer.text() };
  };
  const ok = async (answer) => assert.equal((await answer).status, 200, (await answer).text);
  const consent = async (email, now) => ok(daemon.events({ type: 'consent.updated', timestamp: now,
    data: { channel: 'email', address: email, state: 'granted' } }));

  let events_of_stripe = 0;
  const stripe_event = async (type, object, now, { secret = secrets.stripe, late = 0 } = {}) => {
    const payload = JSON.stringify({ id: `evt_${++events_of_stripe}`, object: 'event',
      api_version: '2026-07-29.dahlia', created: unix(now),
      livemode: true, type, data: { object } });
    const header = stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp: unix(now) - late });
    return post('stripe', payload, { 'content-type': 'application/json', 'stripe-signature': header });
  };
  const intent = (n, more = {}) => ({ id: `pi_${n}`, object: 'payment_intent', amount: 4200, currency: 'usd',
    customer: `cus_${n}`,
    receipt_email: `payer${n}@example.com`, latest_charge: `ch_${n}`, metadata: {}, ...more });
  const declined = { code: 'card_declined', decline_code: 'insufficient_funds', charge: 'ch_1' };

  test('a failed Stripe payment is followed up after its delay, and a later success ends it', async () => {
    const now = await daemon.now();
    await consent('payer1@example.com', now);
    await ok(stripe_event('payment_intent.payment_failed', intent(1, { last_payment_error: declined }), now));
    await daemon.advance(29 * 60);
    assert.deepEqual(await daemon.messages('payer1@example.com'), []);
    const paid = await daemon.advance(2 * 60);
    const messages = await daemon.messages('payer1@example.com', { include: 'content' });
    assert.deepEqual(messages.map((message) => [message.sequence, Date.parse(message.sent_at)]),
      [['payment_failure', Date.parse(after(now, 30 * 60))]]);
    assert.match(messages[0].text, /42\.00/);
    await ok(stripe_event('payment_intent.succeeded', intent(1, { amount_received: 4200 }), paid));
    await daemon.advance(hours(96));
    assert.equal((await daemon.messages('payer1@example.com')).length, 1);
    const [enrollment] = await daemon.list('enrollments', { email: 'payer1@example.com' });
    assert.deepEqual([enrollment.trigger, enrollment.status, enrollment.end_reason],
      ['payment_failure', 'ended', 'paid']);
  });

  test('a failed Stripe subscription invoice is one payment with its charge, until it is paid', async () => {
    const now = await daemon.now();
    const invoice = { id: 'in_2', object: 'invoice', customer: 'cus_2', customer_email: 'payer2@example.com',
      amount_due: 990,
      amount_remaining: 990, currency: 'usd', attempt_count: 1, billing_reason: 'subscription_cycle',
      hosted_invoice_url: 'https://invoice.stripe.example/i/2',
        payments: { data: [{ payment: { payment_intent: 'pi_2' } }] } };
    await consent('payer2@example.com', now);
    await ok(stripe_event('invoice.payment_failed', invoice, now));
    await ok(stripe_event('charge.failed', { id: 'ch_2', object: 'charge', amount: 990, currency: 'usd',
      payment_intent: 'pi_2',
      customer: 'cus_2', failure_code: 'card_declined', outcome: { type: 'issuer_declined', reason: 'expired_card' } },
        now));
    const later = await daemon.advance(hours(1));
    assert.equal((await daemon.messages('payer2@example.com')).length, 1);
    assert.deepEqual((await daemon.list('enrollments', { email: 'payer2@example.com' })).map(({ trigger }) => trigger),
      ['recurring_payment_failure']);
    await ok(stripe_event('invoice.paid', { ...invoice, amount_paid: 990, amount_remaining: 0 }, later));
    await daemon.advance(hours(96));
    assert.equal((await daemon.messages('payer2@example.com')).length, 1);
  });

  test('a Stripe event signed with another secret or long ago is refused', async () => {
    const now = await daemon.now();
    assert.equal((await stripe_event('payment_intent.succeeded', intent(3), now, { secret: 'whsec_wrong' })).status,
      401);
    assert.equal((await stripe_event('payment_intent.succeeded', intent(3), now, { late: 301 })).status, 401);
  });

  test('a checkout told by the Segment library is recovered until the order comes', async () => {
    const now = await daemon.now();
    const analytics = new Analytics({ writeKey: secrets.segment, host: daemon.public, flushAt: 20, maxRetries: 0,
      path: `/webhooks/${daemon.shop}/segment/v1/batch` });
    const failures = [];
    analytics.on('error', (failure) => failures.push(failure));
    const cart = { cart_id: 'seg-1', currency: 'USD', value: 50, products: [{ product_id: 'p1', name: 'Lamp',
      price: 25, quantity: 2 }] };
    analytics.identify({ userId: 'u-1', traits: { email: 'segment1@example.com', firstName: 'Sam',
      accepts_email_marketing: true } });
    analytics.page({ anonymousId: 'anon-1', name: 'Cart' });
    analytics.alias({ previousId: 'anon-1', userId: 'u-1' });
    analytics.track({ userId: 'u-1', event: 'Product Viewed', properties: { product_id: 'p1' } });
    analytics.track({ userId: 'u-1', event: 'Checkout Started', properties: cart });
    await analytics.flush();
    await daemon.advance(hours(2));
    const sent = await daemon.messages('segment1@example.com');
    assert.equal(sent.length, 1, JSON.stringify(failures));
    const early = Date.parse(after(now, hours(1))) - Date.parse(sent[0].sent_at);  // as long as the library held it back
    assert.ok(early >= 0 && early < 60_000, `${early} ms`);
    const [person] = await daemon.list('people', { email: 'segment1@example.com' });
    assert.equal(person.first_name, 'Sam');
    assert.deepEqual(person.keys.filter((key) => key.kind.endsWith('_id')).map((key) => key.value).sort(),
      ['anon-1', 'anon-1', 'u-1']);
    analytics.track({ userId: 'u-1', event: 'Order Completed', properties: { ...cart, order_id: 'seg-o-1',
      total: 55 } });
    await analytics.closeAndFlush();
    await daemon.advance(hours(96));
    assert.equal((await daemon.messages('segment1@example.com')).length, 1);
    const [order] = await daemon.list('orders', { email: 'segment1@example.com' });
    assert.deepEqual([order.id, order.total.minor], ['seg-o-1', 5500]);
  });

  test('each Segment call has its path, and other keys and paths are refused', async () => {
    const basic = (key) => ({ 'content-type': 'application/json',
      authorization: `Basic ${Buffer.from(`${key}:`).toString('base64')}` });
    for (const call of ['track', 'identify', 'page', 'screen', 'group', 'alias'])
      await ok(post(`segment/v1/${call}`, JSON.stringify({ userId: 'u-2', previousId: 'u-2-before', event: 'Signed Up' }),
        basic(secrets.segment)));
    await ok(post('segment/v1/import', gzipSync(JSON.stringify({ batch: [{ type: 'track', userId: 'u-2',
      event: 'Signed Up' }] })),
      { ...basic(secrets.segment), 'content-encoding': 'gzip' }));
    assert.equal((await post('segment/v1/track', '{}', basic('wrong'))).status, 401);
    assert.equal((await post('segment/v1/settings', '{}', basic(secrets.segment))).status, 404);
    assert.equal((await post('stripe/v1/track', '{}', {})).status, 404);
  });

  test('what the Segment library would never send is refused: 500 KB, a message of 32 KB, 2,501 messages', async () => {
    const basic = { 'content-type': 'application/json', authorization: `Basic ${Buffer.from(`${secrets.segment}:`).toString('base64')}` };
    const message = (bytes) => ({ type: 'track', userId: 'u-3', event: 'Signed Up', properties: { x: 'x'.repeat(bytes) } });
    const status = async (body) => (await post('segment/v1/batch', JSON.stringify(body), basic)).status;
    assert.equal(await status({ batch: Array.from({ length: 2500 }, () => ({ type: 'page', userId: 'u-3' })) }), 200);
    assert.equal(await status({ batch: Array.from({ length: 2501 }, () => ({ type: 'page', userId: 'u-3' })) }), 413);
    assert.equal(await status({ batch: [message(32 * 1024)] }), 413);
    assert.equal(await status({ batch: Array.from({ length: 17 }, () => message(31 * 1024)) }), 413);
    assert.equal(await status({ batch: Array.from({ length: 15 }, () => message(31 * 1024)) }), 200);
  });

  test('events signed by the libraries of Svix and Standard Webhooks are taken, also while secrets rotate', async () => {
    const now = await daemon.now(), at = new Date(now);
    const old = daemon.secrets.events, fresh = await daemon.new_secret('events');
    const body = JSON.stringify({ type: 'cart.deleted', timestamp: now, data: { cart_id: 'svix-1' } });
    const deliver = (id, signature) => post('events', body, { 'content-type': 'application/json', 'webhook-id': id,
      'webhook-timestamp': String(unix(now)), 'webhook-signature': signature });
    for (const [name, Library] of [['svix', Svix], ['standardwebhooks', Webhook]]) {
      const id = `msg_${name}`, mine = new Library(old).sign(id, at, body);
      await ok(deliver(id, mine));
      await eventually(async () => (await deliver(id, new Library(fresh).sign(id, at, body))).status === 200);
      await ok(deliver(id, `v1,AAAA v9,zzz ${new Library(fresh).sign(id, at, body)} ${mine}`));
      assert.equal((await deliver('msg_other', mine)).status, 401);
      assert.equal((await deliver(id, new Library('whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA').sign(id, at, body))).status, 401);
    }
    await daemon.now();
    const stored = await daemon.list('events');
    assert.deepEqual(stored.map((event) => event.id).filter((id) => /msg_(svix|standardwebhooks)$/.test(id)).sort(),
      ['events:msg_standardwebhooks', 'events:msg_svix']);
  });

  test('CVE-2024-21491: the beginning of a right signature is no signature, whatever its length', async () => {
    const now = await daemon.now(), at = new Date(now), id = 'msg_cve', body = '{"type":"cart.deleted","data":{"cart_id":"cve"}}';
    const bytes = Buffer.from(new Svix(daemon.secrets.events).sign(id, at, body).slice(3), 'base64');
    for (let length = 0; length < bytes.length; ++length) {
      const answer = await post('events', body, { 'content-type': 'application/json', 'webhook-id': id,
        'webhook-timestamp': String(unix(now)), 'webhook-signature': `v1,${bytes.subarray(0, length).toString('base64')}` });
      assert.equal(answer.status, 401, `${length} bytes`);
    }
  });

  test('what the library of Shopify calls authentic is taken, and what it does not is refused', async () => {
    const shopify = shopifyApi({ apiKey: 'key', apiSecretKey: daemon.secrets.shopify, hostName: 'recoup.example', isEmbeddedApp: false,
      apiVersion: ApiVersion.January26 ?? Object.values(ApiVersion).at(-1), logger: { log: () => {} } });
    const body = Buffer.from(JSON.stringify(checkout(shopper(77), await daemon.now())));
    const signed = daemon.shopify_headers('checkouts/create', body);
    const without = (name) => Object.fromEntries(Object.entries(signed).filter(([key]) => key !== name));
    const hmac = (change) => ({ ...signed, 'x-shopify-hmac-sha256': change(signed['x-shopify-hmac-sha256']) });
    const deliveries = {
      'as it was signed': [signed, body],
      'with another body': [signed, Buffer.concat([body, Buffer.from(' ')])],
      'with another secret': [daemon.shopify_headers('checkouts/create', body, { secret: 'shpss_other' }), body],
      'with the beginning of its signature': [hmac((text) => text.slice(0, 20)), body],
      'with an empty signature': [hmac(() => ''), body],
      'with a longer signature': [hmac((text) => `${text}AAAA`), body],
      'without signature': [without('x-shopify-hmac-sha256'), body],
      'without topic': [without('x-shopify-topic'), body],
      'without id': [without('x-shopify-webhook-id'), body],
    };
    for (const [what, [headers, bytes]] of Object.entries(deliveries)) {
      const theirs = await shopify.webhooks.validate({ rawBody: bytes.toString(), rawRequest: { method: 'POST', url: '/', headers } });
      const ours = await post('shopify', bytes, headers);
      assert.equal(ours.status === 200, theirs.valid, `${what}: we say ${ours.status}, they ${JSON.stringify(theirs)}`);
      assert.ok(ours.status === 200 || ours.status === 401 || ours.status === 400, `${what}: ${ours.status}`);
    }
  });

  test('a pending WooCommerce order is recovered by its payment link until it is paid', async () => {
    const now = await daemon.now();
    const order = (status, at, more = {}) => JSON.stringify({ id: 501, number: '501', status, currency: 'USD',
      total: '80.00', customer_id: 0,
      date_created_gmt: now.slice(0, 19), date_modified_gmt: at.slice(0, 19), date_paid_gmt: null,
        payment_url: 'https://woo.example/pay/501',
      billing: { first_name: 'Wu', email: 'woo1@example.com', country: 'US', state: 'NY', postcode: '10001' },
        refunds: [],
      line_items: [{ id: 1, product_id: 9, variation_id: 0, quantity: 1, name: 'Chair', total: '80.00', price: 80 }],
        ...more });
    const sign = (body, secret) => createHmac('sha256', secret).update(body).digest('base64');
    const deliver = (body, secret = secrets.woocommerce) => post('woocommerce', body, { 'content-type': 'application/json',
      'x-wc-webhook-topic': 'order.updated', 'x-wc-webhook-signature': sign(body, secret) });
    assert.equal((await post('woocommerce', 'webhook_id=7',
      { 'content-type': 'application/x-www-form-urlencoded' })).status, 200);
    assert.equal((await deliver(order('pending', now), 'wrong')).status, 401);
    await consent('woo1@example.com', now);
    await ok(deliver(order('pending', now)));
    const paid = await daemon.advance(hours(2));
    const messages = await daemon.messages('woo1@example.com', { include: 'content' });
    assert.deepEqual(messages.map((message) => message.target_url.startsWith('https://woo.example/pay/501')), [true]);
    await ok(deliver(order('processing', paid, { date_paid_gmt: paid.slice(0, 19) })));
    await daemon.advance(hours(96));
    assert.equal((await daemon.messages('woo1@example.com')).length, 1);
  });

  test('BigCommerce callbacks signed by the Standard Webhooks library end the cart they convert', async () => {
    const now = await daemon.now();
    const opened = await daemon.events({ type: 'checkout.started', timestamp: now, data: { cart_id: 'bc-1',
      total: '10.00',
      lines: [{ product_id: 'p', title: 'Mug', quantity: 1, price: '10.00' }],
      customer: { email: 'big1@example.com', accepts_email_marketing: true } } });
    assert.equal(opened.status, 200, opened.text);
    const deliver = (scope, data, secret = secrets.bigcommerce) => {
      const body = JSON.stringify({ scope, store_id: '1', producer: 'stores/abc', created_at: unix(now),
        hash: '0'.repeat(40), data });
      const signer = new Webhook(Buffer.from(secret).toString('base64'));
      return post('bigcommerce', body, { 'content-type': 'application/json', 'webhook-id': `bc_${scope}`,
        'webhook-timestamp': String(unix(now)), 'webhook-signature': signer.sign(`bc_${scope}`, new Date(now),
          body) });
    };
    assert.equal((await deliver('store/cart/converted', { type: 'cart', id: 'bc-1' }, 'wrong')).status, 401);
    await ok(deliver('store/cart/converted', { type: 'cart', id: 'bc-1', orderId: 7 }));
    await ok(deliver('store/order/created', { type: 'order', id: 7 }));
    await daemon.advance(hours(30));
    assert.deepEqual(await daemon.messages('big1@example.com'), []);
  });

  test('CloudEvents of their own library arrive in both modes, NDJSON and gzip beside them', async () => {
    const now = await daemon.now();
    const signed = (body, headers) => {
      const id = `ce_${headers['content-type']}_${body.length}`.replace(/[^a-z0-9_]/g, '');
      const signature = new Webhook(daemon.secrets.events).sign(id, new Date(now), body);
      return { ...headers, 'webhook-id': id, 'webhook-timestamp': String(unix(now)), 'webhook-signature': signature };
    };
    const event = (n) => new CloudEvent({ id: `${n} é`, source: 'https://shop.example/backend',
      type: 'checkout.started', time: now,
      data: { cart_id: `ce-${n}`, total: '5.00', customer: { email: `cloud${n}@example.com` }, lines: [{ title: 'Tea',
        price: '5.00' }] } });
    for (const [n, message] of [[1, HTTP.binary(event(1))], [2, HTTP.structured(event(2))]])
      await ok(post('events', message.body, signed(message.body, Object.fromEntries(
        Object.entries(message.headers).map(([name, value]) => [name,
          name === 'ce-id' ? encodeURIComponent(value) : value])))));
    const lines = [3, 4].map((n) => JSON.stringify({ type: 'checkout.started', id: `nd-${n}`, timestamp: now,
      data: event(n).data })).join('\n');
    const answer = await post('events', gzipSync(lines), { ...signed(lines,
      { 'content-type': 'application/x-ndjson' }), 'content-encoding': 'gzip' });
    assert.deepEqual(JSON.parse(answer.text).results.map((result) => result.status), [200, 200], answer.text);
    await daemon.advance(1);
    for (const n of [1, 2, 3, 4]) assert.equal((await daemon.list('carts', { email: `cloud${n}@example.com` })).length,
      1, `cloud${n}`);
  });
});
