// Who may come in, and how much: keys, repeated requests, browsers, quotas and overload, through the real binary.

import assert from 'node:assert/strict';
import { request } from 'node:http';
import { after as afterAll, before, describe, test } from 'node:test';

import { Daemon, eventually, hours } from './harness.mjs';

const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';

/** With exactly these headers, as no fetch would let us. `hold`: the head only; finish() sends the body. */
function send(url, { method = 'POST', headers = {}, body = '', hold = false } = {}) {
  const bytes = Buffer.from(body);
  const call = request(url, { method, agent: false, headers: { ...(method === 'POST' ? { 'content-length': bytes.length } : {}), ...headers } });
  const answer = new Promise((resolve, reject) => {
    let answered = false;
    call.on('response', (response) => {
      answered = true;
      let text = '';
      response.on('data', (part) => { text += part; });
      response.on('close', () => resolve({ status: response.statusCode, headers: response.headers, text }));
    });
    call.on('error', (failure) => { if (!answered) reject(failure); });
  });
  if (hold) {
    call.flushHeaders();
    return { answer, finish: () => call.end(bytes), abandon: () => { answer.catch(() => {}); call.destroy(); } };
  }
  call.end(bytes);
  return answer;
}

function refused(answer, status) {
  assert.equal(answer.status, status, answer.text);
  assert.match(answer.headers['content-type'] ?? '', /^application\/problem\+json/);
  if (status === 429 || status === 503) assert.match(answer.headers['retry-after'] ?? '', /^[1-9]\d*$/);
}

async function metric(daemon, line) {
  const text = await (await fetch(`${daemon.admin}/metrics`)).text();
  const found = text.split('\n').find((one) => one.startsWith(`${line} `));
  return Number(found?.split(' ').at(-1));
}

const cart = (id) => ({ type: 'cart.deleted', data: { cart_id: id } });

