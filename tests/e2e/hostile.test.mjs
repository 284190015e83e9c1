// Whatever a sender can post: the documented answer, problem+json, nothing stored, no crash, no secret in a log.

import assert from 'node:assert/strict';
import { request } from 'node:http';
import { connect } from 'node:net';
import { after as afterAll, before, describe, test } from 'node:test';

import { Daemon } from './harness.mjs';
import { checkout, shopper } from './store.mjs';

const who = { ...shopper(900), email: 'hostile-reader@example.com' };

describe('a hostile body', () => {
  let daemon;
  before(async () => { daemon = await Daemon.start(); });
  afterAll(() => daemon?.destroy());

  /** Posts these bytes with a right signature unless told otherwise. */
  function post(bytes, { headers = {}, path, method = 'POST', secret, topic = 'checkouts/update' } = {}) {
    const url = new URL(path ?? daemon.webhook_url('shopify'), daemon.public);
    const signed = daemon.shopify_headers(topic, bytes, { secret });
    return new Promise((resolve, reject) => {
      let answered = false;
      const call = request(url, { method, headers: { ...signed, 'content-length': bytes.length, ...headers }, agent: false });
      call.on('response', (answer) => {
        answered = true;
        let text = '';
        answer.on('data', (part) => { text += part; });
        answer.on('close', () => resolve({ status: answer.statusCode, type: answer.headers['content-type'] ?? '', headers: answer.headers, text }));
      });
      call.on('error', (failure) => { if (!answered) reject(failure); });
      call.end(bytes);
    });
  }

  const body = (more = {}) => Buffer.from(JSON.stringify({ ...checkout(who, '2026-03-02T15:00:00Z'), ...more }));

  async function refused(status, bytes, options) {
    const answer = await post(bytes, options);
    assert.equal(answer.status, status, answer.text);
    assert.match(answer.type, /^application\/problem\+json/);
    const document = JSON.parse(answer.text);
    assert.equal(document.status, status);
    assert.match(document.type, /^\/problems\//);
    assert.ok(!answer.text.includes(who.email));
    return answer;
  }

  test('with a wrong signature is refused without detail', () => refused(401, body(), { secret: 'shpss_wrong' }));
  test('with a signature that is no base64 is refused', () => refused(401, body(), { headers: { 'x-shopify-hmac-sha256': '%%%' } }));
  test('that was changed on the way is refused', () =>
    refused(401, body(), { headers: daemon.shopify_headers('checkouts/update', Buffer.from('{}')) }));
  test('that is truncated JSON is malformed', () => refused(400, body().subarray(0, 200)));
  test('that is empty is malformed', () => refused(400, Buffer.alloc(0)));
  test('that is not an object is malformed', () => refused(400, Buffer.from('[1,2,3]')));
  test('that holds a NUL is malformed', () => refused(400, Buffer.concat([body().subarray(0, 40), Buffer.from([0]), body().subarray(40)])));
  test('that is not UTF-8 is malformed', () => refused(400, Buffer.from(body().toString('latin1').replace('Jane', 'J\xff\xfe'), 'latin1')));
  test('of 5 MB is too large', () => refused(413, Buffer.alloc(5 * 1024 * 1024, 0x20)));
  test('of the wrong type is unsupported', () => refused(415, body(), { headers: { 'content-type': 'application/xml' } }));
  test('for an unknown shop finds nothing', () => refused(404, body(), { path: '/webhooks/nobody/shopify' }));
  test('for an unknown source finds nothing', () => refused(404, body(), { path: `/webhooks/${daemon.shop}/carrier-pigeon` }));
  test('by another method is not allowed', async () => {
    const answer = await refused(405, body(), { method: 'PUT' });
    assert.match(answer.headers.allow ?? '', /POST/);
  });
  test('nested a hundred thousand deep is malformed', () => {
    const deep = Buffer.from(`{"token":${'['.repeat(100_000)}${']'.repeat(100_000)}}`);
    return refused(400, deep);
  });

  test('of an unknown topic is accepted and counted', async () => {
    const answer = await post(Buffer.from('{"some":"thing"}'), { topic: 'comets/sighted' });
    assert.equal(answer.status, 200, answer.text);
    await daemon.now();
    const events = await daemon.list('events');
    assert.deepEqual(events.map((event) => event.topic), ['comets/sighted']);
  });

  test('that is authentic but lacks what its topic needs is kept apart, never an error', async () => {
    const answer = await post(Buffer.from('{"email":"hostile-reader@example.com"}'));
    assert.equal(answer.status, 200, answer.text);
    await daemon.now();
    assert.deepEqual(await daemon.list('carts'), []);
  });

  test('cut off in the middle, or no HTTP at all, harms nobody', async () => {
    const { hostname, port } = new URL(daemon.public);
    for (const bytes of ['POST /webhooks/demo/shopify HTTP/1.1\r\nHost: x\r\nContent-Length: 900\r\n\r\n{"half', '\x16\x03\x01\x00\xff\x00\x00',
      `GET /${'a'.repeat(100_000)} HTTP/1.1\r\n\r\n`, 'POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\nhello'])
      await new Promise((resolve) => {
        const socket = connect(Number(port), hostname, () => socket.end(bytes));
        socket.on('error', resolve);
        socket.on('close', resolve);
        socket.resume();
      });
    assert.equal((await fetch(`${daemon.admin}/livez`)).status, 200);
  });

  test('leaves nothing in the state and nothing personal or secret in the log', async () => {
    await daemon.now();
    assert.deepEqual(await daemon.list('carts'), []);
    assert.deepEqual(await daemon.list('people'), []);
    assert.equal(daemon.process.exitCode, null);
    for (const hidden of [who.email, who.phone, daemon.secrets.shopify, daemon.secrets.events, daemon.token])
      assert.ok(!daemon.stderr.includes(hidden), `the log holds ${hidden}`);
  });

  test('never opens the admin API to a caller without the token', async () => {
    for (const headers of [{}, { authorization: 'Bearer wrong' }]) {
      const answer = await fetch(`${daemon.admin}/v1/shops/${daemon.shop}/people`, { headers });
      assert.equal(answer.status, 401);
    }
  });
});