describe('keys', () => {
  let daemon;
  before(async () => { daemon = await Daemon.start(); });
  afterAll(() => daemon?.destroy());

  const post = (key, body, more = {}) => send(daemon.webhook_url('events'), { body: JSON.stringify(body),
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}`, ...more } });
  const in_force = (key, body = cart('c')) => eventually(async () => (await post(key, body)).status !== 401);
  const ended = (key) => eventually(async () => (await post(key, cart('c'))).status === 401);

  test('made on the command line send what their scopes name, are shown once, and end when revoked', async () => {
    const [made] = await daemon.command('shop', 'key', 'create', daemon.shop, '--scope', 'cart.*', '--scope', 'order.completed', '--name', 'till');
    assert.match(made.key, /^rk_[\w-]{43}$/);
    await in_force(made.key);
    refused(await post(made.key, { type: 'consent.updated', data: { channel: 'email', address: 'a@example.com', state: 'granted' } }), 403);
    refused(await post(`${made.key}x`, cart('c')), 401);
    const batch = JSON.parse((await post(made.key, [cart('c'), { type: 'customer.erase', data: {} }])).text);
    assert.deepEqual(batch.results.map((result) => result.status), [200, 403]);
    await eventually(async () => (await daemon.command('shop', 'key', 'list', daemon.shop))
      .some((key) => key.id === made.id && key.last_used_at !== null));
    const listed = await daemon.command('shop', 'key', 'list', daemon.shop);
    assert.ok(!JSON.stringify(listed).includes(made.key));
    assert.ok(made.key.startsWith(listed.find((key) => key.id === made.id).hint));
    await daemon.command('shop', 'key', 'revoke', daemon.shop, made.id);
    await ended(made.key);
    assert.ok(!daemon.stderr.includes(made.key));
  });

  test('made over the API are the same, and expire', async () => {
    const keys = `/v1/shops/${daemon.shop}/keys`;
    const now = await daemon.now(), expires_at = new Date(Date.parse(now) + 3_600_000).toISOString();
    const made = await daemon.ask('POST', keys, { source: 'events', scopes: ['cart.*'], name: 'api', expires_at });
    const other = await daemon.ask('POST', keys, { source: 'segment' });
    await in_force(made.key);
    refused(await post(made.key, { type: 'order.completed', data: { order_id: '1' } }), 403);
    const basic = { 'content-type': 'application/json', authorization: `Basic ${Buffer.from(`${other.key}:`).toString('base64')}` };
    await eventually(async () => (await send(daemon.webhook_url('segment/v1/track'),
      { headers: basic, body: '{"userId":"u","event":"Signed Up"}' })).status === 200);
    const { data } = await daemon.get(keys);
    const listed = (id) => data.filter((key) => key.id === id).map((key) => [key.name, key.scopes, key.key]);
    assert.deepEqual([...listed(made.id), ...listed(other.id)], [['api', ['cart.*'], undefined], [null, ['*'], undefined]]);
    await daemon.advance(3600);
    await ended(made.key);
    assert.equal((await daemon.ask('DELETE', `${keys}/${other.id}`)).active, false);
    await eventually(async () => (await send(daemon.webhook_url('segment/v1/track'),
      { headers: basic, body: '{"userId":"u","event":"Signed Up"}' })).status === 401);
    for (const wish of [{ source: 'pixel' }, { source: 'events', scopes: ['cart*'] }, {}])
      await assert.rejects(daemon.ask('POST', keys, wish), /answered 400/);
  });
});

describe('a request that names itself', () => {
  let daemon, key;
  before(async () => {
    daemon = await Daemon.start();
    key = (await daemon.ask('POST', `/v1/shops/${daemon.shop}/keys`, { source: 'events' })).key;
    await eventually(async () => (await post('', cart('probe'))).status === 200);
  });
  afterAll(() => daemon?.destroy());

  const post = (name, body) => send(daemon.webhook_url('events'), { body: JSON.stringify(body),
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}`, ...(name ? { 'idempotency-key': name } : {}) } });
  const stored = async () => {
    await daemon.now();
    return (await daemon.list('events')).filter((event) => event.id.includes('idempotent_'));
  };

  test('hears the same again, 422 for another body, and counts once', async () => {
    const batch = [cart('a'), { type: 5 }];
    const first = await post('"order 17"', batch);
    assert.equal(first.status, 200, first.text);
    const again = await post('"order 17"', batch);
    assert.deepEqual([again.status, again.text, again.headers['content-type']], [200, first.text, first.headers['content-type']]);
    refused(await post('"order 17"', [cart('b')]), 422);
    refused(await post('"open', batch), 400);
    assert.equal((await stored()).length, 1);
    await daemon.advance(hours(25));
    assert.equal((await post('"order 17"', [cart('b')])).status, 200);
    assert.equal((await stored()).length, 2);
    assert.ok(await metric(daemon, 'recoup_idempotency_total{outcome="repeated"}') >= 1);
  });

  test('of many at once is done once', async () => {
    const before_ = (await stored()).length;
    const answers = await Promise.all(Array.from({ length: 12 }, () => post('at-once', cart('at-once'))));
    assert.deepEqual([...new Set(answers.map((answer) => answer.status))].filter((status) => status !== 200 && status !== 409), []);
    assert.equal((await post('at-once', cart('at-once'))).status, 200);
    assert.equal((await stored()).length, before_ + 1);
  });

  test('is answered as before after kill -9, and what was never answered counts once', async () => {
    const before_ = (await stored()).length;
    const names = Array.from({ length: 60 }, (_, n) => `crash-${n}`);
    const heard = new Map();
    let done = 0, killed;
    await Promise.all(names.map(async (name) => {
      try {
        heard.set(name, await post(name, cart(name)));
      } catch {
        heard.delete(name);  // cut off
      }
      if (++done === 10) killed = daemon.kill();
    }));
    await killed;
    await daemon.restart();
    await daemon.advance(11);  // whoever was at it is not any more
    for (const name of names) {
      const again = await post(name, cart(name));
      assert.equal(again.status, 200, `${name}: ${again.text}`);
      if (heard.get(name)?.status === 200) assert.equal(again.text, heard.get(name).text);
    }
    assert.equal((await stored()).length, before_ + names.length);
  });
});

describe('browsers', () => {
  let daemon;
  before(async () => {
    daemon = await Daemon.start({ env: {
      RECOUP_PIXEL__VISITOR_RATE: '0.01', RECOUP_PIXEL__VISITOR_BURST: '2',
      RECOUP_PIXEL__ADDRESS_RATE: '0.01', RECOUP_PIXEL__ADDRESS_BURST: '3',
    } });
  });
  afterAll(() => daemon?.destroy());

  const beacon = (visitor, headers = {}, more = {}) => send(daemon.webhook_url('pixel'), {
    headers: { 'content-type': 'text/plain;charset=UTF-8', 'user-agent': firefox, origin: `https://${daemon.domain}`, ...headers },
    body: JSON.stringify({ key: daemon.secrets.pixel, anonymous_id: visitor, session_id: visitor, email: 'victim@example.com',
      events: [{ id: '1', type: 'page_viewed', email: 'victim@example.com' }], ...more }) });
  const preflight = (origin) => send(daemon.webhook_url('pixel'), { method: 'OPTIONS',
    headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type' } });
  const seen = async () => {
    await daemon.now();
    return (await daemon.list('events')).length;
  };

  test('of the storefront may post and read the answer, without credentials and only they', async () => {
    const own = `https://${daemon.domain}`, other = 'https://checkout.shop.example';
    const answer = await beacon('cors-1');
    assert.equal(answer.status, 204, answer.text);
    assert.equal(answer.headers['access-control-allow-origin'], own);
    assert.equal(answer.headers.vary, 'Origin');
    assert.equal(answer.headers['access-control-allow-credentials'], undefined);
    const asked = await preflight(own);
    assert.deepEqual([asked.status, asked.headers['access-control-allow-origin'], asked.headers['access-control-max-age']], [204, own, '86400']);
    for (const origin of [other, 'null', `${own}.evil.example`, 'https://evil.example']) {
      refused(await beacon('cors-2', { origin }), 403);
      const denied = await preflight(origin);
      refused(denied, 403);
      assert.equal(denied.headers['access-control-allow-origin'], undefined);
    }
    assert.deepEqual(await daemon.command('shop', 'origins', daemon.shop, '--add', other), [{ shop: daemon.shop, origin: other }]);
    await eventually(async () => (await preflight(other)).status === 204);
    await daemon.ask('PUT', `/v1/shops/${daemon.shop}/origins`, { origins: ['null'] });
    await eventually(async () => (await preflight('null')).headers['access-control-allow-origin'] === 'null');
    refused(await preflight(other), 403);
  });

  test('that object, prefetch or are driven by robots leave nothing', async () => {
    const before_ = await seen();
    for (const headers of [{ 'sec-gpc': '1' }, { dnt: '1' }, { 'sec-purpose': 'prefetch;prerender' }, { 'user-agent': '' },
      { 'user-agent': 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)' },
      { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/142.0.0.0 Safari/537.36' }])
      assert.equal((await beacon('quiet', headers)).status, 204);
    assert.equal(await seen(), before_);
    assert.equal(await metric(daemon, 'recoup_pixel_dropped_total{reason="robot"}'), 3);
    assert.equal(await metric(daemon, 'recoup_pixel_dropped_total{reason="objector"}'), 2);
  });

  test('never name an address or a consent', async () => {
    assert.equal((await beacon('namer', {}, { consents: [{ channel: 'email', state: 'granted' }] })).status, 204);
    await daemon.now();
    assert.deepEqual(await daemon.list('people', { email: 'victim@example.com' }), []);
    for (const person of await daemon.list('people')) assert.deepEqual([person.email, person.consents], [null, []]);
  });

  test('are held to a rate, each visitor and each network', async () => {
    assert.equal((await beacon('eager')).status, 204);
    assert.equal((await beacon('eager')).status, 204);
    refused(await beacon('eager'), 429);
    const from = (address, visitor) => beacon(visitor, { 'x-forwarded-for': `9.9.9.9, ${address}` });
    for (const n of [1, 2, 3]) assert.equal((await from(`203.0.113.${n}`, `net-${n}`)).status, 204);
    refused(await from('203.0.113.77', 'net-4'), 429);
    assert.equal((await from('203.0.114.77', 'net-5')).status, 204);
    assert.ok(!daemon.stderr.includes('203.0.113'));
  });

  test('may not send more than 64 KiB', async () => {
    refused(await beacon('large', {}, { filler: 'x'.repeat(64 * 1024) }), 413);
    refused(await beacon('nobody', {}, { key: 'px_wrong' }), 401);
  });
});

describe('too much', () => {
  let daemon;
  before(async () => {
    daemon = await Daemon.start({ env: { RECOUP_INGEST__SHOP_RATE: '0.1', RECOUP_INGEST__SHOP_BURST: '5',
      RECOUP_INGEST__BYTES: '64KiB', RECOUP_INGEST__SHOP_BYTES: '40KiB' } });
    for (const shop of ['other', 'calm']) await daemon.command('shop', 'add', shop, '--domain', `${shop}.example`);
    for (const shop of [daemon.shop, 'other', 'calm']) {
      secrets[shop] = (await daemon.command('shop', 'key', 'create', shop))[0].key;
      await eventually(async () => (await post(shop, 'not json')).status === 400);
    }
  });
  afterAll(() => daemon?.destroy());

  const secrets = {};
  const post = (shop, body, { length, hold } = {}) => send(daemon.webhook_url('events', shop), { body, hold,
    headers: { 'content-type': 'application/json', authorization: `Bearer ${secrets[shop]}`, ...(length ? { 'content-length': length } : {}) } });

  test('of one shop in flight is refused from the head, and others find room', async () => {
    const bytes = 24 * 1024;
    const held = post('demo', ' '.repeat(bytes), { hold: true });
    await eventually(async () => (await metric(daemon, 'recoup_ingest_bytes_in_flight')) >= bytes);
    await eventually(async () => (await post('demo', ' '.repeat(bytes))).status === 429);
    const early = post('demo', ' '.repeat(bytes), { hold: true });   // answered although its body never comes
    refused(await early.answer, 429);
    early.abandon();
    const beside = post('other', ' '.repeat(bytes), { hold: true });   // in before anything else of that shop asks for room
    await eventually(async () => (await metric(daemon, 'recoup_ingest_bytes_in_flight')) >= 2 * bytes);
    refused(await post('other', ' '.repeat(8 * 1024)), 503);
    assert.ok(await metric(daemon, 'recoup_ingest_refused_total{reason="shop_bytes"}') >= 2);
    beside.abandon();   // a sender that goes away gives back what it held
    held.finish();
    refused(await held.answer, 400);
    await eventually(async () => (await post('other', ' '.repeat(bytes))).status === 400);
    await eventually(async () => (await metric(daemon, 'recoup_ingest_bytes_in_flight')) === 0);
  });

  test('by one shop in a second hears 429 with Retry-After, and another shop does not notice', async () => {
    assert.equal((await post('demo', JSON.stringify(Array.from({ length: 6 }, (_, n) => cart(`q${n}`))))).status, 200);
    const refusal = await post('demo', JSON.stringify(cart('q7')));
    refused(refusal, 429);
    assert.ok(Number(refusal.headers['retry-after']) >= 10);
    assert.match(refusal.text, /quota/);
    for (let n = 0; n < 5; ++n) assert.equal((await post('other', JSON.stringify(cart(`o${n}`)))).status, 200);
    assert.equal(await metric(daemon, 'recoup_ingest_refused_total{reason="shop_rate"}'), 1);
  });

  test('in a flood is refused one by one, and another shop is answered meanwhile', async () => {
    const flood = Array.from({ length: 300 }, (_, n) => post('demo', JSON.stringify(cart(`f${n}`))));
    for (let n = 0; n < 5; ++n) assert.equal((await post('calm', JSON.stringify(cart(`c${n}`)))).status, 200);
    for (const answer of await Promise.all(flood)) refused(answer, 429);
    assert.equal(await metric(daemon, 'recoup_ingest_bytes_in_flight'), 0);
  });
});
